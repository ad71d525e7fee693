"""Curves: what becomes of an answer when parts of a row are taken away, or given back, in some order.

Source: Petsiuk, Das, Saenko, "RISE: Randomized input sampling for explanation of black-box models", BMVC 2018.
Departures: parts are those of the game, a few points a curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.ndimage import sobel

from polysight.explain.game import Game
from polysight.modalities.units import Units

#: Stretches of a curve; it has one point more.
STRETCHES = 5

Order = Int[np.ndarray, " player"]


@dataclass(frozen=True)
class Areas:
    """The areas under both curves of an order, 0 to 1: of a good order, one falls early and the other rises early."""

    deletion: float
    insertion: float

    @property
    def gain(self) -> float:
        """How far one is above the other; zero on average in random order, of which neither knows the direction."""
        return self.insertion - self.deletion


def by_value(values: Float[np.ndarray, " player"]) -> Order:
    """The order that begins with the largest value; of equal ones the first."""
    return np.argsort(-values, kind="stable")


def areas(game: Game, target: int, orders: list[Order]) -> list[Areas]:
    """Both areas of each order, in one question to the model.

    Args:
        game: Two players or more.
        target: The class.
        orders: Orders of all players.
    """
    shown = np.concatenate([side for order in orders for side in (_left(order), ~_left(order))])
    asked, place = np.unique(shown, axis=0, return_inverse=True)
    answers = game.value(asked)[place.ravel(), target].reshape(2 * len(orders), -1)
    points = _points(len(game.players)) / len(game.players)
    found = np.trapezoid(answers, points, axis=1)
    return [Areas(*pair) for pair in found.reshape(-1, 2).tolist()]


def edges(units: Units) -> Float[np.ndarray, " unit"] | None:
    """How many edges each part has for its size, whatever the model; None where there is no picture."""
    picture, outline = units.picture, units.outline
    if picture is None or outline is None:
        return None
    grey = picture.astype(np.float64).mean(axis=2)
    strength, known = np.hypot(sobel(grey, axis=0), sobel(grey, axis=1)), outline >= 0
    summed = np.bincount(outline[known], weights=strength[known], minlength=len(units))
    return summed / np.maximum(np.bincount(outline[known], minlength=len(units)), 1)


def _points(players: int) -> Int[np.ndarray, " point"]:
    """How many players are gone at each point."""
    return np.linspace(0, players, min(players, STRETCHES) + 1).round().astype(int)


def _left(order: Order) -> Bool[np.ndarray, "point player"]:
    """Who is left at each point."""
    gone = np.argsort(order)
    return gone >= _points(len(order))[:, None]
