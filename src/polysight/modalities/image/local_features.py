"""Local features: what the encodings of an image's many descriptors have in common.

An image is described at many points (``derive``: learns nothing, kept as bytes). From points of training rows an
encoding learns principal axes and a dictionary; an image becomes one vector, the statistics of its points.

Source: positions beside descriptors, Sanchez, Perronnin & de Campos, "Modeling the spatial layout of images beyond
spatial pyramids", Pattern Recognition Letters 2012.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
from jaxtyping import Float, UInt8

from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import Matrix, View
from polysight.modalities.base import Cost, Features, learned

#: Points of images after projection: principal components, then x and y.
Points = Float[np.ndarray, "point width"]
#: What is kept of a point: 128 bytes of descriptor, x and y. A descriptor of zeros says that there is no point.
Kept = UInt8[np.ndarray, "... 130"]

#: How many points of training rows are looked at to learn a dictionary.
_LEARNED_FROM = 20_000
#: How many images are worked on at once, to bound memory.
_CHUNK = 16


@dataclass(frozen=True, kw_only=True)
class LocalFeatures(Features):
    """One vector from the descriptors of an image, and whether any was ``found`` (the last column, 1 or 0).

    An image without a point (blank, or nothing detected) is a row of zeros. Several slots share the dictionary; their
    vectors are put side by side, zeros where one is absent, or taken ``together``.

    Attributes:
        points: The most points an image may have (130 bytes each).
        components: Principal components of a descriptor that are kept, at most 128.
        position: The deviation of x and of y beside that of a component; 0 leaves out where a point is.
        mirror: Whether an image counts together with its mirror image, at twice the cost of encoding: for things
            that may face either way, not for writing.
        together: Whether several slots are one set, described by the mean of the vectors found: few numbers for few
            rows (houses_price, training rows in four folds, 32 Gaussians of shapes and of colours, svm: .633 of the
            answers right; side by side .591).
    """

    modality: ClassVar[str] = "image"
    scaled: ClassVar[bool] = False

    points: int = 640
    components: int = 64
    position: float = 0.8
    mirror: bool = False
    together: bool = False
    center: Float[np.ndarray, " 130"] | None = learned()  # noqa: RUF009 - a dataclass field
    axes: Float[np.ndarray, "130 width"] | None = learned()  # noqa: RUF009 - a dataclass field

    def __post_init__(self) -> None:
        if self.points < 1 or not 1 <= self.components <= 128 or self.position < 0:
            raise ConfigError("points must be at least 1, components 1 to 128, position not negative", where=self.kind)

    @abstractmethod
    def describe_points(self, images: UInt8[np.ndarray, "image size size 3"]) -> Kept:
        """The points of each image, equally many for all images of a size."""

    @abstractmethod
    def mirrored(self, kept: Kept) -> Kept:
        """The same points in the mirror, left for right."""

    @abstractmethod
    def learn_dictionary(self, points: Points, seed: int) -> Self:
        """A copy with a dictionary of these points of training rows (two at least)."""

    @abstractmethod
    def encode(self, points: Points) -> Float[np.ndarray, " feature"]:
        """The statistics of the points of one image (one at least), of unit length."""

    def cost(self, modality: Any) -> Cost:
        """Points grow with the area of an image up to the most there may be; a dictionary is learned from a sample."""
        slots, points = len(modality.columns), min(self.points, 0.4 * modality.side**2)
        derive = 0.9 * points / 640 + 0.9 * (modality.side / 128) ** 2
        encode = 0.6 * points / 640 * (2 if self.mirror else 1)
        return Cost(slots * derive, slots * encode, 0.7, 4_000 * self.vectors_of(slots), 0.13 * points * slots)

    def vectors_of(self, slots: int) -> int:
        """How many vectors stand side by side for so many slots."""
        return 1 if self.together else slots

    def derive(self, view: View) -> Matrix:
        """Descriptors and positions as bytes: uint8 [row, slot, point, 130]."""
        pixels = view.arrays["pixels"]
        flat = pixels.reshape(-1, *pixels.shape[2:])
        # One blank image tells how many points there are even where nothing is present.
        blank = self.describe_points(np.zeros((1, *flat.shape[1:]), dtype=np.uint8))
        kept = np.zeros((len(flat), *blank.shape[1:]), dtype=np.uint8)
        positions = np.flatnonzero(view.present.reshape(-1))
        for start in range(0, len(positions), _CHUNK):
            chunk = positions[start : start + _CHUNK]
            kept[chunk] = self.describe_points(flat[chunk])
        return kept.reshape(*view.present.shape, *kept.shape[1:])

    def fit(self, derived: Matrix, *, seed: int = 0) -> Self:
        """Learn the principal axes of descriptors, then the dictionary, from points drawn from all rows."""
        sample = _drawn(np.asarray(derived), seed)
        descriptors, spread = sample[:, :128].astype(np.float64), sample[:, 128:].std(axis=0)
        _, vectors = np.linalg.eigh(np.cov(descriptors.T))
        main = vectors[:, ::-1][:, : self.components]
        # Components have unit deviation on average: they keep their proportions.
        main = main / (np.sqrt(((descriptors - descriptors.mean(axis=0)) @ main).var(axis=0).mean()) or 1.0)
        where = np.diag(self.position / np.maximum(spread, 1e-3)) if self.position else np.zeros((2, 0))
        axes = np.zeros((130, main.shape[1] + where.shape[1]), dtype=np.float32)
        axes[:128, : main.shape[1]], axes[128:, main.shape[1] :] = main, where
        fitted = replace(self, center=sample.mean(axis=0, dtype=np.float64).astype(np.float32), axes=axes)
        return fitted.learn_dictionary(fitted.project(sample), seed)

    def transform(self, derived: Matrix) -> Matrix:
        """One vector a row: for each slot (or all together) the encoding, and whether there was anything to encode.

        Raises:
            NotFittedError: Before ``fit``.
        """
        images = np.asarray(derived).reshape(-1, *derived.shape[2:])
        length = len(self.encode(self.project(np.zeros((1, 130), dtype=np.uint8))))
        vectors = np.zeros((len(images), length + 1), dtype=np.float32)
        for vector, image in zip(vectors, images, strict=True):
            found = image[image[:, :128].any(axis=1)]
            if self.mirror:
                found = np.concatenate([found, self.mirrored(found)])
            if len(found):
                vector[:-1] = self.encode(self.project(found))
                vector[-1] = 1
        if self.together:
            sets = vectors.reshape(*derived.shape[:2], -1)
            return sets.sum(axis=1) / np.maximum(sets[..., -1].sum(axis=1, keepdims=True), 1)
        # A row has unit length (but for ``found``) however many slots there are.
        vectors[:, :-1] /= np.sqrt(derived.shape[1], dtype=np.float32)
        return vectors.reshape(len(derived), derived.shape[1] * vectors.shape[1])

    def project(self, kept: Kept) -> Points:
        """Components and positions of points as they were kept.

        Raises:
            NotFittedError: Before ``fit``.
        """
        if self.center is None or self.axes is None:
            raise NotFittedError("these local features are not fitted yet", fix="call fit first")
        return (kept - self.center) @ self.axes


def _drawn(derived: UInt8[np.ndarray, "row slot point 130"], seed: int) -> UInt8[np.ndarray, "point 130"]:
    """Some points of all rows, at random; two without content where there are none to learn from."""
    images, per_image = derived.shape[0] * derived.shape[1], derived.shape[2]
    total = images * per_image
    if total <= _LEARNED_FROM:
        chosen = np.arange(total)
    else:
        chosen = np.unique(np.random.default_rng(seed).integers(0, total, _LEARNED_FROM))
    sample = derived.reshape(-1, 130)[chosen]
    sample = sample[sample[:, :128].any(axis=1)]
    return sample if len(sample) > 1 else np.zeros((2, 130), dtype=np.uint8)
