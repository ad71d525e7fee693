"""Conformal sets: all classes that cannot be ruled out, so that the truth is among them as often as was promised.

Source: M. Sadinle, J. Lei, L. Wasserman, "Least Ambiguous Set-Valued Classifiers with Bounded Error Levels", JASA 2019
(LAC); Y. Romano, M. Sesia, E. Candès, "Classification with Valid and Adaptive Coverage", NeurIPS 2020 (APS).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from jaxtyping import Bool, Float, Int


class Conformal(ABC):
    """How unlikely a class would be as the truth of a row; a quantile of it decides what is ruled out."""

    kind: ClassVar[str]

    @abstractmethod
    def scores(
        self, probabilities: Float[np.ndarray, "row class"], random: np.random.Generator
    ) -> Float[np.ndarray, "row class"]:
        """The score of each class as the truth of each row; more is less likely."""

    def quantile(
        self,
        probabilities: Float[np.ndarray, "row class"],
        codes: Int[np.ndarray, " row"],
        alpha: float,
        random: np.random.Generator,
    ) -> float:
        """The score that at most ``alpha`` of new rows exceed, as far as rows are exchangeable.

        Args:
            probabilities: Answers to rows the model has not seen.
            codes: Their truth; a label never seen in training (-1) has an endless score.
            alpha: The share of rows whose truth may be missed.
            random: Breaks ties, where the score does.

        Returns:
            Infinite where there are too few rows to promise anything: then no class is ruled out.
        """
        own = np.take_along_axis(self.scores(probabilities, random), np.maximum(codes, 0)[:, None], axis=1)[:, 0]
        own = np.sort(np.where(codes < 0, np.inf, own))
        rank = int(np.ceil((len(own) + 1) * (1 - alpha) - 1e-9))
        return float(own[rank - 1]) if rank <= len(own) else np.inf

    def sets(
        self, probabilities: Float[np.ndarray, "row class"], quantile: float, random: np.random.Generator
    ) -> Bool[np.ndarray, "row class"]:
        """The classes that are not ruled out."""
        return self.scores(probabilities, random) <= quantile


class LeastAmbiguous(Conformal):
    """LAC: one less the probability. The smallest sets on average; rows that are hard may get none."""

    kind: ClassVar[str] = "lac"

    def scores(
        self, probabilities: Float[np.ndarray, "row class"], random: np.random.Generator
    ) -> Float[np.ndarray, "row class"]:
        """One less the probability of each class."""
        return 1 - probabilities


class Adaptive(Conformal):
    """APS: the probability of all likelier classes and a random part of its own. Larger sets, fairer to hard rows."""

    kind: ClassVar[str] = "aps"

    def scores(
        self, probabilities: Float[np.ndarray, "row class"], random: np.random.Generator
    ) -> Float[np.ndarray, "row class"]:
        """The probability down to each class; a class's own counts by a random part, the same for all of a row."""
        order = np.argsort(-probabilities, axis=1, kind="stable")
        ranked = np.take_along_axis(probabilities, order, axis=1)
        down_to = np.cumsum(ranked, axis=1) - (1 - random.random((len(probabilities), 1))) * ranked
        scores = np.empty_like(down_to)
        np.put_along_axis(scores, order, down_to, axis=1)
        return scores
