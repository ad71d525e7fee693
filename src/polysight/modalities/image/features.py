"""Classical image features: oriented gradients, colours, and the pixels themselves."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import cv2
import numpy as np
from jaxtyping import Float, UInt8
from sklearn.decomposition import PCA

from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import Matrix, View
from polysight.modalities.base import Cost, Features, learned
from polysight.modalities.image.colours import colour_shares, converted, named_colours, shrunk
from polysight.modalities.image.gradients import oriented_gradients

Images = UInt8[np.ndarray, "image size size 3"]
#: How many images are worked on at once, to bound memory.
_CHUNK = 16


@dataclass(frozen=True, kw_only=True)
class ImageFeatures(Features):
    """Features of single images; of several slots the vectors are put side by side, zeros where one is absent."""

    modality: ClassVar[str] = "image"

    @abstractmethod
    def describe_images(self, images: Images) -> Float[np.ndarray, "image feature"]:
        """One vector an image."""

    def derive(self, view: View) -> Matrix:
        """One vector an image, slots side by side."""
        pixels = view.arrays["pixels"]
        flat = pixels.reshape(-1, *pixels.shape[2:])
        present = view.present.reshape(-1)
        # One blank image tells the length of a vector even where nothing is present.
        length = self.describe_images(np.zeros((1, *flat.shape[1:]), dtype=np.uint8)).shape[1]
        vectors = np.zeros((len(flat), length), dtype=np.float32)
        positions = np.flatnonzero(present)
        for start in range(0, len(positions), _CHUNK):
            chunk = positions[start : start + _CHUNK]
            vectors[chunk] = self.describe_images(flat[chunk])
        return vectors.reshape(len(view), view.present.shape[1] * length)


@dataclass(frozen=True, kw_only=True)
class Hog(ImageFeatures):
    """Histograms of oriented gradients: shape and texture, whatever the light.

    Source: Dalal & Triggs, "Histograms of oriented gradients for human detection", CVPR 2005, as computed by
    ``skimage.feature.hog`` (the colour channel with the longest gradient, hard bins, L2-Hys).

    Attributes:
        orientations: Bins of the half circle.
        cell: Pixels of a cell's side. Automatic: an eighth of the image's side, at least 4, so that the vector
            has some 1,000 to 2,000 numbers whatever the size.
        block: Cells of a block's side.
    """

    kind: ClassVar[str] = "hog"

    orientations: int = 9
    cell: int | None = None
    block: int = 2

    def __post_init__(self) -> None:
        if self.orientations < 1 or self.block < 1 or (self.cell is not None and self.cell < 1):
            raise ConfigError("orientations, cell and block must be at least 1", where="hog")

    def cost(self, modality: Any) -> Cost:
        """An eighth of the side is a cell."""
        slots = len(modality.columns)
        return Cost(0.4 * slots * (modality.side / 128) ** 2, 0.04, 0.0, 1_764 * slots, 7.0 * slots)

    def describe_images(self, images: Images) -> Float[np.ndarray, "image feature"]:
        """Normalised blocks of cell histograms.

        Raises:
            ConfigError: The images are smaller than one block.
        """
        size = images.shape[1]
        cell = self.cell or max(4, size // 8)
        if size < cell * self.block:
            raise ConfigError(
                f"images of {size} pixels are smaller than a block", where="hog", fix="give a smaller cell"
            )
        return oriented_gradients(images, orientations=self.orientations, cell=cell, block=self.block)


@dataclass(frozen=True, kw_only=True)
class Colour(ImageFeatures):
    """Which colours an image has, as a whole and in each quarter.

    Per region: the share of each of 36 colours (8 hues x 2 saturations x 2 values, and 4 greys, so that grey
    never counts as a hue), as square roots, and the mean and deviation of L, a and b (CIE Lab, scaled to 0..1).
    """

    kind: ClassVar[str] = "colour"

    def cost(self, modality: Any) -> Cost:
        """Little."""
        return Cost(0.4 * len(modality.columns), 0.01, 0.0, 180 * len(modality.columns))

    def describe_images(self, images: Images) -> Float[np.ndarray, "image feature"]:
        """36 + 6 numbers for each of five regions."""
        images = shrunk(images, 64)
        colours = named_colours(images)
        lab = converted(images, cv2.COLOR_RGB2LAB).astype(np.float32) / 255
        half = images.shape[1] // 2
        halves = (slice(0, half), slice(half, None))
        regions = [(slice(None), slice(None)), *((rows, columns) for rows in halves for columns in halves)]
        parts = []
        for rows, columns in regions:
            region = lab[:, rows, columns].reshape(len(images), -1, 3)
            parts += [np.sqrt(colour_shares(colours[:, rows, columns])), region.mean(axis=1), region.std(axis=1)]
        return np.concatenate(parts, axis=1)


@dataclass(frozen=True, kw_only=True)
class Pixels(ImageFeatures):
    """The image itself, small: lightness at ``side`` pixels and colour at 8, around the mean of the training rows.

    Principal components keep the spread they have: brought to one scale, as features are otherwise, the many
    that hold noise would count as much as the few that hold the picture (flipkart_1050: .59 becomes .54).

    Attributes:
        side: Pixels of each side. Automatic: all of them up to 32, 16 for larger images.
        components: How many principal components are kept (fewer where there are fewer rows); None for all pixels.
    """

    kind: ClassVar[str] = "pixels"
    scaled: ClassVar[bool] = False

    side: int | None = None
    components: int | None = 40
    mean: Float[np.ndarray, " pixel"] | None = learned()  # noqa: RUF009 - a dataclass field
    axes: Float[np.ndarray, "pixel component"] | None = learned()  # noqa: RUF009 - a dataclass field

    def __post_init__(self) -> None:
        if (self.side is not None and self.side < 1) or (self.components is not None and self.components < 1):
            raise ConfigError("side and components must be at least 1", where="pixels")

    def cost(self, modality: Any) -> Cost:
        """Principal components of small pictures."""
        slots = len(modality.columns)
        return Cost(0.2 * slots * (modality.side / 128) ** 2, 0.03, 0.05, 40 * slots, 4.0 * slots)

    def describe_images(self, images: Images) -> Float[np.ndarray, "image feature"]:
        """Lightness and the two colour differences of CIE Lab, each from -1 to 1."""
        size = images.shape[1]
        side = self.side or (size if size <= 32 else 16)
        lab = converted(images, cv2.COLOR_RGB2LAB)
        light = np.stack([cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA) for image in lab[..., 0]])
        tint = np.stack([cv2.resize(image, (8, 8), interpolation=cv2.INTER_AREA) for image in lab[..., 1:]])
        numbers = np.concatenate([light.reshape(len(images), -1), tint.reshape(len(images), -1)], axis=1)
        return (numbers.astype(np.float32) - 128) / 128

    def fit(self, derived: Matrix, *, seed: int = 0) -> Self:
        """Learn the mean and the principal axes, scaled so that a training row has unit length on average."""
        dense = np.asarray(derived)
        mean = dense.mean(axis=0)
        axes = np.eye(dense.shape[1], dtype=np.float32)
        if self.components is not None:
            axes = PCA(min(self.components, *dense.shape), random_state=seed).fit(dense).components_.T
        length = np.sqrt((((dense - mean) @ axes) ** 2).sum(axis=1).mean())
        return replace(self, mean=mean, axes=(axes / (length or 1.0)).astype(np.float32))

    def transform(self, derived: Matrix) -> Matrix:
        """One short vector a row.

        Raises:
            NotFittedError: Before ``fit``.
        """
        if self.mean is None or self.axes is None:
            raise NotFittedError("these pixel features are not fitted yet", fix="call fit first")
        return (np.asarray(derived) - self.mean) @ self.axes
