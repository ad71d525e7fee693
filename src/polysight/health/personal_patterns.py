"""Personal data in cells: what e-mail addresses, telephone numbers, identity numbers and addresses look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

#: The control sum of Chinese resident identity numbers (GB 11643-1999): weights of the 17 digits, and the sign.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CONTROL = "10X98765432"

_RESIDENT = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}[01]\d[0-3]\d{4}[0-9Xx](?![0-9A-Za-z])")
_SOCIAL = re.compile(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")
_EMAIL = re.compile(r"(?<![\w./+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
_MOBILE = re.compile(r"(?<![\d.-])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d.-])")
_PHONE = re.compile(
    r"(?<![\w.+-])(?:\+[1-9]\d{0,2}[ .-]?\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){2,4}"
    r"|\(\d{3}\) ?\d{3}-\d{4}|\d{3}[.-]\d{3}[.-]\d{4}|0\d{2,3}-\d{7,8})(?![\w.-])"
)
_STREET = re.compile(
    r"\b\d{1,5} (?:[A-Z][\w.]* ){1,3}(?:Street|Road|Rd|Avenue|Ave|Lane|Boulevard|Blvd)\b"
    r"|[\u4e00-\u9fff]{2,}(?:省|市|区|县)[\u4e00-\u9fff]{1,12}(?:路|街|道|巷|弄)\s*\d+\s*号"
)


def is_resident_number(text: str) -> bool:
    """Whether 18 signs are a Chinese resident identity number: a date of birth that exists, a control sign that fits.

    Example:
        >>> is_resident_number("11010519491231002X"), is_resident_number("110105194912310021")
        (True, False)
    """
    if not re.fullmatch(r"\d{17}[\dXx]", text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False))
    return _CONTROL[total % 11] == text[17].upper()


def _holds_resident_number(text: str) -> bool:
    return any(is_resident_number(found) for found in _RESIDENT.findall(text))


#: What is looked for in cells, and whether a cell holds it.
CONTENT: Mapping[str, Callable[[str], bool]] = {
    "id_card": lambda text: _holds_resident_number(text) or bool(_SOCIAL.search(text)),
    "email": lambda text: bool(_EMAIL.search(text)),
    "phone": lambda text: bool(_MOBILE.search(text) or _PHONE.search(text)),
    "address": lambda text: bool(_STREET.search(text)),
}

#: What a name of a column says is in it: its words joined by blanks, or a part of a Chinese name.
NAMES: Mapping[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "name": (
        frozenset(
            f"{whose}{what}".strip()
            for whose in (
                "",
                "patient ",
                "customer ",
                "client ",
                "doctor ",
                "physician ",
                "contact ",
                "person ",
                "user ",
            )
            for what in ("full name", "first name", "last name", "family name", "given name", "surname", "fullname")
        )
        | frozenset({"patient name", "customer name", "client name", "doctor name", "physician name", "person name"})
        | frozenset({"contact name", "firstname", "lastname", "patientname"}),
        ("姓名",),
    ),
    "phone": (
        frozenset(
            {"phone", "phone number", "telephone", "tel", "mobile", "mobile number", "mobile phone", "cell phone"}
        )
        | frozenset({"cellphone", "phone no", "contact number", "fax"}),
        ("电话", "手机"),
    ),
    "email": (frozenset({"email", "e mail", "mail", "email address", "mail address"}), ("邮箱", "电子邮件")),
    "id_card": (
        frozenset({"ssn", "social security number", "id card", "idcard", "id number", "identity number", "passport"})
        | frozenset({"passport number", "national id", "mrn", "medical record number", "insurance number"}),
        ("身份证", "护照", "病历号", "住院号", "社保号", "医保号"),
    ),
    "birth": (
        frozenset({"dob", "birth date", "date of birth", "birthdate", "birthday", "birth day", "born"}),
        ("出生日期", "生日", "出生年月"),
    ),
    "address": (
        frozenset({"address", "street", "street address", "home address", "postal address", "patient address"}),
        ("住址", "地址"),
    ),
}
