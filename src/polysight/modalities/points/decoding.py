"""Decoding: the bytes of a file, headed by how its name ends, to a cloud."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import numpy as np

from polysight.core.errors import UnreadableCellError
from polysight.modalities.numpy_files import read_npy
from polysight.modalities.points.cloud import Cloud, cloud_of
from polysight.modalities.points.mesh import read_mesh
from polysight.modalities.points.pcd import read_pcd

#: The most points that are looked at of a file.
MOST_POINTS = 50_000
#: Points that are taken of a surface.
SURFACE_POINTS = 8_192
#: Bytes of a point of a KITTI sweep: x, y, z and reflectance, four float32.
KITTI_POINT = 16


def read_cloud(content: bytes) -> Cloud:
    """Read a cloud of any format.

    Args:
        content: How the name ends, a line feed, and the bytes of the file. What is random follows from them, so that
            a file always gives the same points.

    Raises:
        UnreadableCellError: ``empty_file``, ``no_points``, or what the reader of its format raises.
        MissingExtraError: The optional part that reads its format is not installed.
    """
    name, _, data = content.partition(b"\n")
    suffix = name.decode("latin-1")
    if not data:
        raise UnreadableCellError("empty_file", "the file is empty", fix="copy it again")
    rng = np.random.default_rng(int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little"))
    if suffix in TABLES:
        return cloud_of(TABLES[suffix](data), rng, MOST_POINTS)
    if suffix in MESHES:
        points, number = read_mesh(data, suffix, rng, SURFACE_POINTS)
        cloud = cloud_of(points, rng, MOST_POINTS)
        return Cloud(cloud.points, cloud.values, number)
    raise UnreadableCellError("not_points", f"{suffix or 'no ending'} is no format of points", fix="save it as .ply")


def _array(data: bytes) -> np.ndarray:
    table = read_npy(data)
    if table.ndim != 2 or table.shape[1] < 3:
        what = f"has the shape {table.shape}, not one row of x, y and z a point"
        raise UnreadableCellError("wrong_shape", what, fix="save an array [point, 3] or [point, 4]")
    return table


def _kitti(data: bytes) -> np.ndarray:
    if len(data) % KITTI_POINT:
        what = f"the file is cut short: {len(data):,} bytes are no whole number of points (four float32 each)"
        raise UnreadableCellError("truncated", what, fix="copy it again")
    return np.frombuffer(data, dtype="<f4").reshape(-1, 4)


#: Formats that hold points one by one.
TABLES: Mapping[str, Callable[[bytes], np.ndarray]] = {".npy": _array, ".bin": _kitti, ".pcd": read_pcd}
#: Formats of models (and of clouds, too), which trimesh reads.
MESHES = frozenset({".ply", ".off", ".obj", ".stl", ".glb", ".xyz"})
#: Endings of all of them.
SUFFIXES = frozenset({*TABLES, *MESHES})
