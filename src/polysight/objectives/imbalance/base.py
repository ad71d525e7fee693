"""What a remedy against class imbalance is: it changes one thing about how a learner is taught, or how it decides.

**Probabilities stay honest.** A learner that is taught with other class shares than the table has (copies of rare rows,
weights, balanced batches) answers as if rare classes were common. So each remedy tells the shares it teaches, and the
learner divides what they changed out again: its probabilities are those of the shares the table has, which is what
calibration, ensembles and readers need. What the remedy changed comes back where a class is chosen: ``predict``
multiplies the probabilities by one factor a class (``decision.py``) before it takes the largest.

**Nothing leaks.** A remedy sees what a learner's ``fit`` was given and nothing else; rows that judge (inner folds,
folds of an ensemble, validation rows) are never copied, left out or weighed.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Bool, Float, Int

from polysight.core.config import build
from polysight.core.errors import ConfigError
from polysight.core.registry import Registry
from polysight.objectives import REMEDIES

#: The places where a remedy can act, in words.
PLACES: Mapping[str, str] = {
    "features": "an estimator on feature vectors",
    "network": "a network",
    "decision": "the choice of a class from probabilities",
}


class Remedy(ABC):
    """A way to help rare classes. Remedies are frozen dataclasses: their fields are their options.

    Each overrides the few methods it is about; the others say that nothing changes.

    Attributes:
        acts_on: The places it can act on, keys of ``PLACES``.
        instead: What to use where it cannot.
        retrains: Whether a learner taught with it is another one than without it.
        branches: Whether a network gets a branch of its own for rare classes.
    """

    kind: ClassVar[str]
    acts_on: ClassVar[tuple[str, ...]]
    instead: ClassVar[str] = ""
    retrains: ClassVar[bool] = True
    branches: ClassVar[bool] = False

    def resampled(self, matrix: Any, codes: Int[np.ndarray, " row"], seed: int) -> tuple[Any, Int[np.ndarray, " new"]]:
        """The feature vectors and classes to teach with, made from those of training rows (dense or sparse)."""
        return matrix, codes

    def class_weights(self, shares: Float[np.ndarray, " class"]) -> Float[np.ndarray, " class"] | None:
        """What a row of each class counts; about one on average over rows. None: all count the same."""
        return None

    def batches(
        self, parts: Sequence[Int[np.ndarray, " some"]], codes: Int[np.ndarray, " row"], rng: np.random.Generator
    ) -> Sequence[Int[np.ndarray, " some"]]:
        """The batches of an epoch, as many as there were, given as the rows (positions in ``codes``) of each."""
        return parts

    def augmented(self, counts: Int[np.ndarray, " class"]) -> Bool[np.ndarray, " class"] | None:
        """The classes whose rows are augmented in training; None: all."""
        return None

    def taught(self, shares: Float[np.ndarray, " class"]) -> Float[np.ndarray, " class"]:
        """The class shares a learner is taught with where the table has these; they sum to one."""
        return shares

    def shift(self, prior: Float[np.ndarray, " class"]) -> Float[np.ndarray, " class"] | None:
        """The factors by which teaching changed the classes' odds; None where it left them as they are."""
        taught = self.taught(prior)
        return None if np.array_equal(taught, prior) else taught / prior

    @property
    def judges(self) -> bool:
        """Whether ``decision`` wants probabilities of rows left out."""
        return False

    def decision(
        self,
        prior: Float[np.ndarray, " class"],
        answers: Float[np.ndarray, "row class"] | None = None,
        codes: Int[np.ndarray, " row"] | None = None,
    ) -> Float[np.ndarray, " class"] | None:
        """The factors of the decision (see ``decision.choose``).

        Args:
            prior: The class shares of the table.
            answers: Honest probabilities of rows that were left out, where there are some.
            codes: The classes of these rows.
        """
        return self.shift(prior)


def remedy_for(spec: Any, place: str) -> Remedy | None:
    """The remedy a spec describes, for one of ``PLACES``; None for None.

    Raises:
        ConfigError: No such remedy or option, or it cannot act there; what can is named.
    """
    if spec is None:
        return None
    remedy = remedy_of(spec)
    if place not in remedy.acts_on:
        fitting = ", ".join(kinds_for(place))
        raise ConfigError(
            f"{remedy.kind} acts on {' and '.join(PLACES[own] for own in remedy.acts_on)}, not on {PLACES[place]}",
            where="imbalance",
            fix=f"use {remedy.instead}; there are: {fitting}" if remedy.instead else f"there are: {fitting}",
        )
    return remedy


def remedy_of(spec: Any) -> Remedy:
    """The remedy a kind, a spec or a remedy is, wherever it acts.

    Raises:
        ConfigError: No such remedy or option.
    """
    remedy = build(REMEDIES, spec, where="imbalance")
    if not isinstance(remedy, Remedy):
        raise ConfigError(f"{spec!r} is no remedy", where="imbalance", fix=f"one of: {', '.join(sorted(REMEDIES))}")
    return remedy


def kinds_for(place: str, registry: Registry = REMEDIES) -> list[str]:
    """The remedies that can act on a place."""
    return sorted(kind for kind in registry if place in registry.load(kind).acts_on)


def raised(shares: Float[np.ndarray, " class"], share: float) -> Float[np.ndarray, " class"]:
    """Class shares after classes below ``share`` of the largest were brought up to that; they sum to one."""
    new = np.maximum(shares, share * shares.max())
    return new / new.sum()


def even(shares: Float[np.ndarray, " class"]) -> Float[np.ndarray, " class"]:
    """The same share for each class."""
    return np.full(len(shares), 1 / len(shares))
