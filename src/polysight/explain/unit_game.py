"""Unit game: the readable parts of one input as players, everything else of the row held as it is."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from polysight.data.cache import passing_cache
from polysight.data.samples import Samples
from polysight.explain.base import Explained
from polysight.explain.game import Game
from polysight.modalities.units import Units

#: The most rows a model is asked about at once.
AT_ONCE = 256


def unit_game(model: Explained, row: Samples, name: str) -> tuple[Units, Game]:
    """The parts of one input of one row, and what a model says when only some of them are there.

    Args:
        model: A fitted model.
        row: One row, with every input of the model; those it lacks stay missing.
        name: The input whose parts are players; where it has none (it is missing) there are no players.

    Raises:
        ValueError: Not exactly one row.
    """
    if len(row) != 1:
        raise ValueError(f"explains one row at a time, not {len(row)}")
    views = {other: view.in_memory() for other, view in row.views.items()}
    units = model.inputs_[name].units(views[name])

    def answers(shown: Bool[np.ndarray, "coalition player"]) -> Float[np.ndarray, "coalition class"]:
        nobody = np.zeros(len(shown), dtype=np.intp)
        asked = {o: units.hidden(shown) if o == name else view.take(nobody) for o, view in views.items()}
        # Rows nobody will ask for again: what members share of them must not fill the cache on disk.
        with passing_cache():
            return model.predict_samples(Samples(asked))

    def value(shown: Bool[np.ndarray, "coalition player"]) -> Float[np.ndarray, "coalition class"]:
        parts = [answers(shown[start : start + AT_ONCE]) for start in range(0, len(shown), AT_ONCE)]
        return np.concatenate([np.empty((0, len(model.classes_))), *parts])

    return units, Game(units.labels, value)
