"""Columns: which cells are missing, which are numbers, and whether a column is numeric or categorical."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from numbers import Number
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

ColumnType = Literal["numeric", "categorical"]

#: The share of non-empty cells that must be numbers; the others are bad cells, not levels.
NUMERIC_SHARE = 0.9
_ENOUGH_DATES = 100
#: Last words of a name that make integers codes: no order, no distances.
CODE_WORDS = ("zip", "zipcode", "postal", "postcode", "plz", "code", "codes", "fips", "icd", "sku", "no", "nr")
CODE_WORDS_IN_CHINESE = ("邮编", "编码", "代码", "编号", "区号")
#: Last words of a name that say whose row it is; integers under such a name are names too.
OWNER_WORDS = (
    *("id", "ids", "uid", "uuid", "guid", "key", "group", "groups", "patient", "subject", "speaker", "user"),
    *("customer", "participant", "client", "family", "household", "hospital", "site", "store", "case"),
)
OWNER_WORDS_IN_CHINESE = ("患者", "病人", "受试者", "用户", "客户", "分组", "说话人")


class Numbers(NamedTuple):
    """A column read as numbers.

    Attributes:
        values: The numbers; NaN where the cell is missing or bad.
        bad: Cells that hold something that is not a finite number.
    """

    values: Float[np.ndarray, " row"]
    bad: Bool[np.ndarray, " row"]


def missing(column: pd.Series) -> Bool[np.ndarray, " row"]:
    """Which cells are missing: null, empty, or nothing but white space.

    Example:
        >>> missing(pd.Series(["a", " ", None, "NA"])).tolist()
        [False, True, True, False]
    """
    null = column.isna().to_numpy(dtype=bool)
    if isinstance(column.dtype, pd.StringDtype):
        return null | (column.fillna("").str.strip() == "").to_numpy(dtype=bool)
    if column.dtype != object:
        return null
    blank = [isinstance(cell, str) and not cell.strip() for cell in column]
    return null | np.asarray(blank, dtype=bool)


def as_numbers(column: pd.Series) -> Numbers:
    """Read every cell as a finite number in the notation of programs (``3``, ``-0.5``, ``1e-3``).

    Each cell is judged on its own. The words ``nan`` and ``inf``, decimal commas and digits grouped by
    thousands are bad cells, for what they mean is not known, and so are dates.

    Example:
        >>> as_numbers(pd.Series(["1.5", "", "n/a"]))
        Numbers(values=array([1.5, nan, nan]), bad=array([False, False,  True]))
    """
    if column.dtype == object or column.dtype.kind in "mM":
        column = column.map(lambda cell: cell if isinstance(cell, str | Number) else str(cell), na_action="ignore")
    read = column if pd.api.types.is_numeric_dtype(column.dtype) else pd.to_numeric(column, errors="coerce")
    values = read.to_numpy(dtype=np.float64, na_value=np.nan)
    finite = np.isfinite(values)
    return Numbers(np.where(finite, values, np.nan), ~finite & ~missing(column))


def column_type(column: pd.Series) -> ColumnType:
    """Whether a table column is numeric or categorical, from its values and its name.

    Dates are numeric (they count days). Truth values, words and codes (postal codes, numbers with leading zeros,
    numbers that name something) are categorical; what else reads as numbers is numeric, and so is a column without
    any value.
    """
    if pd.api.types.is_bool_dtype(column.dtype) or isinstance(column.dtype, pd.CategoricalDtype):
        return "categorical"
    cells = column[~missing(column)]
    if not len(cells):
        return "numeric"
    if column.dtype == object and all(isinstance(cell, bool | np.bool_) for cell in cells):
        return "categorical"
    if all(isinstance(cell, date | timedelta) for cell in cells.head(_ENOUGH_DATES)):
        return "numeric"
    values, bad = as_numbers(cells)
    if bad.mean() > 1 - NUMERIC_SHARE:
        return "categorical"
    return "categorical" if is_code(cells, values[~bad]) else "numeric"


def is_code(cells: pd.Series, values: Float[np.ndarray, " row"]) -> bool:
    """Whether integers are codes rather than amounts.

    Args:
        cells: The cells that are not missing, as written, under the column's name.
        values: The numbers among them.
    """
    if (values != np.trunc(values)).any():
        return False
    if named_as(cells.name, CODE_WORDS, CODE_WORDS_IN_CHINESE) or named_as(
        cells.name, OWNER_WORDS, OWNER_WORDS_IN_CHINESE
    ):
        return True
    written = cells.astype(str)
    return bool(written.str.fullmatch(r"0[0-9]+").any()) or _like_postal_codes(written)


def _like_postal_codes(written: pd.Series) -> bool:
    # Five digits in every cell, each value several times, and not the round numbers that prices and salaries are.
    if not written.str.fullmatch(r"[1-9][0-9]{4}").all():
        return False
    levels = written.drop_duplicates()
    return 1 < len(levels) <= len(written) / 2 and bool(levels.str.endswith("0").mean() < 0.5)


def words_of(name: object) -> list[str]:
    """The words of a column name, in lower case: ``patientId``, ``patient_id`` and ``Patient ID`` are alike.

    Example:
        >>> words_of("PatientID_2")
        ['patient', 'id']
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", str(name))
    return [word.lower() for word in re.findall(r"[A-Za-z]+", spaced)]


def named_as(name: object, words: Sequence[str], chinese: Sequence[str] = ()) -> bool:
    """Whether a name ends in one of the words: ``customer_id`` is named as an id, ``id_photo`` is not.

    Example:
        >>> named_as("患者编号", (), ("编号",)), named_as("customer_age", ("customer",))
        (True, False)
    """
    return words_of(name)[-1:] in [[word] for word in words] or str(name).endswith(tuple(chinese))


def level_name(value: Any) -> str:
    """What a cell that is not missing is called as a category, whichever way its table was stored.

    >>> level_name(85255.0), level_name(" red ")
    ('85255', 'red')
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
