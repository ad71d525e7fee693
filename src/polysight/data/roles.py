"""Roles: which columns of a table must not be inputs, and what to look at in the others."""

from __future__ import annotations

from collections.abc import Callable

from polysight.data.columns import NUMERIC_SHARE, words_of
from polysight.data.facts import Facts
from polysight.data.identifiers import identifier, owner
from polysight.data.leaks import copy_of_target, leak_warning, named_label
from polysight.data.parts import are_parts
from polysight.data.role import Role

_FOLD_WORDS = frozenset({"fold", "folds", "kfold", "cv"})
_PART_FLAGS = ("is_train", "is_test", "is_val", "is_valid", "in_train", "in_test")
_DATE = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}.*|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}.*"
#: A categorical column with more values than this, and more than a fifth of its rows, may be a group.
MANY_LEVELS = 50


def refuse(facts: Facts) -> Role | None:
    """The role of a column that must not be an input, or None.

    The first reason counts: no values, parts and folds, one value, files that are not there, numbers with
    commas, identifiers, owners of rows, copies of the target, dates.
    """
    return next((role for check in _REFUSALS if (role := check(facts)) is not None), None)


def warning_of(facts: Facts, role: str) -> str:
    """What a person should look at in a column that is kept as ``role``; empty when there is nothing."""
    if role == "categorical" and facts.levels > max(MANY_LEVELS, 0.2 * len(facts)):
        return (
            f"{facts.levels} different values in {len(facts)} rows: if rows of one value belong together, "
            f"it is a group; pass --group {facts.name}"
        )
    if facts.holds_content:
        return ""
    return leak_warning(facts)


def _empty(facts: Facts) -> Role | None:
    return None if len(facts) else Role("ignored", "every cell is empty", code="empty")


def _constant(facts: Facts) -> Role | None:
    if not facts.is_constant:
        return None
    return Role("constant", f"holds {facts.text.iloc[0][:50]!r} in every row", code="constant")


def _bookkeeping(facts: Facts) -> Role | None:
    fold = facts.is_whole and facts.levels <= 50 and bool(_FOLD_WORDS & set(words_of(facts.name)))
    flag = facts.levels <= 2 and facts.name.lower() in _PART_FLAGS
    if not (fold or flag or are_parts(facts.text.unique()[:50])):
        return None
    return Role("ignored", "says which part or fold of the data a row is in", code="bookkeeping")


def _lost_files(facts: Facts) -> Role | None:
    if not facts.names_files or facts.files_found:
        return None
    reason = f"names files that are not under {facts.root}"
    if named_label(facts.text, facts.labels):
        reason += ", and its cells hold the label"
    return Role("ignored", reason, warning="if the files should be there, check --root", code="lost_files")


def _identifier(facts: Facts) -> Role | None:
    return None if facts.holds_content else identifier(facts)


def _copy_of_target(facts: Facts) -> Role | None:
    return None if facts.holds_content else copy_of_target(facts)


def _commas(facts: Facts) -> Role | None:
    if facts.type == "numeric" or facts.text.str.fullmatch(r"[-+]?\d+(,\d+)+").mean() < NUMERIC_SHARE:
        return None
    return Role(
        "ignored",
        "holds numbers with commas, which may group thousands or start decimals",
        warning="write its numbers with a decimal point and without grouping",
        code="commas",
    )


def _dates(facts: Facts) -> Role | None:
    if (
        facts.type == "numeric"
        or not isinstance(facts.cells.iloc[0], str)
        or facts.text.str.fullmatch(_DATE).mean() < 0.9
    ):
        return None
    return Role(
        "ignored",
        "holds dates, which no modality reads; give numbers such as an age or days since",
        code="date",
    )


_REFUSALS: tuple[Callable[[Facts], Role | None], ...] = (
    _empty,
    _bookkeeping,
    _constant,
    _lost_files,
    _commas,
    _identifier,
    owner,
    _copy_of_target,
    _dates,
)
