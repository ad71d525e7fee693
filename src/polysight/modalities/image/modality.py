"""The image modality: a column (or several) of image files, read as square 8-bit RGB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Self, get_args

import numpy as np
import pandas as pd
import PIL.Image
from jaxtyping import Num

from polysight.core.errors import ConfigError, NotFittedError, UnreadableCellError
from polysight.data.view import Cells, View
from polysight.modalities.augmentations import check_augmentations
from polysight.modalities.base import Arrays, Classical, FeatureSpecs, Match
from polysight.modalities.cellwise import CellwiseModality, Decoded, is_empty
from polysight.modalities.corruption import Corruption
from polysight.modalities.facts import Measure
from polysight.modalities.file_columns import evenly_spread, match_files
from polysight.modalities.image.animation import mostly_animated
from polysight.modalities.image.augment import AUGMENTATIONS, LABEL_SAFE, augment_images
from polysight.modalities.image.corruptions import CORRUPTIONS
from polysight.modalities.image.decoding import SUFFIXES, decode_rgb, deep_values, read_header, to_file
from polysight.modalities.image.depth import Window, value_window
from polysight.modalities.image.facts import MEASURES
from polysight.modalities.image.resizing import Aspect, to_square
from polysight.modalities.image.units import regions_of
from polysight.modalities.units import Units

#: Deviation of log proportions beyond which each image counts as having its own (a camera turned by 90 degrees
#: now and then gives less).
OWN_PROPORTIONS = 0.3
#: The sizes an automatic choice picks from.
SIZES = (16, 28, 32, 64, 96, 128)
#: The smallest and the largest size a user may give.
SIZE_LIMITS = (8, 1024)
#: From this size on an image has room for local descriptors.
PHOTO = 48
#: Fisher vectors of photos, which mostly mean the same from the other side; oriented gradients see the side.
_SHAPES = {"kind": "sift_fisher", "gaussians": 64, "mirror": True}
_COLOURS = {"kind": "colour_fisher", "gaussians": 64, "mirror": True}
#: How many training files are looked at to settle size and window.
_LOOKED_AT = 128
#: How many values of each deep image are looked at.
_VALUES = 10_000


@dataclass(frozen=True, kw_only=True)
class Image(CellwiseModality):
    """Image files, or images in memory (Pillow images, arrays [height, width] or [height, width, channel]).

    Read upright, on white where transparent, as array ``pixels``: uint8 [row, slot, size, size, 3].

    Attributes:
        columns: One column, or several that hold images of one kind (each becomes a slot; one encoder for all).
        size: Pixels of each side, 8 to 1024. Automatic: the smallest of 16, 28, 32, 64, 96 and 128 that is not
            below the median longer side of the training images; 128 for anything larger.
        aspect: What happens to an image that is not square: ``stretch``, or ``pad`` with its background. Automatic:
            ``pad`` where each image has proportions of its own (product photos: .742 instead of .734 of the answers
            right with Fisher vectors), else ``stretch``.
        window: Which values become black and white in images deeper than 8 bits (16-bit, float), so that all
            images share one scale. Automatic: what the training images need (see ``depth.value_window``).
        augment: Random changes of training batches: names in ``augment.AUGMENTATIONS``. None means
            ``augment.LABEL_SAFE`` (and, in an ensemble, mirroring where validation likes it), an empty list none.

    Raises:
        ConfigError: A size, window, aspect or augmentation that does not fit.
    """

    kind: ClassVar[str] = "image"
    default_encoder: ClassVar[str] = "image_convnet"
    measures: ClassVar[Mapping[str, Measure]] = MEASURES
    corruptions: ClassVar[Mapping[str, Corruption]] = CORRUPTIONS
    label_safe: ClassVar[tuple[str, ...]] = LABEL_SAFE
    perhaps_safe: ClassVar[tuple[str, ...]] = ("flip",)

    size: int | None = None
    aspect: Aspect | None = None
    window: Window | None = None
    augment: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", _names(self.columns))
        if self.augment is not None:
            object.__setattr__(self, "augment", _names(self.augment))
        smallest, largest = SIZE_LIMITS
        if self.size is not None and not smallest <= self.size <= largest:
            raise ConfigError(f"size must be {smallest} to {largest} pixels, not {self.size}", where="image.size")
        if self.window is not None and not self.window[0] < self.window[1]:
            raise ConfigError(f"black must lie below white, not {self.window}", where="image.window")
        if self.aspect is not None and self.aspect not in get_args(Aspect):
            raise ConfigError(f"{self.aspect!r} is neither 'stretch' nor 'pad'", where="image.aspect")
        check_augmentations(self.augment, AUGMENTATIONS, "image")

    @classmethod
    def sniff(cls, column: pd.Series, root: Any) -> Match:
        """Image files by their endings, of which a sample is looked for under ``root``; or images in memory."""
        filled = [value for value in column.tolist() if not is_empty(value)]
        sample = [filled[position] for position in evenly_spread(len(filled), 50)]
        if sample and all(_is_image(value) for value in sample):
            return Match(1.0, "image", f"{len(sample)} cells looked at are images in memory")
        match = match_files(column, Path(root), SUFFIXES, "image")
        # Of an animation the first frame counts here; a sequence shows all of it.
        return replace(match, score=match.score / 2) if mostly_animated(sample, Path(root)) else match

    @property
    def default_features(self) -> FeatureSpecs:
        """Shapes and colours of photos; of images too small for descriptors, patches and the pixels themselves."""
        return (_SHAPES, _COLOURS, "hog") if self.side >= PHOTO else ("patches", "hog", "pixels")

    @property
    def compact_features(self) -> FeatureSpecs:
        """Colours."""
        return ("colour",)

    @property
    def classical(self) -> tuple[Classical, ...]:
        """By size, as measured on product photos, houses, scans and digits, 100 to 900 rows each."""
        if self.side < PHOTO:
            return (
                Classical(("patches", "sift_fisher", "hog"), "logistic", {"C": 100.0}),
                Classical(("patches",), "svm"),
                Classical(("pixels",), "svm"),
                Classical(("hog", "colour", "pixels"), "logistic", {"C": 5.0}),
            )
        sets = ({**_SHAPES, "together": True}, {**_COLOURS, "together": True})
        return (
            *((Classical(sets, "svm"),) if len(self.columns) > 1 else ()),
            Classical(self.default_features, "logistic"),
            Classical(("hog", "colour"), "svm"),
            Classical((_SHAPES, _COLOURS), "svm"),
            Classical((_SHAPES, "lbp", "pixels"), "logistic"),
            Classical((_COLOURS,), "logistic"),
        )

    @property
    def work(self) -> float:
        """The stem's work grows with the pixels; the rest sees about 32 x 32 of them, whatever the size."""
        return len(self.columns) * (0.5 + 0.6 * (self.side / 224) ** 2)

    def settle(self, cells: Cells) -> Self:
        """A copy with size, proportions and window resolved from (at most 128) training images."""
        if None not in (self.size, self.aspect, self.window):
            return self
        sides, proportions, values = [], [], []
        for content in self._sample(cells):
            try:
                header = read_header(content)
                sides.append(max(header.width, header.height))
                proportions.append(np.log(header.width / header.height))
                if header.deep and self.window is None:
                    values.append(_some_values(content))
            except UnreadableCellError:
                continue  # ``read`` reports it, with its row.
        return replace(
            self,
            aspect=self.aspect or ("pad" if proportions and np.std(proportions) > OWN_PROPORTIONS else "stretch"),
            size=self.size or _snapped(float(np.median(sides)) if sides else SIZES[-1]),
            window=value_window(np.concatenate(values)) if values else self.window,
        )

    def content(self, value: Any, root: Path) -> bytes:
        """The bytes of the file a cell names, or of the image it holds."""
        return to_file(value) if isinstance(value, np.ndarray | PIL.Image.Image) else super().content(value, root)

    def decode(self, content: bytes) -> Decoded:
        """The image as square 8-bit RGB."""
        side = self.side
        return {"pixels": to_square(decode_rgb(content, side, self.window), side, self.aspect or "stretch")}

    def blank(self) -> Decoded:
        """Black; never seen, because an absent slot is masked."""
        return {"pixels": np.zeros((self.side, self.side, 3), dtype=np.uint8)}

    def decoding_settings(self) -> dict[str, Any]:
        """Size, aspect and window."""
        return {"size": self.side, "aspect": self.aspect or "stretch", "window": self.window}

    @property
    def side(self) -> int:
        """The size, once it is known.

        Raises:
            NotFittedError: It is still automatic.
        """
        if self.size is None:
            raise NotFittedError("the size of this image input is not resolved yet", fix="call settle first")
        return self.size

    def transform(self, view: View) -> Arrays:
        """The pixels as they were read; the encoder scales them."""
        return {"pixels": view.arrays["pixels"]}

    def units_there(self, row: View) -> Units:
        """Regions of the images."""
        return regions_of(row, self.columns)

    def augmented(self, arrays: Arrays, rng: np.random.Generator) -> Arrays:
        """The batch with the named random changes, each slot by itself."""
        pixels = arrays["pixels"]
        images = pixels.reshape(-1, *pixels.shape[2:])
        names = LABEL_SAFE if self.augment is None else self.augment
        return {**arrays, "pixels": augment_images(images, names, rng).reshape(pixels.shape)}

    def _sample(self, cells: Cells) -> Iterator[bytes]:
        filled = [value for column in self.columns for value in cells.frame[column].tolist() if not is_empty(value)]
        for position in evenly_spread(len(filled), _LOOKED_AT):
            try:
                yield self.content(filled[position], cells.root)
            except UnreadableCellError:
                continue  # ``read`` reports it, with its row.


def _names(value: Any) -> tuple[str, ...]:
    # One name may stand for a list of one; taken as a sequence it would fall into letters.
    return (value,) if isinstance(value, str) else tuple(value)


def _snapped(side: float) -> int:
    return next((size for size in SIZES if size >= side), SIZES[-1])


def _some_values(content: bytes) -> Num[np.ndarray, " value"]:
    values = deep_values(content).ravel()
    some = values[:: 1 + values.size // _VALUES]
    value_window(some)  # refuses an image that holds none
    return some


def _is_image(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        # A table of a few columns is no grey image but points, or moments in time.
        return (value.ndim == 2 and value.shape[1] >= SIZE_LIMITS[0]) or (
            value.ndim == 3 and value.shape[2] in (1, 3, 4)
        )
    return isinstance(value, PIL.Image.Image)
