"""Game: what a model would say if only some of a row's parts were there.

Everything that explains an answer from outside - Shapley values, LIME, occlusion, deletion curves - asks this one
question, whether the parts are whole inputs, words, image regions, frames or columns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float


@dataclass(frozen=True, eq=False)
class Game:
    """Players, and what the model answers for any coalition of them.

    Attributes:
        players: The names of the parts, unique.
        value: Which parts are there, [coalition, player], to the model's answers, [coalition, class]: probabilities,
            or an amount.
    """

    players: tuple[str, ...]
    value: Callable[[Bool[np.ndarray, "coalition player"]], Float[np.ndarray, "coalition class"]]
