"""Frames: the content of a cell - a video, an animation, pages, an array, a folder - to a few small images in order."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import PIL.Image
from jaxtyping import Float, Int, Num, UInt8

from polysight.core.errors import UnreadableCellError
from polysight.modalities.image.decoding import decode_rgb, guarded, is_deep, on_white, opened
from polysight.modalities.image.depth import to_8_bit, value_window
from polysight.modalities.image.resizing import Aspect, to_square
from polysight.modalities.sequence.bundle import is_bundle, unpacked
from polysight.modalities.sequence.sampling import at_rate, evenly

#: What an array file begins with.
NPY = b"\x93NUMPY"
#: The most pixels a frame may have.
MOST_PIXELS = 89_478_485


class Frames(ABC):
    """Frames in order, of which some can be had."""

    @property
    @abstractmethod
    def count(self) -> int:
        """How many frames there are."""

    @property
    def times(self) -> Float[np.ndarray, " frame"] | None:
        """When each frame appears, in seconds; None where nothing says it."""
        return None

    @abstractmethod
    def at(self, places: Int[np.ndarray, " frame"]) -> Iterator[UInt8[np.ndarray, "height width_px 3"]]:
        """The frames at some places (rising), as RGB of 8 bits."""


@dataclass(frozen=True)
class Sampling:
    """What is taken of a sequence: frames by number or by rate, as squares.

    Attributes:
        frames: The most frames.
        rate: Frames a second where the sequence has times; None: ``frames`` of them, evenly spread.
        size: Pixels of each side.
        aspect: What happens to frames that are not square.
    """

    frames: int
    rate: float | None
    size: int
    aspect: Aspect

    def places(self, frames: Frames) -> Int[np.ndarray, " frame"]:
        """The places of the frames that are taken."""
        if self.rate is None or frames.times is None:
            return evenly(frames.count, self.frames)
        return at_rate(frames.times, self.rate, self.frames)

    def __call__(self, frames: Frames) -> UInt8[np.ndarray, "frame size size 3"]:
        """The frames that are taken, at least one."""
        taken = [to_square(frame, self.size, self.aspect) for frame in frames.at(self.places(frames))]
        return np.stack(taken)


@dataclass(frozen=True)
class Stack(Frames):
    """An array [frame, height, width] or [frame, height, width, 1, 3 or 4]; of more than 8 bits, in one window."""

    values: Num[np.ndarray, "frame height width_px *channel"]

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self.values)

    def at(self, places: Int[np.ndarray, " frame"]) -> Iterator[UInt8[np.ndarray, "height width_px 3"]]:
        """The frames at some places."""
        window = None if self.values.dtype == np.uint8 else value_window(self.values)
        for place in places:
            frame = self.values[place]
            levels = frame if window is None else to_8_bit(frame, window)
            yield np.repeat(levels, 3, axis=2) if levels.shape[2] == 1 else np.ascontiguousarray(levels[:, :, :3])


@dataclass(frozen=True)
class Folder(Frames):
    """Image files: one, or those of a folder that were asked for when it was packed."""

    images: Sequence[bytes]
    side: int

    @property
    def count(self) -> int:
        """How many images there are."""
        return len(self.images)

    def at(self, places: Int[np.ndarray, " frame"]) -> Iterator[UInt8[np.ndarray, "height width_px 3"]]:
        """The images at some places; one that is damaged spoils the whole."""
        for place in places:
            try:
                yield decode_rgb(self.images[place], self.side)
            except UnreadableCellError as error:
                raise UnreadableCellError(error.reason, f"frame {place + 1}: {error.what}", fix=error.fix) from None


class Pages(Frames):
    """Frames of an animation (GIF, WebP, PNG) with its times, or pages of a TIFF file.

    Args:
        content: The bytes of the file.

    Raises:
        UnreadableCellError: As ``image.decoding.decode_rgb``.
    """

    def __init__(self, content: bytes) -> None:
        if content.startswith(b"GIF8") and not content.rstrip(b"\0").endswith(b";"):
            raise UnreadableCellError("truncated", "the animation breaks off", fix="copy it again")
        self._image = opened(content)
        self._count = int(guarded(lambda: getattr(self._image, "n_frames", 1)))

    @property
    def count(self) -> int:
        """How many frames there are."""
        return self._count

    @property
    def times(self) -> Float[np.ndarray, " frame"] | None:
        """When each frame appears, or None for pages."""
        shown = [self._page(place).info.get("duration") for place in range(self.count)]
        if any(duration is None for duration in shown):
            return None
        return np.concatenate([[0.0], np.cumsum(np.asarray(shown[:-1], dtype=np.float64)) / 1000])

    def at(self, places: Int[np.ndarray, " frame"]) -> Iterator[UInt8[np.ndarray, "height width_px 3"]]:
        """The frames at some places; pages of more than 8 bits in one window."""
        if not is_deep(self._image):
            yield from (np.asarray(on_white(self._page(place))) for place in places)
            return
        deep = [np.asarray(self._page(place)) for place in places]
        window = value_window(np.concatenate([page.ravel() for page in deep]))
        yield from (np.repeat(to_8_bit(page, window)[..., None], 3, axis=2) for page in deep)

    def _page(self, place: int) -> PIL.Image.Image:
        def turned() -> PIL.Image.Image:
            self._image.seek(int(place))
            self._image.load()
            return self._image

        return guarded(turned)


def frames_of(content: bytes, side: int, video: Callable[[bytes], Frames]) -> Frames:
    """The frames of a cell's content, whatever it is: that shows in its first bytes.

    Args:
        content: A file's bytes, a packed folder, or an array file.
        side: How many pixels of each side will be needed.
        video: What reads a video.

    Raises:
        UnreadableCellError: It holds no frames that can be read.
    """
    if not content:
        raise UnreadableCellError("empty_file", "the file is empty", fix="copy it again")
    if is_bundle(content):
        return Folder(unpacked(content), side)
    if content.startswith(NPY):
        return Stack(_stack(content))
    if not _is_image(content):
        return video(content)
    pages = Pages(content)
    return pages if pages.count > 1 else Folder([content], side)


def _is_image(content: bytes) -> bool:
    try:
        opened(content)
    except UnreadableCellError as error:
        return error.reason != "not_an_image"
    return True


def _stack(content: bytes) -> Num[np.ndarray, "frame height width_px channel"]:
    try:
        array = np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        reason = "truncated" if "reshape" in str(error) or "EOF" in str(error) else "not_a_sequence"
        raise UnreadableCellError(reason, f"cannot be read as an array: {error}", fix="save it again") from None
    array = array[..., None] if array.ndim == 3 else array
    if array.ndim != 4 or array.shape[3] not in (1, 3, 4) or array.dtype.kind not in "biuf":
        what = f"is an array of shape {array.shape} and type {array.dtype}, not [frame, height, width(, colour)]"
        raise UnreadableCellError("not_a_sequence", what, fix="save it with the frames first")
    if not array.size:
        raise UnreadableCellError("no_frames", "holds no frames", fix="record it again")
    return array.astype(np.uint8) * 255 if array.dtype == bool else array
