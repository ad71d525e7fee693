"""Bags of visual words: how often each entry of a dictionary of descriptors occurs in an image.

Source: Csurka et al., "Visual categorization with bags of keypoints", ECCV workshop 2004.
Departures: where a point is belongs to it (see ``local_features``), so that words are local to a part of the image.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
from jaxtyping import Float, Int
from sklearn.cluster import MiniBatchKMeans
from sklearn.exceptions import ConvergenceWarning

from polysight.core.errors import ConfigError, NotFittedError
from polysight.modalities.base import learned
from polysight.modalities.image.local_features import Points
from polysight.modalities.image.sift import SiftPoints

Dictionary = Float[np.ndarray, "word width"]


def visual_words(points: Points, count: int, seed: int) -> Dictionary:
    """The centres that k-means finds; no more than there are points."""
    means = MiniBatchKMeans(min(count, len(points)), batch_size=4096, n_init=1, random_state=seed)
    with warnings.catch_warnings():
        # Not all points need be different.
        warnings.simplefilter("ignore", ConvergenceWarning)
        means.fit(points)
    return means.cluster_centers_.astype(np.float32)


def nearest_words(points: Points, words: Dictionary) -> Int[np.ndarray, " point"]:
    """The word nearest to each point."""
    return (points @ words.T - 0.5 * (words**2).sum(axis=1)).argmax(axis=1)


@dataclass(frozen=True, kw_only=True)
class SiftWords(SiftPoints):
    """Histograms of visual words; roots of shares, of unit length.

    Attributes:
        words: Entries of the dictionary, the length of a vector.
    """

    kind: ClassVar[str] = "sift_words"

    words: int = 512
    dictionary: Dictionary | None = learned()  # noqa: RUF009 - a dataclass field

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.words < 1:
            raise ConfigError("there must be at least 1 word", where="sift_words.words")

    def learn_dictionary(self, points: Points, seed: int) -> Self:
        """A copy with a dictionary of these points."""
        return replace(self, dictionary=visual_words(points, self.words, seed))

    def encode(self, points: Points) -> Float[np.ndarray, " word"]:
        """The root of the share each word has among the points of one image.

        Raises:
            NotFittedError: Before ``fit``.
        """
        if self.dictionary is None:
            raise NotFittedError("this dictionary is not fitted yet", fix="call fit first")
        counts = np.bincount(nearest_words(points, self.dictionary), minlength=len(self.dictionary))
        return np.sqrt(counts / len(points)).astype(np.float32)
