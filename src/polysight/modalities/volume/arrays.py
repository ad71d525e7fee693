"""Volumes in NumPy files: three axes of numbers, as they are stored; nothing says how large a voxel is."""

from __future__ import annotations

import io
from pathlib import Path

from polysight.core.errors import UnreadableCellError
from polysight.modalities.numpy_files import read_npy, shape_of_npy
from polysight.modalities.volume.scan import Scan, check_size, three_axes

#: Arrays of three axes with fewer numbers along one of the last two are no volumes.
_LEAST_SIDE = 2


def read_array(content: bytes) -> Scan:
    """Read a ``.npy`` file.

    Raises:
        UnreadableCellError: ``not_numbers``, ``wrong_shape``, ``no_voxels``, ``too_large`` or ``truncated``.
    """
    shape = three_axes(shape_of_npy(io.BytesIO(content)))
    check_size(shape)
    return Scan(read_npy(content).reshape(shape))


def is_volume_array(path: Path) -> bool:
    """Whether the header of a ``.npy`` file announces three axes; a file without a readable header may be one."""
    try:
        with path.open("rb") as file:
            shape = three_axes(shape_of_npy(file))
    except OSError:
        return True
    except UnreadableCellError as error:
        return error.reason != "wrong_shape"
    return min(shape[1:]) >= _LEAST_SIDE
