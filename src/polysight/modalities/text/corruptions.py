"""How texts get worse: words are lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from polysight.modalities.corruption import Arrays, Corruption, each_slot
from polysight.modalities.text.words import without_words

#: By severity: how often a word is lost.
LOST = {1: 0.1, 2: 0.3, 3: 0.6}


def word_drop(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """Each word (in scripts without blanks, each character) is lost with the same probability."""

    def change(text: str, _: Any) -> str:
        return without_words(text, lambda: rng.random() < LOST[severity])

    return {"text": each_slot(arrays["text"], present, change)}


CORRUPTIONS: Mapping[str, Corruption] = {"word_drop": word_drop}
