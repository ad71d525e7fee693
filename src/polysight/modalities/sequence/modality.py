"""The sequence modality: videos, animations, stacks and folders of images, read as a few small frames in order."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Self, get_args

import numpy as np
import pandas as pd

from polysight.core.errors import ConfigError, MissingExtraError, NotFittedError, UnreadableCellError
from polysight.core.files import resolve_inside
from polysight.data.view import Cells, View
from polysight.modalities.augmentations import check_augmentations
from polysight.modalities.base import Arrays, Classical, FeatureSpecs, Match
from polysight.modalities.bulky import BulkyModality
from polysight.modalities.cellwise import LARGEST_FILE, Decoded, is_empty
from polysight.modalities.corruption import Corruption
from polysight.modalities.facts import Measure
from polysight.modalities.file_columns import evenly_spread
from polysight.modalities.image.decoding import to_file
from polysight.modalities.image.modality import OWN_PROPORTIONS
from polysight.modalities.image.resizing import Aspect
from polysight.modalities.sequence.augment import AUGMENTATIONS, LABEL_SAFE, augment_batch
from polysight.modalities.sequence.bundle import packed, packed_folder
from polysight.modalities.sequence.corruptions import CORRUPTIONS
from polysight.modalities.sequence.facts import MEASURES
from polysight.modalities.sequence.frames import Sampling, frames_of
from polysight.modalities.sequence.sniffing import sequence_column
from polysight.modalities.sequence.units import frames_of_row
from polysight.modalities.sequence.video import Video
from polysight.modalities.units import Units

#: The sizes an automatic choice picks from: what two cores train in minutes.
SIZES = (16, 28, 32, 48, 64)
SIZE_LIMITS = (8, 512)
#: The most frames an automatic choice takes, and the most a user may ask for.
MOST_FRAMES = 16
FRAME_LIMITS = (1, 512)
#: From this size on a frame has room for local descriptors.
PHOTO = 48
#: How many training cells are looked at to settle size and frames.
_LOOKED_AT = 12


class _Look(NamedTuple):
    """What one training cell is like."""

    width: int
    height: int
    frames: int


@dataclass(frozen=True, kw_only=True)
class Sequence(BulkyModality):
    """Images in an order: video files, animations (GIF, WebP, APNG), pages of a TIFF file, ``.npy`` stacks, folders.

    Cells may also hold arrays [frame, height, width(, colour)] or lists of images. Read as array ``frames``: uint8
    [row, slot, frame, size, size, 3], of which the first ``length`` are there. A video or file that breaks off is
    refused, though some frames could be read: what happened in the rest of it is not known.

    Attributes:
        columns: One column, or several. Each becomes a slot with a sequence of its own - unless ``frames`` is 1:
            then each holds one image, and all of them in order are one sequence (those that are missing left out).
        frames: The most frames of a cell, 1 to 512. Automatic: as many as 95 % of the training cells have, 16 at most.
        rate: Frames a second; of a longer video the middle is kept. None: ``frames`` of them, evenly spread over the
            whole video; so it is also done where nothing tells the time (folders, pages, arrays).
        size: Pixels of each side, 8 to 512. Automatic: the smallest of 16, 28, 32, 48 and 64 that is not below the
            median longer side of the training frames; 64 for anything larger.
        aspect: What happens to frames that are not square: ``stretch``, or ``pad`` with their background. Automatic:
            ``pad`` where sequences have proportions of their own, else ``stretch``.
        augment: Random changes of training batches, the same for all frames: names in ``augment.AUGMENTATIONS``.
            None means ``augment.LABEL_SAFE``, an empty list none.

    Raises:
        ConfigError: A setting out of range, or an augmentation that does not exist.
    """

    kind: ClassVar[str] = "sequence"
    default_encoder: ClassVar[str] = "sequence_lstm"
    measures: ClassVar[Mapping[str, Measure]] = MEASURES
    corruptions: ClassVar[Mapping[str, Corruption]] = CORRUPTIONS
    label_safe: ClassVar[tuple[str, ...]] = LABEL_SAFE
    bulky: ClassVar[tuple[str, ...]] = ("frames",)

    frames: int | None = None
    rate: float | None = None
    size: int | None = None
    aspect: Aspect | None = None
    augment: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", _names(self.columns))
        if self.augment is not None:
            object.__setattr__(self, "augment", _names(self.augment))
        for name, (least, most) in (("frames", FRAME_LIMITS), ("size", SIZE_LIMITS)):
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise ConfigError(f"{name} must be {least} to {most}, not {value}", where="sequence")
        if self.rate is not None and not 0 < self.rate < np.inf:
            raise ConfigError(f"rate must be above 0, not {self.rate}", where="sequence.rate")
        if self.aspect is not None and self.aspect not in get_args(Aspect):
            raise ConfigError(f"{self.aspect!r} is neither 'stretch' nor 'pad'", where="sequence.aspect")
        check_augmentations(self.augment, AUGMENTATIONS, "sequence")

    @classmethod
    def sniff(cls, column: pd.Series, root: Any) -> Match:
        """Videos by their endings; animations, arrays and folders by what is in them."""
        return sequence_column(column, Path(root))

    @property
    def default_features(self) -> FeatureSpecs:
        """What frames show on the whole and how much that changes, and what moves where."""
        return ("frame_hog", "frame_colour", "frame_motion", "optical_flow")

    @property
    def compact_features(self) -> FeatureSpecs:
        """Colours and motion."""
        return ("frame_colour", "frame_motion", "optical_flow")

    @property
    def classical(self) -> tuple[Classical, ...]:
        """Frames and motion together, then each on its own."""
        shapes: tuple[Classical, ...] = ()
        if self.side >= PHOTO:
            shapes = (Classical(("frame_fisher", "frame_colour", "frame_motion"), "logistic"),)
        return (
            Classical(self.default_features, "logistic"),
            Classical(("frame_motion", "optical_flow"), "svm"),
            *shapes,
            Classical(("frame_hog", "frame_colour"), "svm"),
        )

    @property
    def work(self) -> float:
        """Each frame is an image."""
        return max(1, len(self.columns)) * (self.frames or MOST_FRAMES) * (0.5 + 0.6 * (self.side / 224) ** 2)

    def settle(self, cells: Cells) -> Self:
        """A copy with frames, size and proportions resolved from (at most 12) training cells."""
        if None not in (self.frames, self.size, self.aspect):
            return self
        looks = list(self._looks(cells))
        counts = [look.frames for look in looks]
        sides = [max(look.width, look.height) for look in looks]
        proportions = [np.log(look.width / look.height) for look in looks]
        frames = int(np.clip(np.ceil(np.percentile(counts, 95)), 1, MOST_FRAMES)) if counts else MOST_FRAMES
        return replace(
            self,
            frames=self.frames or frames,
            size=self.size or _snapped(float(np.median(sides)) if sides else SIZES[-1]),
            aspect=self.aspect or ("pad" if proportions and np.std(proportions) > OWN_PROPORTIONS else "stretch"),
        )

    def content(self, value: Any, root: Path) -> bytes:
        """The bytes of the file a cell names, or of the images in its folder, or of those it holds."""
        if isinstance(value, np.ndarray):
            return _array_file(value)
        if isinstance(value, list | tuple):
            return packed([to_file(frame) for frame in value])
        if not isinstance(value, str):
            raise UnreadableCellError(
                "not_a_sequence", "names no file and holds no images", fix="name a file or folder"
            )
        path = resolve_inside(value, root, folders=True)
        if path.is_dir():
            return packed_folder(path, self.frames or MOST_FRAMES, LARGEST_FILE)
        return super().content(value, root)

    def decode(self, content: bytes) -> Decoded:
        """The frames that are taken, as squares, and how many there are."""
        sampling = self.sampling
        taken = sampling(frames_of(content, sampling.size, Video))
        padded = np.zeros((sampling.frames, *taken.shape[1:]), dtype=np.uint8)
        padded[: len(taken)] = taken
        return {"frames": padded, "length": np.asarray(len(taken), dtype=np.int32)}

    def blank(self) -> Decoded:
        """Black, no frame; never seen, because an absent slot is masked."""
        shape = (self.sampling.frames, self.side, self.side, 3)
        return {"frames": np.zeros(shape, dtype=np.uint8), "length": np.zeros((), dtype=np.int32)}

    def decoding_settings(self) -> dict[str, Any]:
        """Frames, rate, size and aspect."""
        return vars(self.sampling).copy()

    @property
    def sampling(self) -> Sampling:
        """What is taken of each sequence.

        Raises:
            NotFittedError: Some settings are still automatic.
        """
        if self.frames is None:
            raise NotFittedError("the frames of this sequence input are not resolved yet", fix="call settle first")
        return Sampling(self.frames, self.rate, self.side, self.aspect or "stretch")

    @property
    def side(self) -> int:
        """The size, once it is known.

        Raises:
            NotFittedError: It is still automatic.
        """
        if self.size is None:
            raise NotFittedError("the size of this sequence input is not resolved yet", fix="call settle first")
        return self.size

    def transform(self, view: View) -> Arrays:
        """Frames and lengths as they were read; the encoder scales them."""
        return {"frames": view.arrays["frames"], "length": view.arrays["length"]}

    def units_there(self, row: View) -> Units:
        """The frames."""
        return frames_of_row(row, self.columns)

    def augmented(self, arrays: Arrays, rng: np.random.Generator) -> Arrays:
        """The batch with the named random changes; all frames of a sequence change alike."""
        frames, length = np.asarray(arrays["frames"]), arrays["length"]
        names = LABEL_SAFE if self.augment is None else self.augment
        if not names:
            return arrays
        changed, ends = augment_batch(frames, length, names, rng)
        return {**arrays, "frames": changed, "length": ends}

    def _looks(self, cells: Cells) -> Iterator[_Look]:
        filled = [value for column in self.columns for value in cells.frame[column].tolist() if not is_empty(value)]
        for position in evenly_spread(len(filled), _LOOKED_AT):
            try:
                frames = frames_of(self.content(filled[position], cells.root), SIZE_LIMITS[1], Video)
                first = next(iter(frames.at(np.zeros(1, dtype=np.int64))))
            except (UnreadableCellError, MissingExtraError):
                continue  # ``read`` reports it, with its row.
            yield _Look(first.shape[1], first.shape[0], frames.count)


def _array_file(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    try:
        np.save(buffer, array, allow_pickle=False)
    except ValueError as error:
        raise UnreadableCellError("not_a_sequence", f"does not hold plain numbers: {error}") from None
    return buffer.getvalue()


def _snapped(side: float) -> int:
    return next((size for size in SIZES if size >= side), SIZES[-1])


def _names(value: Any) -> tuple[str, ...]:
    # One name may stand for a list of one; taken as a sequence it would fall into letters.
    return (value,) if isinstance(value, str) else tuple(value)
