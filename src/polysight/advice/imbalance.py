"""Imbalance: which remedy the counts of the classes call for, and why.

The rule: up to ``RATIO`` rows of the commonest class to one of the rarest, none. Beyond, ``threshold``: it costs no
training, leaves the probabilities alone, and found rare classes better than what teaches otherwise. Mean recall of ten
digits (mfeat6, all inputs, logistic regression, rows cut out of the training file, four draws) plain, then with
``threshold`` (power 1), ``class_weights``, ``over``, ``smote`` and ``under``:

* 120 down to 6 rows a class: .954, .975, .968, .964, .964, .961
* 120 down to 12: .968, .979, .977, .974, .971, .969
* 120 down to 24: .975, .984, .979, .978, .976, .979
* 40 down to 4: .943, .969, .964, .961, .959, .944
"""

from __future__ import annotations

from dataclasses import dataclass

from polysight.advice.facts import Facts

#: Up to so many rows of the commonest class to one of the rarest nothing needs to be done.
RATIO = 3
#: Fewer rows than this in the rarest class, and copies of them say little that is new.
FEW_ROWS = 30


@dataclass(frozen=True)
class Advice:
    """A remedy and the reason.

    Attributes:
        remedy: A kind in ``REMEDIES``; None where none is needed.
        reason: A sentence or two a person can read and argue with.
    """

    remedy: str | None
    reason: str


def recommended(facts: Facts) -> Advice:
    """The remedy for the classes of a table, by the rule of this module."""
    if facts.commonest <= RATIO * facts.rarest:
        return Advice(
            None,
            f"No remedy for rare classes: the commonest class has {facts.commonest} rows, the rarest {facts.rarest}, "
            f"not more than {RATIO} to 1.",
        )
    others = (
        f"with {facts.rarest} rows of the rarest class, copies and synthetic rows would say little that is new"
        if facts.rarest < FEW_ROWS
        else "over, smote and class_weights teach much the same and cost a training"
    )
    return Advice(
        "threshold",
        f"Rare classes: --imbalance threshold. {facts.commonest} rows of the commonest class to {facts.rarest} of the "
        f"rarest are more than {RATIO} to 1, so the likeliest class is too seldom a rare one. Dividing each "
        "probability by its class's share before a class is said finds rare classes about as often as common ones; "
        f"{others}. "
        "Probabilities stay as they are; some common rows will be taken for rare ones.",
    )
