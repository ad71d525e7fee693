"""Occlusion: how much the answer loses when one part is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float

from polysight.explain.by_units import ByUnits
from polysight.explain.game import Game


def occlusion(game: Game) -> Float[np.ndarray, "player class"]:
    """The answer with all parts, less the answer without each one: n + 1 questions.

    Source: Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014.
    Departures: parts are those of the game instead of a sliding square, and so there is one value for each.

    Two parts that say the same stand in for each other: hiding either changes nothing, and both get nothing.
    """
    shown = np.vstack([np.ones(len(game.players), dtype=bool), ~np.eye(len(game.players), dtype=bool)])
    answers = game.value(shown)
    return answers[0] - answers[1:]


@dataclass(frozen=True)
class Occlusion(ByUnits):
    """``occlusion`` of the parts of an input."""

    kind: ClassVar[str] = "occlusion"

    def attribute(self, game: Game, target: int, seed: int) -> tuple[Float[np.ndarray, " player"], dict[str, Any]]:
        """What the class loses without each part; nothing is drawn."""
        return occlusion(game)[:, target], {"asked": len(game.players) + 1}
