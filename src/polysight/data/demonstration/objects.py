"""Objects: what a thing looks like from the front, how it moves when it is touched, and its model."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from jaxtyping import Float, Int, UInt8

from polysight.data.demonstration.exposure import as_bytes

#: Height and width of a picture (drawn four times as large), and of a frame; frames of a video.
SIZE_PX, FRAME_PX, FRAMES = 64, 48, 8
_DRAWN_PX = 4 * SIZE_PX

Outline = Float[np.ndarray, "corner 2"]
Mesh = tuple[Float[np.ndarray, "vertex 3"], Int[np.ndarray, "face 3"]]


def front(sign: str, _: np.random.Generator, rng: np.random.Generator) -> UInt8[np.ndarray, "64 64 3"]:
    """A ``disc``, ``square``, ``triangle`` or ``star`` before a room that is out of focus."""
    coarse = rng.normal(0.35, 0.08, (5, 5))
    room = cv2.resize(coarse, (_DRAWN_PX, _DRAWN_PX), interpolation=cv2.INTER_CUBIC)
    angle, scale = rng.uniform(-0.2, 0.2), rng.uniform(66, 84)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    outline = OUTLINES[sign] @ turn.T + _DRAWN_PX / 2 + rng.uniform(-14, 14, 2)
    cv2.fillPoly(room, [np.rint(outline).astype(np.int32)], rng.uniform(0.75, 0.95))
    blurred = cv2.GaussianBlur(room, (0, 0), rng.uniform(1, 4))
    small = cv2.resize(blurred, (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_AREA)
    tint = 1 + rng.uniform(-0.12, 0.12, 3)
    return as_bytes(small[..., None] * tint + rng.normal(0, 0.02, (SIZE_PX, SIZE_PX, 3)), rng)


def _polygon(corners: int, inner: float = 1.0) -> Outline:
    """A regular polygon with a corner on top; every second corner is ``inner`` away from the middle."""
    angle = np.arange(corners) * 2 * np.pi / corners - np.pi / 2
    radius = np.where(np.arange(corners) % 2, inner, 1.0)
    return radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])


#: Outlines by sign.
OUTLINES: Mapping[str, Outline] = {
    "disc": 0.95 * _polygon(48),
    "square": np.array([[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]]),
    "triangle": 1.15 * _polygon(3) + [0, 0.15],
    "star": 1.2 * _polygon(10, inner=0.42),
}

#: Where a thing is and how it is turned, at a time from 0 to 1.
Motion = Callable[[float, Mapping[str, float]], tuple[float, float, float]]


def video(sign: str, _: np.random.Generator, rng: np.random.Generator) -> UInt8[np.ndarray, "8 48 48"]:
    """The thing, as a bar, when it is touched: it ``spins``, ``bounces``, ``swings`` or ``slides``."""
    push = {
        "side": float(rng.choice([-1, 1])),
        "x": rng.uniform(19, 29),
        "y": rng.uniform(20, 28),
        "phase": rng.uniform(0, 1),
        "angle": rng.uniform(-20, 20),
    }
    ground, light, long = rng.uniform(0.2, 0.35), rng.uniform(0.7, 0.95), rng.uniform(15, 19)
    frames = []
    for number in range(FRAMES):
        frame = np.full((FRAME_PX, FRAME_PX), ground)
        x, y, angle = MOTIONS[sign](number / (FRAMES - 1), push)
        corners = cv2.boxPoints(((x, y), (long, 7.0), angle))
        cv2.fillPoly(frame, [np.rint(corners).astype(np.int32)], light)
        frames.append(cv2.GaussianBlur(frame, (0, 0), 0.7) + rng.normal(0, 0.03, frame.shape))
    return as_bytes(np.stack(frames), rng)


def _spins(time: float, push: Mapping[str, float]) -> tuple[float, float, float]:
    return push["x"], push["y"], push["angle"] + push["side"] * 300 * time


def _bounces(time: float, push: Mapping[str, float]) -> tuple[float, float, float]:
    return push["x"], 38 - 26 * abs(np.sin(np.pi * (1.5 * time + push["phase"]))), push["angle"]


def _swings(time: float, push: Mapping[str, float]) -> tuple[float, float, float]:
    """On a thread from the upper edge."""
    lean = push["side"] * 0.75 * np.cos(2 * np.pi * time)
    return push["x"] + 32 * np.sin(lean), 32 * np.cos(lean), 90 - np.rad2deg(lean)


def _slides(time: float, push: Mapping[str, float]) -> tuple[float, float, float]:
    return 24 + push["side"] * (34 * time - 17), push["y"] + 8, 0.2 * push["angle"]


#: Motions by sign.
MOTIONS: Mapping[str, Motion] = {"spins": _spins, "bounces": _bounces, "swings": _swings, "slides": _slides}


def model(sign: str, _: np.random.Generator, rng: np.random.Generator) -> Mesh:
    """A triangle mesh of a ``sphere``, ``cube``, ``cone`` or ``slab``, of any size and turned in any way."""
    vertices, faces = MESHES[sign]()
    stretched = vertices * np.exp(rng.normal(0, 0.05, 3))
    rotation, _upper = np.linalg.qr(rng.normal(size=(3, 3)))
    noisy = stretched @ rotation.T + rng.normal(0, 0.015, vertices.shape)
    return noisy * np.exp(rng.uniform(np.log(0.05), np.log(0.5))), faces


def _revolved(radius: Float[np.ndarray, " ring"], height: Float[np.ndarray, " ring"], around: int = 16) -> Mesh:
    """A surface of revolution: a ring of vertices for each radius."""
    angle = np.arange(around) * 2 * np.pi / around
    rings = [
        np.column_stack([r * np.cos(angle), r * np.sin(angle), np.full(around, z)])
        for r, z in zip(radius, height, strict=True)
    ]
    faces = []
    for ring in range(len(radius) - 1):
        for step in range(around):
            a, b = ring * around + step, ring * around + (step + 1) % around
            faces += [(a, b, a + around), (b, b + around, a + around)]
    return np.concatenate(rings), np.array(faces)


def _sphere() -> Mesh:
    angle = np.linspace(-np.pi / 2, np.pi / 2, 10)
    # Rings of no size would have faces of no size.
    return _revolved(np.maximum(np.cos(angle), 0.02), np.sin(angle))


def _cone() -> Mesh:
    return _revolved(np.array([0.02, 0.5, 1.0, 0.5, 0.02]), np.array([-1.0, -1.0, -1.0, 0.2, 1.4]))


def _cube() -> Mesh:
    return _block(1.0)


def _slab() -> Mesh:
    return _block(0.12)


def _block(height: float) -> Mesh:
    corners = np.array([[x, y, z * height] for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])
    squares = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    return corners, np.array([face for a, b, c, d in squares for face in ((a, b, c), (a, c, d))])


#: Meshes by sign.
MESHES: Mapping[str, Callable[[], Mesh]] = {"sphere": _sphere, "cube": _cube, "cone": _cone, "slab": _slab}
