"""Identifiers: columns that number or name rows. A model can only learn them by heart."""

from __future__ import annotations

import numpy as np

from polysight.data.columns import OWNER_WORDS, OWNER_WORDS_IN_CHINESE, named_as
from polysight.data.facts import Facts
from polysight.data.role import Role

ID_WORDS = (
    *("id", "ids", "uid", "uuid", "guid", "key", "pk", "hash", "md5", "sha"),
    *("index", "idx", "row", "rowid", "no", "nr", "unnamed"),
)
ID_WORDS_IN_CHINESE = ("编号", "序号", "主键", "行号")
#: From this many rows on, a pattern in the values alone is not chance.
ENOUGH_ROWS = 30
#: Whole numbers that fill this share of their range, each once, count something.
DENSE = 0.5
#: The same for numbers that also grow from row to row (what is left after some rows were removed).
DENSE_IN_ORDER = 0.05
#: Unique whole numbers of this many digits each are codes.
LONG_NUMBER = 8


def identifier(facts: Facts) -> Role | None:
    """Refuse a column that numbers the rows or gives each a name of its own."""
    named = named_as(facts.name, ID_WORDS, ID_WORDS_IN_CHINESE)
    if len(facts) < 2 or not (facts.is_unique or (named and facts.levels >= 0.95 * len(facts))):
        return None
    if facts.is_whole and _counts_rows(facts, named=named):
        return Role("id", "numbers the rows: whole numbers, each of them once", code="row_number")
    if facts.type == "categorical" and _is_code(facts, named=named):
        return Role("id", "an identifier: a code that is different in every row", code="identifier")
    return None


def owner(facts: Facts) -> Role | None:
    """Refuse a column that names whose row it is (a patient, a speaker), when it has many different values."""
    if not named_as(facts.name, OWNER_WORDS, OWNER_WORDS_IN_CHINESE) or facts.type == "numeric":
        return None
    if facts.levels <= max(20, 0.05 * len(facts)):
        return None
    return Role(
        "id",
        f"names whose row it is: {facts.levels} values in {len(facts)} rows looked at",
        warning=f"looks like a group; pass --group {facts.name} so that its rows stay together in every split",
        code="owner",
    )


def different_in_every_row(facts: Facts) -> Role | None:
    """Refuse a categorical column in which no value occurs twice: there is nothing to learn about any of them."""
    if facts.type == "numeric" or len(facts) < ENOUGH_ROWS or not facts.is_unique:
        return None
    return Role("id", "every value occurs once only", code="identifier")


def _counts_rows(facts: Facts, *, named: bool) -> bool:
    values = facts.numbers.values
    steps = np.diff(values)
    if named:
        return True
    if len(facts) < ENOUGH_ROWS:
        return len(facts) >= 10 and bool((steps == 1).all())
    lengths = facts.text.str.len()
    if (lengths == lengths.iloc[0]).all() and lengths.iloc[0] >= LONG_NUMBER:
        return True
    # The rows looked at of a long table span nearly the range of all of them.
    density = facts.rows * len(facts) / len(facts.seen) / (values.max() - values.min() + 1)
    return bool(density >= (DENSE_IN_ORDER if (steps > 0).all() else DENSE))


def _is_code(facts: Facts, *, named: bool) -> bool:
    unbroken = facts.text.str.fullmatch(r"[!-~]+").mean() >= 0.95
    if not unbroken or named or len(facts) < 10:
        return bool(unbroken and named)
    if facts.text.str.contains(r"[0-9]").mean() < 0.9:
        return False
    shapes = facts.text.str.replace(r"[0-9]+", "0", regex=True).str.replace(r"[A-Za-z]+", "a", regex=True)
    same_length = facts.text.str.len().value_counts(normalize=True).iloc[0]
    return bool(max(shapes.value_counts(normalize=True).iloc[0], same_length) >= 0.8)
