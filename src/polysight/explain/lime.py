"""LIME: a linear model of the answers around a row, in which each part has one weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Bool, Float

from polysight.core.errors import ConfigError
from polysight.explain.by_units import ByUnits
from polysight.explain.game import Game


@dataclass(frozen=True, eq=False)
class Linear:
    """A linear model of what a game answers.

    Attributes:
        values: How much each part adds.
        intercept: What is said when no part is there.
        fit: How much of the answers' variance it explains where it looked, 0 to 1; 1 where nothing varies.
    """

    values: Float[np.ndarray, "player class"]
    intercept: Float[np.ndarray, " class"]
    fit: Float[np.ndarray, " class"]


def lime(game: Game, *, coalitions: int = 256, width: float = 0.25, ridge: float = 1.0, seed: int = 0) -> Linear:
    """Fit a ridge regression of the answers on which parts are there, close to the row rather than far from it.

    Source: Ribeiro, Singh and Guestrin, "Why should I trust you?", KDD 2016: how many parts are hidden is drawn
    evenly, then which; a coalition weighs exp(-d^2 / width^2), d being its cosine distance from the whole row.
    Departures: all parts keep a weight, where the paper chooses some by a lasso path first.

    Args:
        game: What is explained.
        coalitions: How many questions are asked; the first one is the whole row.
        width: The width of the kernel, in cosine distance.
        ridge: How strongly weights are drawn to zero.
        seed: Same seed, same coalitions.
    """
    shown = _drawn(len(game.players), coalitions, np.random.default_rng(seed))
    weights = np.exp(-((1 - np.sqrt(shown.mean(axis=1))) ** 2) / width**2)
    return weighted_ridge(shown.astype(np.float64), game.value(shown), weights, ridge)


def weighted_ridge(
    x: Float[np.ndarray, "row column"],
    y: Float[np.ndarray, "row class"],
    weights: Float[np.ndarray, " row"],
    ridge: float,
) -> Linear:
    """Least squares of weighted rows with an intercept that is free and weights that are drawn to zero."""
    share = weights / weights.sum()
    middle_x, middle_y = share @ x, share @ y
    centred_x, centred_y = x - middle_x, y - middle_y
    squares = centred_x.T @ (weights[:, None] * centred_x) + ridge * np.eye(x.shape[1])
    values = np.linalg.solve(squares, centred_x.T @ (weights[:, None] * centred_y))
    left, varied = (share @ (part**2) for part in (centred_y - centred_x @ values, centred_y))
    fit = np.where(varied > 1e-12, 1 - left / np.maximum(varied, 1e-12), 1.0)
    return Linear(values, middle_y - middle_x @ values, fit)


def _drawn(players: int, coalitions: int, rng: np.random.Generator) -> Bool[np.ndarray, "coalition player"]:
    there = rng.integers(0, max(1, players), coalitions)
    there[0] = players
    order = rng.random((coalitions, players)).argsort(axis=1).argsort(axis=1)
    return order < there[:, None]


@dataclass(frozen=True)
class Lime(ByUnits):
    """``lime`` of the parts of an input.

    Attributes:
        coalitions: How many questions are asked.

    Raises:
        ConfigError: Fewer than two.
    """

    kind: ClassVar[str] = "lime"
    by_default: ClassVar[bool] = False

    coalitions: int = 256

    def __post_init__(self) -> None:
        if self.coalitions < 2:
            raise ConfigError(f"coalitions must be at least 2, not {self.coalitions}", where=self.kind)

    def attribute(self, game: Game, target: int, seed: int) -> tuple[Float[np.ndarray, " player"], dict[str, Any]]:
        """The weights for the class, and how well the linear model fits."""
        found = lime(game, coalitions=self.coalitions, seed=seed)
        facts = {"intercept": float(found.intercept[target]), "r2": float(found.fit[target])}
        return found.values[:, target], {**facts, "asked": self.coalitions}
