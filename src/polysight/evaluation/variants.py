"""Variants: what a model says with all inputs, with one alone, and with each one missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from polysight.core.memo import remembering_here
from polysight.data.samples import Samples
from polysight.objectives.imbalance.decision import choose


class Predictor(Protocol):
    """What can be asked; every fitted learner and ensemble has it."""

    @property
    def prior_(self) -> Float[np.ndarray, " class"]:
        """What is said about a row in which nothing can be read."""

    def predict_samples(self, samples: Samples) -> Float[np.ndarray, "row class"]:
        """Answers: a probability a class, or what another target's answers are."""


class Classifying(Predictor, Protocol):
    """What evaluation needs of a classifier: answers are probabilities in the order of its classes."""

    classes_: NDArray


@dataclass(frozen=True, eq=False)
class Variants:
    """Probabilities of the same rows under several sets of inputs.

    Attributes:
        whole: With every input the row has.
        alone: With one input, all others missing; empty where there is only one input.
        without: With one input missing; empty where there is only one input.
        majority: The most frequent class of the training rows behind each prediction.
        factors: What each probability is multiplied by where a class is chosen; None chooses the most probable.
    """

    whole: Float[np.ndarray, "row class"]
    alone: Mapping[str, Float[np.ndarray, "row class"]]
    without: Mapping[str, Float[np.ndarray, "row class"]]
    majority: Int[np.ndarray, " row"]
    factors: Float[np.ndarray, "row class"] | None = None

    @classmethod
    def predict(cls, model: Predictor, samples: Samples) -> Self:
        """Ask a model for all of them; of two inputs, one alone is the other missing, and is asked for once.

        What a model computes of an input is remembered meanwhile: it is the same whatever else is missing.
        """
        with remembering_here():
            return cls._predicted(model, samples)

    @classmethod
    def _predicted(cls, model: Predictor, samples: Samples) -> Self:
        names = samples.names
        without, alone = {}, {}
        if len(names) > 1:
            without = {name: model.predict_samples(samples.hide([name])) for name in names}
        if len(names) == 2:
            alone = {names[0]: without[names[1]], names[1]: without[names[0]]}
        elif len(names) > 2:
            alone = {name: model.predict_samples(samples.hide(set(names) - {name})) for name in names}
        factors = getattr(model, "decision_", None)
        spread = None if factors is None else np.tile(factors, (len(samples), 1))
        guess = cls._guess(model, len(samples))
        return cls(model.predict_samples(samples), alone, without, guess, spread)

    @staticmethod
    def _guess(model: Predictor, rows: int) -> np.ndarray:
        return np.full(rows, int(np.argmax(model.prior_)))

    @classmethod
    def pool(cls, parts: Sequence[tuple[Int[np.ndarray, " k"], Variants]]) -> Self:
        """Put predictions of several models for different rows together, as nested cross-validation needs.

        Args:
            parts: The rows each part is about (together 0 to n - 1, each once) and its predictions.
        """
        order = np.argsort(np.concatenate([rows for rows, _ in parts]))

        def joined(pick: Callable[[Variants], np.ndarray]) -> np.ndarray:
            return np.concatenate([pick(variants) for _, variants in parts])[order]

        first = parts[0][1]
        return cls(
            joined(lambda v: v.whole),
            {name: joined(lambda v, name=name: v.alone[name]) for name in first.alone},  # type: ignore[misc]
            {name: joined(lambda v, name=name: v.without[name]) for name in first.without},  # type: ignore[misc]
            joined(lambda v: v.majority),
            None if all(v.factors is None for _, v in parts) else joined(Variants._known_factors),
        )

    def take(self, rows: Int[np.ndarray, " some"]) -> Self:
        """The same of some rows."""
        return type(self)(
            self.whole[rows],
            {name: answers[rows] for name, answers in self.alone.items()},
            {name: answers[rows] for name, answers in self.without.items()},
            self.majority[rows],
            None if self.factors is None else self.factors[rows],
        )

    def _known_factors(self) -> Float[np.ndarray, "row class"]:
        return np.ones_like(self.whole) if self.factors is None else self.factors

    def chosen(self, probabilities: Float[np.ndarray, "row class"]) -> Int[np.ndarray, " row"]:
        """The class said of each row, given the probabilities of one of these sets of inputs."""
        return choose(probabilities, self.factors)


class TargetVariants(Variants):
    """Answers to targets of any kind; ``majority`` holds answers, [row, answer]: what training rows have on average."""

    @staticmethod
    def _guess(model: Predictor, rows: int) -> np.ndarray:
        return np.tile(model.prior_, (rows, 1))
