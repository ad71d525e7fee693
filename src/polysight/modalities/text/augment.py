"""Changes to training texts that leave the label alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from jaxtyping import Int

#: The positions every vocabulary starts with: nothing there, and a word never seen in training.
PADDING, UNKNOWN = 0, 1

Ids = Int[np.ndarray, "row slot word"]


def word_dropout(ids: Ids, rng: np.random.Generator, probability: float = 0.1) -> Ids:
    """Replace words by the unknown word, each with the given probability.

    It is also what teaches a network the unknown word, which training texts do not contain otherwise.

    Source: Bowman et al., Generating Sentences from a Continuous Space, 2016 (there for decoders).
    """
    dropped = (ids != PADDING) & (rng.random(ids.shape) < probability)
    return np.where(dropped, UNKNOWN, ids)


AUGMENTATIONS: Mapping[str, Callable[[Ids, np.random.Generator], Ids]] = {"word_dropout": word_dropout}
