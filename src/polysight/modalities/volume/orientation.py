"""Orientation: the same patient the same way up, however the scanner stored the slices.

Axes are only reordered and reversed, never interpolated: an oblique scan stays oblique.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np
from jaxtyping import Float, Num

from polysight.modalities.volume.scan import Scan, bad_affine, spacing_of


def upright(voxels: Num[np.ndarray, "i j k"], affine: Float[np.ndarray, "4 4"]) -> Scan:
    """A scan with slices to the head, rows to the front and columns to the right of the patient.

    Args:
        voxels: Values by the three indices that ``affine`` maps.
        affine: From indices to millimetres, x to the right, y to the front, z to the head of the patient (RAS).

    Raises:
        UnreadableCellError: ``bad_affine``: it holds NaN, or two axes run the same way.
    """
    axes = np.asarray(affine, dtype=np.float64)[:3, :3]
    if not np.isfinite(affine).all():
        raise bad_affine("the header's affine matrix holds values that are NaN or infinite")
    spacing = np.sqrt((axes**2).sum(axis=0))
    spacing_of(spacing)
    directions = axes / spacing
    if abs(np.linalg.det(directions)) < 1e-3:
        raise bad_affine("the header's affine matrix has axes that run the same way")
    # Which index runs along x, y and z: the assignment whose directions agree best.
    order = max(permutations(range(3)), key=lambda p: sum(abs(directions[world, i]) for world, i in enumerate(p)))
    turned = voxels.transpose(order[::-1])
    flips = [slice(None, None, -1 if directions[world, order[world]] < 0 else 1) for world in (2, 1, 0)]
    return Scan(turned[tuple(flips)], spacing_of(spacing[list(order[::-1])]))
