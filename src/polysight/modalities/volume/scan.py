"""Scan: what every volume reader gives, and the limits all of them keep."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num

from polysight.core.errors import UnreadableCellError

#: The most voxels a volume may have (800 slices of 800 x 800).
MOST_VOXELS = 2**29

Voxels = Num[np.ndarray, "slice height width_px"]


@dataclass(frozen=True, eq=False)
class Scan:
    """A volume as its file holds it, in one orientation where the file tells any.

    Attributes:
        voxels: The values, rescaled (Hounsfield units of a CT). Slices from feet to head, rows from back to front,
            columns from left to right of the patient; as stored where the file knows no patient (``.npy``).
        spacing: Millimetres from slice to slice, row to row and column to column; None where nobody knows.
    """

    voxels: Voxels
    spacing: tuple[float, float, float] | None = None


def check_size(shape: Sequence[int]) -> None:
    """Refuse a volume without a voxel, and one that is too large, before it is read.

    Raises:
        UnreadableCellError: ``no_voxels`` or ``too_large``.
    """
    if min(shape, default=0) < 1:
        raise UnreadableCellError("no_voxels", f"holds no voxels (shape {tuple(shape)})", fix="export it again")
    if math.prod(shape) > MOST_VOXELS:
        what = f"has {math.prod(shape):,} voxels; {MOST_VOXELS:,} at most are read"
        raise UnreadableCellError("too_large", what, fix="crop it or make it coarser")


def three_axes(shape: Sequence[int]) -> tuple[int, ...]:
    """The shape without axes of length one beyond the third.

    Raises:
        UnreadableCellError: ``wrong_shape``: fewer axes than three, or several volumes in one file.
    """
    axes = list(shape)
    while len(axes) > 3 and axes[-1] == 1:
        axes.pop()
    if len(axes) != 3:
        what = f"has the shape {tuple(shape)}, a volume has three axes"
        raise UnreadableCellError("wrong_shape", what, fix="give one volume a cell")
    return tuple(axes)


def spacing_of(steps: Sequence[float] | Float[np.ndarray, " 3"]) -> tuple[float, float, float]:
    """Distances between voxels as three floats.

    Raises:
        UnreadableCellError: ``bad_affine``: one of them is no positive number.
    """
    first, second, third = (float(step) for step in steps)
    if not all(math.isfinite(step) and step > 0 for step in (first, second, third)):
        raise bad_affine(f"says that voxels are {first:g} x {second:g} x {third:g} mm")
    return first, second, third


def bad_affine(what: str) -> UnreadableCellError:
    """The error of a file that places its voxels nowhere."""
    return UnreadableCellError("bad_affine", what, fix="correct the header, or save the voxels alone as .npy")


def truncated(what: str) -> UnreadableCellError:
    """The error of a file that ends too early."""
    return UnreadableCellError("truncated", f"the file is cut short or damaged: {what}", fix="copy it again")
