"""Meshes and clouds in the formats of 3-D programs: points spread evenly over the surface of what has one.

trimesh, an optional part, reads the files; it is given bytes alone, so that nothing a file refers to is opened.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from polysight.core.errors import MissingExtraError, UnreadableCellError


def read_mesh(content: bytes, suffix: str, rng: np.random.Generator, count: int) -> tuple[np.ndarray, int]:
    """Points of a model or cloud.

    Args:
        content: The bytes of the file.
        suffix: How its name ends, such as ``.ply``.
        rng: Where on the surface points lie.
        count: How many points are taken of a surface.

    Returns:
        ``count`` points of the surface, or the points themselves where there is none; and how many corners or points
        the file has.

    Raises:
        UnreadableCellError: ``corrupt`` or ``no_points``.
        MissingExtraError: trimesh is not installed.
    """
    vertices, faces = _loaded(content, suffix)
    if not len(vertices):
        raise UnreadableCellError("no_points", "holds neither points nor faces", fix="export it again")
    if faces.size and (faces.min() < 0 or faces.max() >= len(vertices)):
        raise UnreadableCellError("corrupt", "a face names a corner that is not there", fix="export it again")
    points = on_surface(vertices, faces, rng, count)
    return vertices if points is None else points, len(vertices)


def on_surface(
    vertices: Float[np.ndarray, "vertex 3"], faces: Int[np.ndarray, "face 3"], rng: np.random.Generator, count: int
) -> Float[np.ndarray, "point 3"] | None:
    """Points drawn evenly from the surface; None where it has no area.

    Source: Osada et al., "Shape distributions", ACM TOG 2002 (section 4.1).
    """
    corners = vertices[faces]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    areas[~np.isfinite(areas)] = 0
    total = areas.sum()
    if not total > 0:
        return None
    chosen = corners[np.minimum(np.searchsorted(np.cumsum(areas), rng.uniform(0, total, count)), len(areas) - 1)]
    first, second = np.sqrt(rng.random((count, 1))), rng.random((count, 1))
    return (1 - first) * chosen[:, 0] + first * (1 - second) * chosen[:, 1] + first * second * chosen[:, 2]


def _loaded(content: bytes, suffix: str) -> tuple[Float[np.ndarray, "vertex 3"], Int[np.ndarray, "face 3"]]:
    trimesh = _trimesh()
    try:
        scene = trimesh.load_scene(io.BytesIO(content), file_type=suffix[1:], process=False)
        parts = [scene.geometry[name].copy().apply_transform(m) for m, name in _placed(scene)]
    except Exception as error:  # what a damaged file raises depends on the format
        what = f"cannot be read as {suffix}: {type(error).__name__}: {error}"
        raise UnreadableCellError("corrupt", what[:300], fix="export it again") from None
    vertices, faces, before = [np.zeros((0, 3))], [np.zeros((0, 3), dtype=np.int64)], 0
    for part in parts:
        vertices.append(np.asarray(part.vertices, dtype=np.float64).reshape(-1, 3))
        own = np.asarray(getattr(part, "faces", np.zeros((0, 3))), dtype=np.int64).reshape(-1, 3)
        faces.append(own + before)
        before += len(vertices[-1])
    return np.concatenate(vertices), np.concatenate(faces)


def _placed(scene: Any) -> list[tuple[np.ndarray, str]]:
    """Each part of a scene with where it stands, as often as it stands there."""
    return [scene.graph[node] for node in sorted(scene.graph.nodes_geometry)]


def _trimesh() -> Any:
    try:
        import trimesh
    except ImportError:
        raise MissingExtraError("points", "reading 3-D models") from None
    return trimesh
