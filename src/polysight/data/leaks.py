"""Leaks: columns that are the target in other clothes. Labels are looked at here and nowhere else in inference."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from polysight.data.columns import words_of
from polysight.data.facts import Facts
from polysight.data.role import Role

#: Fewer rows prove nothing.
ENOUGH_ROWS = 30
#: A level must return this often for its one label to mean something.
ROWS_A_LEVEL = 10
#: The errors left when each level answers with its most frequent label, as a share of those of the majority class.
ERRORS_LEFT = 0.02
#: A column that was cut into classes leaves gaps between them no wider than this many usual steps between its values
#: (a cut falls into a step at random, so that its length follows an exponential law: 99 % are below 6.6 medians).
#: Where classes differ by nature, values are rare between them.
CUT = 6.0
#: A usual step is only known from this many rows.
ROWS_FOR_STEPS = 30
#: Classes whose names are looked for in text.
_MOST_CLASSES = 100
_TARGET_WORDS = frozenset({"label", "labels", "target", "class", "outcome", "groundtruth"})


def copy_of_target(facts: Facts) -> Role | None:
    """Refuse a column whose values fix the label: the label under other names, or what it was cut from."""
    labels, classes = _classes(facts)
    if classes < 2 or len(labels) < ENOUGH_ROWS or classes > len(labels) / ROWS_A_LEVEL:
        return None
    if _levels_fix_the_label(facts, labels, classes):
        return _copy(f"a copy of the target: each of its {facts.levels} values has one label")
    gaps = _gaps(facts, labels, classes)
    if len(gaps) and (gaps <= CUT).all():
        return _copy(f"the source of the target: {classes - 1} thresholds on it give every label")
    return None


def leak_warning(facts: Facts) -> str:
    """What a person should look at before trusting a column that is kept; empty when there is nothing."""
    labels, classes = _classes(facts)
    if _TARGET_WORDS & set(words_of(facts.name)):
        return "is named like a target: is it known before the label is?"
    if 2 <= classes <= len(labels) / ROWS_A_LEVEL and len(_gaps(facts, labels, classes)):
        return "tells all classes apart by itself: is it known before the label is?"
    if facts.type == "categorical" and (label := named_label(facts.text, facts.labels)):
        return (
            f"its text names the label {label!r} in most rows of that class: is it written before the label is known?"
        )
    return ""


def named_label(text: pd.Series, labels: pd.Series) -> str:
    """The label that its own rows name most often, if at least half of them do and other rows seldom; else "".

    Labels in words are found in longer words (``watch`` in ``watches``) and without their plural ending; other
    labels, such as ``3``, must be whole words.
    """
    known = labels[labels.notna()].astype(str)
    cells = text[known.index].map(_spaced)
    counts = known.value_counts()
    shares = {"": 0.5}
    for label in counts[counts >= ROWS_A_LEVEL].index[:_MOST_CLASSES]:
        held, own = cells.str.contains(_stem(label), regex=False), known == label
        if held[own].mean() >= 3 * held[~own].mean():
            shares[label] = held[own].mean()
    return max(shares, key=lambda label: shares[label])


def _copy(reason: str) -> Role:
    return Role("ignored", f"{reason}; name it under inputs if it is known before the label", code="copy_of_target")


def _classes(facts: Facts) -> tuple[Int[np.ndarray, " row"], int]:
    """The label of each cell as a number, -1 where it is missing, and how many there are."""
    codes, names = pd.factorize(facts.labels.astype(object))
    return codes, len(names)


def _levels_fix_the_label(facts: Facts, labels: Int[np.ndarray, " row"], classes: int) -> bool:
    # Numbers have an order; they are judged by thresholds unless there is one value a class.
    most = classes if facts.type == "numeric" else len(facts) / ROWS_A_LEVEL
    if facts.levels > most:
        return False
    known = labels >= 0
    levels = pd.factorize(facts.text)[0]
    counts = np.zeros((levels.max() + 1, classes), dtype=int)
    np.add.at(counts, (levels[known], labels[known]), 1)
    errors = known.sum() - counts.max(axis=1).sum()
    return bool(errors <= ERRORS_LEFT * (known.sum() - counts.sum(axis=0).max()))


def _gaps(facts: Facts, labels: Int[np.ndarray, " row"], classes: int) -> Float[np.ndarray, " threshold"]:
    """The gaps between neighbouring classes in usual steps; infinite with few rows, empty where classes overlap."""
    values = facts.numbers.values
    known = (labels >= 0) & ~np.isnan(values)
    if facts.type != "numeric" or len(set(labels[known].tolist())) < classes:
        return np.empty(0)
    members = sorted((np.sort(values[known & (labels == code)]) for code in range(classes)), key=lambda m: m[0])
    gaps = np.array([after[0] - before[-1] for before, after in pairwise(members)])
    if (gaps <= 0).any():
        return np.empty(0)
    steps = np.array([_usual_step(member) for member in members])
    with np.errstate(divide="ignore"):
        return gaps / np.maximum(steps[:-1], steps[1:])


def _usual_step(values: Float[np.ndarray, " row"]) -> float:
    steps = np.diff(np.unique(values))
    return float(np.median(steps)) if len(values) >= ROWS_FOR_STEPS and len(steps) else 0.0


def _spaced(text: str) -> str:
    """Lower-case words with one blank before each."""
    words = re.sub(r"[\W_]+", " ", text.lower())
    return f" {words.strip()} "


def _stem(label: str) -> str:
    spaced = _spaced(label)
    if not spaced.isascii():
        return spaced.strip()
    return re.sub(r"(?<=[a-z]{2})(?<=..[a-z])(es|s)? $", "", spaced)
