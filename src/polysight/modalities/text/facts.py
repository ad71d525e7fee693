"""What can be said of a text in plain words: how long it is, and which words are in it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from polysight.data.view import View
from polysight.modalities.facts import Measure
from polysight.modalities.text.words import words

#: How many words are asked after, and in how many of the texts they must be at least, and at most.
WORDS, LEAST, MOST = 60, 0.02, 0.9


def _words(_: Any, view: View, slot: int, __: str) -> np.ndarray:
    return np.array([len(words(text)) for text in view.arrays["text"][:, slot]])


def _contains(_: Any, view: View, slot: int, word: str) -> np.ndarray:
    return np.array([word in words(text) for text in view.arrays["text"][:, slot]])


def telling_words(view: View, slot: int) -> list[str]:
    """The words that are in many of the texts but not in nearly all, the most frequent first."""
    texts = [set(words(text)) for text in view.arrays["text"][:, slot] if text]
    counts = Counter(word for text in texts for word in text)
    known = [word for word, count in counts.items() if LEAST * len(texts) <= count <= MOST * len(texts) and count > 1]
    return sorted(known, key=lambda word: (-counts[word], word))[:WORDS]


MEASURES = {"words": Measure(_words), "contains": Measure(_contains, yes_no=True)}
