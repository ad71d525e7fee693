"""Unit game: the readable parts of one input as players, everything else of the row held as it is."""

from __future__ import annotations

from functools import reduce

import numpy as np
from jaxtyping import Bool, Float

from polysight.data.cache import passing_cache
from polysight.data.samples import Samples
from polysight.data.view import View
from polysight.explain.base import Explained
from polysight.explain.game import Game
from polysight.modalities.units import Units

#: The most rows a model is asked about at once, and the most bytes their cells take, so far as a few rows allow.
AT_ONCE, BYTES, FEWEST = 1024, 64 * 1000**2, 16


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
    # What is held comes from one row each, of which features and tokens are made once.
    held = {other: view.as_origin() for other, view in views.items() if other != name}

    def answers(shown: Bool[np.ndarray, "coalition player"]) -> Float[np.ndarray, "coalition class"]:
        hidden = [version.hidden(shown) for version in units.versions]
        nobody = np.zeros(len(hidden) * len(shown), dtype=np.intp)
        asked = {other: view.take(nobody) for other, view in held.items()}
        asked[name] = reduce(View.followed_by, hidden)
        # Rows nobody will ask for again: what members share of them must not fill the cache on disk.
        with passing_cache():
            said = model.predict_samples(Samples({other: asked[other] for other in views}))
        return said.reshape(len(hidden), len(shown), -1).mean(axis=0)

    bulk = sum(view.nbytes for view in views.values())
    step = max(FEWEST, min(AT_ONCE, BYTES // max(1, bulk)) // len(units.versions))

    def value(shown: Bool[np.ndarray, "coalition player"]) -> Float[np.ndarray, "coalition class"]:
        parts = [answers(shown[start : start + step]) for start in range(0, len(shown), step)]
        return np.concatenate([np.empty((0, len(model.prior_))), *parts])

    return units, Game(units.labels, value)
