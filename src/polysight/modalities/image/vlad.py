"""VLAD: how the points of an image lie around the entries of a dictionary.

Source: Jegou, Douze, Schmid & Perez, "Aggregating local descriptors into a compact image representation", CVPR 2010.
Departures: signed roots before the vector is brought to unit length, as for Fisher vectors (their 2012 article).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
from jaxtyping import Float

from polysight.core.errors import ConfigError, NotFittedError
from polysight.modalities.base import learned
from polysight.modalities.image.local_features import Points
from polysight.modalities.image.sift import SiftPoints
from polysight.modalities.image.words import Dictionary, nearest_words, visual_words


@dataclass(frozen=True, kw_only=True)
class SiftVlad(SiftPoints):
    """Sums of what is between descriptors and their nearest visual word.

    Attributes:
        words: Entries of the dictionary; a vector has ``words * (components + 2)`` numbers.
    """

    kind: ClassVar[str] = "sift_vlad"

    words: int = 64
    dictionary: Dictionary | None = learned()  # noqa: RUF009 - a dataclass field

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.words < 1:
            raise ConfigError("there must be at least 1 word", where="sift_vlad.words")

    def learn_dictionary(self, points: Points, seed: int) -> Self:
        """A copy with a dictionary of these points."""
        return replace(self, dictionary=visual_words(points, self.words, seed))

    def encode(self, points: Points) -> Float[np.ndarray, " feature"]:
        """The residuals of one image, word by word.

        Raises:
            NotFittedError: Before ``fit``.
        """
        if self.dictionary is None:
            raise NotFittedError("this dictionary is not fitted yet", fix="call fit first")
        member = nearest_words(points, self.dictionary)[:, None] == np.arange(len(self.dictionary))
        member = member.astype(np.float32)
        residuals = (member.T @ points - member.sum(axis=0)[:, None] * self.dictionary).ravel()
        vector = np.sign(residuals) * np.sqrt(np.abs(residuals))
        return vector / max(np.linalg.norm(vector), 1e-9)
