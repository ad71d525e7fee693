"""Video: frames of a file that FFmpeg reads (through PyAV), and when each of them appears."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np
from jaxtyping import Float, Int, UInt8

from polysight.core.errors import MissingExtraError, UnreadableCellError
from polysight.modalities.sequence.frames import MOST_PIXELS, Frames

#: How names of video files end.
SUFFIXES = frozenset(
    {".mp4", ".m4v", ".avi", ".mov", ".mkv", ".webm", ".mpg", ".mpeg", ".ogv", ".flv", ".wmv", ".3gp", ".y4m"}
)
#: A file is complete if it has this share of the frames, or of the time, that it announces.
COMPLETE = 0.95
#: How Matroska writes the duration of each stream.
_DURATION = re.compile(r"(\d+):(\d+):(\d+(?:\.\d+)?)")
_CONVERT = "convert it with: ffmpeg -i FILE -c:v libx264 out.mp4"


class Video(Frames):
    """A video: the first video stream of a file, upright; sound is not looked at.

    What a file announces is compared with what is in it: a video that breaks off is refused, though some of its
    frames could be read, because what happened in the rest of it is not known.

    Args:
        content: The bytes of the file.

    Raises:
        UnreadableCellError: ``not_a_video``, ``no_video``, ``unknown_codec``, ``no_frames``, ``too_large``,
            ``truncated`` or ``corrupt``.
        MissingExtraError: PyAV is not installed.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._times = self._look_through()

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self._times)

    @property
    def times(self) -> Float[np.ndarray, " frame"]:
        """When each frame appears, in seconds after the first one."""
        return self._times

    def at(self, places: Int[np.ndarray, " frame"]) -> Iterator[UInt8[np.ndarray, "height width_px 3"]]:
        """Decode up to the last of some places; a frame or two less than packets do no harm."""
        wanted, last = set(places.tolist()), int(places[-1])
        decoded = 0
        with self._opened() as container:
            for number, frame in enumerate(_decoded(container)):
                decoded = number + 1
                if number in wanted:
                    yield _upright(frame)
                if number >= last:
                    break
        if not decoded or (decoded <= last and decoded + 1 < COMPLETE * self.count):
            raise _truncated(f"of {self.count} frames only {decoded} can be decoded")

    def _look_through(self) -> Float[np.ndarray, " frame"]:
        """When each frame appears, from the packets alone: nothing is decoded."""
        with self._opened() as container:
            stream = container.streams.video[0]
            if stream.codec_context is None:
                raise UnreadableCellError("unknown_codec", "no decoder for this kind of video", fix=_CONVERT)
            if stream.codec_context.width * stream.codec_context.height > MOST_PIXELS:
                raise UnreadableCellError("too_large", f"frames of more than {MOST_PIXELS:,} pixels", fix=_CONVERT)
            stamps = _stamps(container, stream)
            announced, rate = stream.frames, float(stream.average_rate or 25)
            seconds = _announced_seconds(container, stream)
            base = float(stream.time_base or 1 / rate)
        if not stamps:
            raise UnreadableCellError("no_frames", "holds no frames", fix="record it again")
        known = [stamp for stamp in stamps if stamp is not None]
        times = np.sort(known) * base if len(known) == len(stamps) else np.arange(len(stamps)) / rate
        times = times - times[0]
        if len(times) < COMPLETE * announced:
            raise _truncated(f"{announced} frames are announced, and {len(times)} are there")
        # The last frame is shown for a while too, and sound may go on a little longer.
        if times[-1] + 2 / rate + 0.1 < COMPLETE * seconds:
            raise _truncated(f"{seconds:.1f} seconds are announced, and {times[-1]:.1f} are there")
        return times

    def _opened(self) -> Any:
        try:
            import av
        except ImportError:
            raise MissingExtraError("video", "reading video") from None
        try:
            container = av.open(io.BytesIO(self._content), metadata_errors="ignore")
        except (av.FFmpegError, IndexError, ValueError) as error:
            what = f"neither images nor a video: {_said(error)}"
            raise UnreadableCellError("not_a_video", what, fix=_CONVERT) from None
        if not container.streams.video:
            container.close()
            raise UnreadableCellError("no_video", "holds no video stream", fix="name a file with pictures in it")
        return container


def _announced_seconds(container: Any, stream: Any) -> float:
    """How long the video is said to be; 0 where that is not said of the video itself."""
    if stream.duration is not None:
        return float(stream.duration * stream.time_base)
    if written := _DURATION.fullmatch(stream.metadata.get("DURATION", "")):
        hours, minutes, seconds = map(float, written.groups())
        return 3600 * hours + 60 * minutes + seconds
    # Of several streams, sound may be the one that goes on.
    alone = len(container.streams) == 1 and container.duration is not None
    return container.duration / 1e6 if alone else 0.0


def _stamps(container: Any, stream: Any) -> list[int | None]:
    import av

    try:
        return [packet.pts for packet in container.demux(stream) if packet.size]
    except (av.FFmpegError, IndexError) as error:
        _damaged(error)


def _decoded(container: Any) -> Iterator[Any]:
    import av

    stream = container.streams.video[0]
    # Several files are decoded at once, each in one thread.
    stream.codec_context.thread_count = 1
    try:
        yield from container.decode(stream)
    except (av.FFmpegError, IndexError) as error:
        _damaged(error)


def _upright(frame: Any) -> UInt8[np.ndarray, "height width_px 3"]:
    """A frame as RGB, turned as the camera was held."""
    pixels = frame.to_ndarray(format="rgb24")
    return np.ascontiguousarray(np.rot90(pixels, round(frame.rotation / 90)))


def _damaged(error: Exception) -> NoReturn:
    raise UnreadableCellError("corrupt", f"the video is damaged: {_said(error)}", fix="copy it again") from None


def _said(error: Exception) -> str:
    """What FFmpeg says, without the number of the error."""
    return str(getattr(error, "strerror", None) or error)


def _truncated(what: str) -> UnreadableCellError:
    return UnreadableCellError("truncated", f"the video is cut short: {what}", fix="copy it again")
