"""KernelSHAP: Shapley values of the parts of an input by weighted least squares; they add up to the answer."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Bool, Float

from polysight.core.errors import ConfigError
from polysight.explain.by_units import ByUnits
from polysight.explain.coalitions import drawn_in_pairs, every
from polysight.explain.game import Game

#: With so many players every coalition is asked about, and values are exact.
EXACT = 10


@dataclass(frozen=True, eq=False)
class Shared:
    """The answer shared out among the players.

    Attributes:
        values: Shapley values; ``empty`` and they add up to ``whole``.
        empty: The answer when no part is there.
        whole: The answer when all are.
        exact: Whether every coalition was asked about.
        asked: How many were.
    """

    values: Float[np.ndarray, "player class"]
    empty: Float[np.ndarray, " class"]
    whole: Float[np.ndarray, " class"]
    exact: bool
    asked: int


def kernel_shap(game: Game, *, coalitions: int = 256, exact: int = EXACT, seed: int = 0) -> Shared:
    """Share an answer out: exactly for few players, by drawn coalitions for many.

    Source: Lundberg and Lee, "A unified approach to interpreting model predictions", NeurIPS 2017; coalitions drawn
    together with their complements as in Covert and Lee, "Improving KernelSHAP", AISTATS 2021.

    Args:
        game: What is explained.
        coalitions: How many questions are asked at most where players are too many for all of them.
        exact: Up to so many players every coalition is asked about, 2^n questions.
        seed: Same seed, same coalitions.
    """
    players = len(game.players)
    bounds = game.value(np.array([[False], [True]]) & np.ones(players, dtype=bool))
    empty, whole = bounds
    if players < 2:
        return Shared(np.repeat((whole - empty)[None], players, axis=0), empty, whole, True, 2)
    complete = players <= exact or 2**players <= coalitions
    if complete:
        shown = every(players)
        size = shown.sum(axis=1)
        weights = np.array([1 / (comb(players, s) * s * (players - s)) for s in size.tolist()])
    else:
        shown, weights = drawn_in_pairs(players, coalitions - 2, np.random.default_rng(seed))
    values = constrained(shown, game.value(shown) - empty, weights, whole - empty)
    return Shared(values, empty, whole, complete, len(shown) + 2)


def constrained(
    shown: Bool[np.ndarray, "coalition player"],
    gains: Float[np.ndarray, "coalition class"],
    weights: Float[np.ndarray, " coalition"],
    total: Float[np.ndarray, " class"],
) -> Float[np.ndarray, "player class"]:
    """Values whose sums come closest to the gains of coalitions, among those that add up to the total.

    Every value is an equal share and a deviation; deviations add up to nothing. So no player is singled out, and where
    coalitions are too few the deviations are the smallest ones.
    """
    share = total / shown.shape[1]
    size = shown.sum(axis=1, keepdims=True)
    deviations = shown - size / shown.shape[1]
    root = np.sqrt(weights / weights.sum())[:, None]
    found, *_ = np.linalg.lstsq(root * deviations, root * (gains - size * share), rcond=None)
    return share + found - found.mean(axis=0)


@dataclass(frozen=True)
class KernelShap(ByUnits):
    """``kernel_shap`` of the parts of an input.

    Attributes:
        coalitions: How many questions are asked at most where an input has more than ``EXACT`` parts.

    Raises:
        ConfigError: Fewer than four.
    """

    kind: ClassVar[str] = "kernel_shap"
    #: 256 questions about a picture cost an ensemble of classical members six seconds of one core.
    by_default: ClassVar[bool] = False

    coalitions: int = 256

    def __post_init__(self) -> None:
        if self.coalitions < 4:
            raise ConfigError(f"coalitions must be at least 4, not {self.coalitions}", where=self.kind)

    def attribute(self, game: Game, target: int, seed: int) -> tuple[Float[np.ndarray, " player"], dict[str, Any]]:
        """The share of each part in what all of them change about the class."""
        found = kernel_shap(game, coalitions=self.coalitions, seed=seed)
        facts = {"empty": float(found.empty[target]), "whole": float(found.whole[target])}
        return found.values[:, target], {**facts, "exact": found.exact, "asked": found.asked}
