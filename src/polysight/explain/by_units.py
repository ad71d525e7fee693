"""By units: explainers that only ask what a model says when some of the readable parts of an input are hidden."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from jaxtyping import Float

from polysight.data.samples import Samples
from polysight.explain.base import Explained, Explainer, Within
from polysight.explain.game import Game
from polysight.explain.unit_game import unit_game


class ByUnits(Explainer):
    """An explainer of any model and any input that has parts."""

    def explain(self, model: Explained, row: Samples, name: str, target: int, seed: int) -> Within | None:
        """What each part did for one number of the answer; None where the input has no parts or the row lacks it."""
        units, game = unit_game(model, row, name)
        if not len(units):
            return None
        values, facts = self.attribute(game, target, seed)
        return Within(self.kind, units.noun, units.labels, values, units.picture, units.heat(values), facts)

    @abstractmethod
    def attribute(self, game: Game, target: int, seed: int) -> tuple[Float[np.ndarray, " player"], dict[str, Any]]:
        """A value for each player of a game, and what else there is to say, as JSON holds it."""
