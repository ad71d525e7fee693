"""Tiny videos whose every frame is known: a grey level that rises, and a white bar that moves to the right."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from PIL import Image

SIDE, COUNT, RATE = 32, 12, 10

#: Ending, encoder and pixel format of each kind of video that is read.
KINDS = {
    "H.264": (".mp4", "libx264", "yuv444p"),
    "H.264 in Matroska": (".mkv", "libx264", "yuv420p"),
    "VP9": (".webm", "libvpx-vp9", "yuv420p"),
    "AV1": (".mp4", "libsvtav1", "yuv420p"),
    "MPEG-4": (".avi", "mpeg4", "yuv420p"),
    "QuickTime": (".mov", "mpeg4", "yuv420p"),
    "MPEG-2": (".mpg", "mpeg2video", "yuv420p"),
    "GIF": (".gif", "gif", "gray"),
}


def truth(count: int = COUNT, side: int = SIDE) -> np.ndarray:
    """The frames as they should come back: uint8 [frame, side, side, 3]."""
    frames = np.zeros((count, side, side, 3), dtype=np.uint8)
    for number, frame in enumerate(frames):
        frame[:] = 20 + 15 * number
        frame[:, 2 * number : 2 * number + 6] = 230
    return frames


def write_video(path: Path, frames: np.ndarray | None = None, codec: str = "libx264", pixels: str = "yuv444p") -> str:
    """Write frames at 10 a second; the file's name comes back."""
    frames = truth() if frames is None else frames
    options = {"libx264": {"crf": "1"}, "libvpx-vp9": {"crf": "5", "b": "0"}, "libsvtav1": {"crf": "5", "preset": "12"}}
    with av.open(str(path), "w") as container:
        rate = 25 if codec == "mpeg2video" else RATE
        stream = container.add_stream(codec, rate=rate, options=options.get(codec, {"qscale": "1", "b": "4000000"}))
        stream.width, stream.height = frames.shape[2], frames.shape[1]
        stream.pix_fmt = pixels
        for number, pixels_of_frame in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(pixels_of_frame, format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path.name


def write_gif(path: Path, frames: np.ndarray | None = None, milliseconds: int = 100) -> str:
    """Write an animation with Pillow."""
    pictures = [Image.fromarray(frame) for frame in (truth() if frames is None else frames)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=milliseconds)
    return path.name


def moving(direction: int, seed: int, count: int = 10, side: int = 24) -> np.ndarray:
    """A bright square that moves right (1) or left (-1) over noise."""
    rng = np.random.default_rng(seed)
    frames = rng.integers(0, 60, (count, side, side, 3), dtype=np.uint8)
    top, first = rng.integers(2, side - 8), rng.integers(0, 4)
    for number, frame in enumerate(frames):
        step = first + number if direction > 0 else first + count - 1 - number
        frame[top : top + 6, step : step + 6] = 220
    return frames
