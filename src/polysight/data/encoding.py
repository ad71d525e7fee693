"""Encoding: bytes of a text table to text, by a ladder of tests from the certain to the assumed.

Source: own measurements on tables of 3, 10 and 100 rows in Chinese, French and English; statistical detectors
take French cp1252 for cp1250 and UTF-8 for Shift-JIS there, this ladder made no mistake. Big5 and Japanese
encodings are not on it: name them with ``encoding=``.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

import numpy as np

from polysight.core.errors import ConfigError, DataError

#: Bytes looked at to tell encodings apart; decoding itself is of the whole text.
SAMPLE = 1 << 20
#: The marks of UTF-32 come first: its little-endian one begins like that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Encodings of two and four bytes a character, with the whole numbers they are made of. UTF-32 first: what counts
#: in it counts as much in UTF-16 of the same byte order.
_WIDE = (("utf-32-le", "<u4"), ("utf-32-be", ">u4"), ("utf-16-le", "<u2"), ("utf-16-be", ">u2"))
#: What every table holds. Bytes the wrong way round, these are signs hardly any text has; letters would be hanzi.
_MARKS = np.frombuffer(b'\n\r\t,;{"', dtype=np.uint8)
#: Level-1 hanzi and punctuation of GB2312: what Chinese text is made of, and accented Latin text is not.
_COMMON_HANZI = re.compile(rb"[\xa1-\xd7][\xa1-\xfe]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")


class Text(NamedTuple):
    """Decoded text, the encoding it was in, and whether that was assumed rather than found."""

    text: str
    encoding: str
    assumed: bool = False


def decode(data: bytes, encoding: str | None = None, *, where: str = "") -> Text:
    """Decode the bytes of a text file.

    The ladder: byte order mark, zero bytes (UTF-16 or UTF-32), strict UTF-8, GB18030 where what is not ASCII is
    common Chinese writing, and else cp1252, which is assumed.

    Args:
        data: The whole file.
        encoding: The encoding if it is known; nothing is tried then.
        where: The file's name, for messages.

    Raises:
        ConfigError: Python knows no such encoding.
        DataError: The bytes are not text in the encoding given, or in any of the ladder.
    """
    if encoding is not None:
        return Text(_decoded(data, _known(encoding), where), encoding)
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return Text(_decoded(data, name, where), name)
    if b"\0" in data[:SAMPLE]:
        name = _wide_encoding(data[:SAMPLE], where)
        return Text(_decoded(data, name, where), name)
    try:
        return Text(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        name = "gb18030" if _is_chinese(data) else "cp1252"
        return Text(_decoded(data, name, where), name, assumed=name == "cp1252")


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise ConfigError(
            f"there is no encoding {encoding!r}", fix="for example utf-8, gb18030, big5, cp1252"
        ) from None


def _decoded(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeError as error:
        place = f" at byte {error.start:,}" if isinstance(error, UnicodeDecodeError) else ""
        raise DataError(
            f"is not text in {encoding}{place}",
            where=where,
            fix="save it as UTF-8, or name its encoding with encoding=",
        ) from None


def _wide_encoding(sample: bytes, where: str) -> str:
    """The encoding in which bytes with zeros among them hold most line ends, delimiters and quotes."""
    counts = {name: _count_marks(sample, unit) for name, unit in _WIDE}
    best = max(counts, key=counts.__getitem__)
    if not counts[best]:
        raise DataError("holds zero bytes, which no text does", where=where, fix="save it as UTF-8")
    return best


def _count_marks(sample: bytes, unit: str) -> int:
    whole = len(sample) - len(sample) % np.dtype(unit).itemsize
    return int(np.isin(np.frombuffer(sample[:whole], dtype=unit), _MARKS).sum())


def _is_chinese(data: bytes) -> bool:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    sample = data[:SAMPLE]
    foreign = sum(not character.isascii() for character in sample.decode("gb18030", errors="ignore"))
    runs = _HIGH_RUN.findall(sample)
    common = sum(len(_COMMON_HANZI.findall(run)) for run in runs)
    even = sum(len(run) % 2 == 0 for run in runs)
    return common > 0.9 * foreign and even > 0.9 * len(runs)
