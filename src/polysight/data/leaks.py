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
#: A gap between two classes that is this small a part of their spread is a cut, not a difference.
CUT = 0.1
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
    if share := mentions_of_label(facts.text, facts.labels):
        return f"{share:.0%} of its cells hold their own label in words: is it written before the label is known?"
    return ""


def mentions_of_label(text: pd.Series, labels: pd.Series) -> float:
    """The share of cells that hold the words of their own label, or 0 when other rows' labels are held as often.

    Only labels in words count; a plural ending makes no difference.
    """
    known = labels.notna()
    stems = [_stem(label) for label in labels[known].astype(str)]
    cells = [_spaced(cell) for cell in text[known]]
    if len(cells) < ENOUGH_ROWS or not all(re.search(r"[^\W\d_]{2}", stem) for stem in set(stems)):
        return 0.0
    held = {stem: np.array([stem in cell for cell in cells]) for stem in set(stems)}
    own = np.mean([held[stem][row] for row, stem in enumerate(stems)])
    chance = np.mean([held[stem].mean() for stem in stems])
    return float(own) if own >= 0.25 and own >= 1.5 * chance else 0.0


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
    """The gaps between neighbouring classes, in units of their smaller spread; empty where classes overlap."""
    values = facts.numbers.values
    known = (labels >= 0) & ~np.isnan(values)
    if facts.type != "numeric" or len(set(labels[known].tolist())) < classes:
        return np.empty(0)
    members = sorted((np.sort(values[known & (labels == code)]) for code in range(classes)), key=lambda m: m[0])
    gaps = np.array([after[0] - before[-1] for before, after in pairwise(members)])
    if (gaps <= 0).any():
        return np.empty(0)
    spreads = np.array([np.subtract(*np.percentile(member, (75, 25))) for member in members])
    return gaps / np.maximum(np.minimum(spreads[:-1], spreads[1:]), np.finfo(float).tiny)


def _spaced(text: str) -> str:
    """Lower-case words with one blank before each."""
    return " " + re.sub(r"[\W_]+", " ", text.lower()).strip()


def _stem(label: str) -> str:
    spaced = _spaced(label)
    stem = re.sub(r"(?<=[a-z]{3})(es|s)$", "", spaced)
    return stem if stem.isascii() else stem.strip()
