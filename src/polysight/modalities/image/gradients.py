"""Histograms of oriented gradients: the computation behind ``Hog``, many images at a time."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Float, Int, UInt8

Images = UInt8[np.ndarray, "image size size 3"]


def oriented_gradients(
    images: Images, *, orientations: int, cell: int, block: int
) -> Float[np.ndarray, "image feature"]:
    """What ``skimage.feature.hog(..., block_norm="L2-Hys", channel_axis=-1)`` gives for each image.

    The steps of a gradient are whole numbers from -255 to 255, so lengths and orientation bins are looked up in
    tables instead of computed for each pixel.

    Args:
        images: Square RGB images of at least ``cell * block`` pixels a side; what is left over beyond the last
            whole cell is ignored.
        orientations: Bins of the half circle.
        cell: Pixels of a cell's side.
        block: Cells of a block's side.

    Returns:
        ``(cells - block + 1) ** 2 * block ** 2 * orientations`` numbers an image, from 0 to 1.
    """
    histograms = _cell_histograms(images, orientations, cell)
    blocks = np.lib.stride_tricks.sliding_window_view(histograms, (block, block), axis=(1, 2))
    blocks = blocks.transpose(0, 1, 2, 4, 5, 3).reshape(len(images), -1, block**2 * orientations)
    return _unit_length(np.minimum(_unit_length(blocks), 0.2)).reshape(len(images), -1)


def _cell_histograms(images: Images, orientations: int, cell: int) -> Float[np.ndarray, "image cell cell bin"]:
    lengths, bins = _tables(orientations)
    cells = images.shape[1] // cell
    gradient = _strongest_gradient(images)[:, : cells * cell, : cells * cell]
    along = np.arange(cells * cell) // cell
    place = along[:, None] * cells + along[None, :] + (np.arange(len(images)) * cells**2)[:, None, None]
    counted = np.bincount(
        (place * orientations + bins[gradient]).ravel(),
        weights=lengths[gradient].ravel(),
        minlength=len(images) * cells**2 * orientations,
    )
    return counted.reshape(len(images), cells, cells, orientations) / cell**2


def _strongest_gradient(images: Images) -> Int[np.ndarray, "image size size"]:
    """Central differences of the channel in which they are longest, as positions in the tables."""
    shape = images.shape[:3]
    longest, strongest = np.full(shape, -1, dtype=np.int32), np.zeros(shape, dtype=np.int32)
    for channel in range(3):
        plane = images[..., channel].astype(np.int32)
        down, right = np.zeros_like(plane), np.zeros_like(plane)
        down[:, 1:-1] = plane[:, 2:] - plane[:, :-2]
        right[:, :, 1:-1] = plane[:, :, 2:] - plane[:, :, :-2]
        length = down**2 + right**2
        longer = length > longest
        np.copyto(longest, length, where=longer)
        np.copyto(strongest, (down + 255) * 511 + right + 255, where=longer)
    return strongest


@lru_cache(maxsize=8)
def _tables(orientations: int) -> tuple[Float[np.ndarray, " gradient"], Int[np.ndarray, " gradient"]]:
    steps = np.arange(-255, 256, dtype=np.float64)
    down, right = steps[:, None], steps[None, :]
    angle = np.rad2deg(np.arctan2(down, right)) % 180
    return np.hypot(down, right).ravel(), (angle * orientations // 180).astype(np.int64).ravel()


def _unit_length(blocks: Float[np.ndarray, "image block number"]) -> Float[np.ndarray, "image block number"]:
    return blocks / np.sqrt((blocks**2).sum(axis=2, keepdims=True) + 1e-10)
