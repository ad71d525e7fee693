"""Saving: recordings of demonstrations as files that the modalities read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float, Shaped, UInt8
from PIL import Image

from polysight.core.files import write_text

#: How long a frame of an animation is shown, in milliseconds.
FRAME_MS = 125


def save_png(path: Path, picture: UInt8[np.ndarray, "..."]) -> None:
    """A picture, grey or in colour."""
    Image.fromarray(picture).save(path, "PNG")


def save_gif(path: Path, frames: UInt8[np.ndarray, "frame height width"]) -> None:
    """Grey frames as an animation; every frame is kept, and nothing is lost."""
    first, *others = (Image.fromarray(frame) for frame in frames)
    first.save(path, "GIF", save_all=True, append_images=others, duration=FRAME_MS, loop=0, optimize=False)


def save_npy(path: Path, array: Shaped[np.ndarray, "..."]) -> None:
    """An array: a volume, or a series [time, channel]."""
    np.save(path, array.astype(np.float32) if array.dtype == np.float64 else array, allow_pickle=False)


def save_sweep(path: Path, points: Float[np.ndarray, "point 4"]) -> None:
    """A sweep of a laser scanner as KITTI keeps it: x, y, z in metres and reflectance, single precision."""
    path.write_bytes(np.ascontiguousarray(points, dtype="<f4").tobytes())


def save_off(path: Path, model: tuple[Float[np.ndarray, "vertex 3"], Shaped[np.ndarray, "face 3"]]) -> None:
    """A triangle mesh in the Object File Format."""
    vertices, faces = model
    lines = ["OFF", f"{len(vertices)} {len(faces)} 0"]
    lines += [" ".join(f"{value:.5f}" for value in vertex) for vertex in vertices]
    lines += [f"3 {a} {b} {c}" for a, b, c in faces]
    write_text(path, "\n".join(lines) + "\n")
