"""A dictionary of small patches, learned without labels: how near each patch of an image is to each entry.

Source: Coates, Lee & Ng, "An analysis of single-layer networks in unsupervised feature learning", AISTATS 2011
(contrast normalisation, whitening, k-means, triangle activation, sums over regions).
Departures: whitening keeps the principal components that hold nearly all spread instead of turning back to pixels
(distances are the same, products smaller); large images are shrunk and looked at every other pixel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import Matrix, View
from polysight.modalities.base import Cost, Features, learned
from polysight.modalities.image.words import Dictionary, visual_words

#: One image, as it is kept.
Picture = UInt8[np.ndarray, "side side 3"]
Patches = Float[np.ndarray, "patch value"]

#: Added to the variance of a patch (grey levels squared): what is nearly flat stays so.
_CONTRAST_FLOOR = 10.0
#: Added to the variance of a component, as the share of the mean variance of a value.
_WHITENING_FLOOR = 0.1
#: The share of the spread that the components keep.
_SPREAD = 0.99
#: How many patches of training rows a dictionary is learned from.
_LEARNED_FROM = 30_000
#: Images with at most this many pixels a side are looked at in every pixel, others in every other one.
_FULL = 28


@dataclass(frozen=True, kw_only=True)
class PatchWords(Features):
    """Sums, in each region of an image, of how much nearer than average its patches are to each dictionary entry.

    Learned filters in all but name: strong on digits, textures and small pictures. An image that is all black has
    nothing to look at and gives zeros. Of several slots, which share the dictionary, vectors are put side by side.

    Attributes:
        side: Larger images are shrunk to this many pixels a side.
        patch: Pixels of a patch's side.
        words: Entries of the dictionary.
        regions: Regions along a side; a vector has ``words * regions ** 2`` numbers.
    """

    kind: ClassVar[str] = "patches"
    modality: ClassVar[str] = "image"

    side: int = 32
    patch: int = 6
    words: int = 256
    regions: int = 2
    center: Float[np.ndarray, " value"] | None = learned()  # noqa: RUF009 - a dataclass field
    axes: Float[np.ndarray, "value component"] | None = learned()  # noqa: RUF009 - a dataclass field
    dictionary: Dictionary | None = learned()  # noqa: RUF009 - a dataclass field

    def __post_init__(self) -> None:
        if min(self.patch, self.words, self.regions) < 1:
            raise ConfigError("patch, words and regions must be at least 1", where="patches")
        if self.side < self._least:
            raise ConfigError("side must hold patches in every region", where="patches.side")

    @property
    def _least(self) -> int:
        # Every region needs a patch, at every other pixel.
        return self.patch + 2 * (self.regions - 1)

    def cost(self, modality: Any) -> Cost:
        """All of it is learning and encoding."""
        slots = len(modality.columns)
        return Cost(0.02 * slots, 0.5 * slots, 0.9, self.words * self.regions**2 * slots, 3.0 * slots)

    def derive(self, view: View) -> Matrix:
        """The images themselves, small: uint8 [row, slot, side, side, 3].

        Raises:
            ConfigError: The images are so small that a region has no patch.
        """
        pixels = view.arrays["pixels"]
        if pixels.shape[2] < self._least:
            reason = f"images of {pixels.shape[2]} pixels are smaller than {self._least}"
            raise ConfigError(reason, where="patches", fix="give a smaller patch or fewer regions")
        if pixels.shape[2] <= self.side:
            return pixels
        flat = pixels.reshape(-1, *pixels.shape[2:])
        small = np.zeros((len(flat), self.side, self.side, 3), dtype=np.uint8)
        for number in np.flatnonzero(view.present.reshape(-1)):
            small[number] = cv2.resize(flat[number], (self.side, self.side), interpolation=cv2.INTER_AREA)
        return small.reshape(*view.present.shape, *small.shape[1:])

    def fit(self, derived: Matrix, *, seed: int = 0) -> Self:
        """Learn whitening and dictionary from patches at random places of all images."""
        patches = self._drawn(np.asarray(derived), seed)
        center = patches.mean(axis=0)
        values, vectors = np.linalg.eigh(np.cov((patches - center).T.astype(np.float64)))
        order = np.argsort(values)[::-1]
        values, vectors = np.maximum(values[order], 0), vectors[:, order]
        enough = np.cumsum(values) >= _SPREAD * values.sum()
        kept = slice(0, int(enough.argmax()) + 1)
        floor = _WHITENING_FLOOR * values.mean() or 1.0
        axes = (vectors[:, kept] / np.sqrt(values[kept] + floor)).astype(np.float32)
        return replace(
            self, center=center, axes=axes, dictionary=visual_words((patches - center) @ axes, self.words, seed)
        )

    def transform(self, derived: Matrix) -> Matrix:
        """One vector a row.

        Raises:
            NotFittedError: Before ``fit``.
        """
        images = np.asarray(derived).reshape(-1, *derived.shape[2:])
        # Black everywhere stands for an absent slot too.
        encoded = [self._encoded(image) * np.float32(image.any()) for image in images]
        length = len(self._encoded(np.zeros(derived.shape[2:], dtype=np.uint8)))
        vectors = np.array(encoded, dtype=np.float32).reshape(len(images), length)
        return vectors.reshape(len(derived), derived.shape[1] * vectors.shape[1])

    def _encoded(self, image: Picture) -> Float[np.ndarray, " feature"]:
        """Triangle activations, summed region by region."""
        if self.center is None or self.axes is None or self.dictionary is None:
            raise NotFittedError("these patches are not fitted yet", fix="call fit first")
        patches = _patches(image, self.patch, _stride(image))
        points = (patches - self.center) @ self.axes
        squares = points @ (-2 * self.dictionary.T)
        squares += np.einsum("pc,pc->p", points, points)[:, None]
        squares += np.einsum("wc,wc->w", self.dictionary, self.dictionary)
        distances = np.sqrt(np.maximum(squares, 0, out=squares), out=squares)
        nearer = np.maximum(distances.mean(axis=1, keepdims=True) - distances, 0)
        along = round(len(nearer) ** 0.5)
        grid = nearer.reshape(along, along, -1)
        edges = np.arange(self.regions) * along // self.regions
        return np.add.reduceat(np.add.reduceat(grid, edges, axis=0), edges, axis=1).reshape(-1) / along**2

    def _drawn(self, images: UInt8[np.ndarray, "row slot side side 3"], seed: int) -> Patches:
        """Normalised patches from random images and places; one without content where all images are black."""
        rng = np.random.default_rng(seed)
        pictures = images.reshape(-1, *images.shape[2:])
        pictures = pictures[pictures.any(axis=(1, 2, 3))]
        if not len(pictures):
            return np.zeros((2, 3 * self.patch**2), dtype=np.float32)
        places = images.shape[2] - self.patch + 1
        number, row, column = (rng.integers(0, end, _LEARNED_FROM) for end in (len(pictures), places, places))
        windows = np.lib.stride_tricks.sliding_window_view(pictures, (self.patch, self.patch), axis=(1, 2))
        return _normalised(windows[number, row, column].reshape(_LEARNED_FROM, -1))


def _stride(image: Picture) -> int:
    return 1 if image.shape[0] <= _FULL else 2


def _patches(image: Picture, patch: int, stride: int) -> Patches:
    windows = np.lib.stride_tricks.sliding_window_view(image, (patch, patch), axis=(0, 1))[::stride, ::stride]
    return _normalised(windows.reshape(-1, 3 * patch**2))


def _normalised(patches: UInt8[np.ndarray, "patch value"]) -> Patches:
    """Each patch around its own mean, divided by its own deviation."""
    values = patches.astype(np.float32)
    values -= values.mean(axis=1, keepdims=True)
    variance = np.einsum("pv,pv->p", values, values) / values.shape[1]
    return values / np.sqrt(variance + np.float32(_CONTRAST_FLOOR))[:, None]
