"""How much each input of a row mattered: the inputs as players of a game with the final model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from polysight.data.samples import Samples
from polysight.evaluation.variants import Predictor
from polysight.explain.game import Game
from polysight.explain.shapley import EXACT, Worth, worth


@dataclass(frozen=True, eq=False)
class Shares:
    """The part of each input in an answer.

    Attributes:
        names: The inputs the row has.
        absent: The inputs of the model it lacks; they have no part in the answer.
        worth: What each input that is there is worth, in the order of ``names``, for each number of the answer.
        exact: Whether every set of inputs was asked about.
    """

    names: tuple[str, ...]
    absent: tuple[str, ...]
    worth: Worth
    exact: bool

    def to_json(self, target: int, told: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, object]]:
        """For each input its Shapley value for one number of the answer, whether it is there, the answer without it.

        Args:
            target: The number's position.
            told: The answer without each input that is there, and for those that are not the answer itself.
        """
        shares = {
            name: {"shapley": float(self.worth.players[place, target]), "present": True, "without": dict(told[name])}
            for place, name in enumerate(self.names)
        }
        return shares | {name: {"shapley": 0.0, "present": False, "without": dict(told[name])} for name in self.absent}

    def interactions(self, target: int) -> dict[str, float]:
        """``<input> + <input>`` to what both add to the sum of their parts; empty where inputs were sampled."""
        pairs = self.worth.pairs
        if pairs is None:
            return {}
        return {
            f"{first} + {second}": float(pairs[i, j, target])
            for i, first in enumerate(self.names)
            for j, second in enumerate(self.names)
            if i < j
        }


def shares_of(model: Predictor, row: Samples, *, seed: int = 0) -> Shares:
    """Share an answer out among the inputs of a row.

    Args:
        model: The model whose answer it is; it is asked once, about every set of inputs that is needed.
        row: One row in which something is there.
        seed: The seed of what is sampled where there are more than six inputs.
    """
    there = row.present[0]
    names = tuple(np.asarray(row.names)[there].tolist())
    absent = tuple(np.asarray(row.names)[~there].tolist())
    return Shares(names, absent, worth(modality_game(model, row), seed=seed), len(names) <= EXACT)


def modality_game(model: Predictor, row: Samples) -> Game:
    """The game whose players are the inputs one row has; without them the model knows nothing but its prior."""
    places = np.flatnonzero(row.present[0])

    def value(masks: Bool[np.ndarray, "coalition player"]) -> Float[np.ndarray, "coalition class"]:
        hidden = np.zeros((len(masks), len(row.names)), dtype=bool)
        hidden[:, places] = ~masks
        copies = row.take(np.zeros(len(masks), dtype=np.intp))
        return model.predict_samples(copies.hide_where(hidden))

    return Game(tuple(row.names[place] for place in places), value)
