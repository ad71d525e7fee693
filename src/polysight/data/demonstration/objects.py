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
Vertices = Float[np.ndarray, "vertex 3"]
Mesh = tuple[Vertices, Int[np.ndarray, "face 3"]]


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
    """A triangle mesh of a ``sphere``, ``cube``, ``cone`` or ``slab``, of any size and turned in any way.

    All are made of rings of vertices, more or fewer, so that the number of vertices means nothing.
    """
    rings, around = int(rng.integers(9, 14)), 4 * int(rng.integers(4, 7))
    vertices = SURFACES[sign](_directions(rings, around)) * np.exp(rng.normal(0, 0.05, 3))
    rotation, _upper = np.linalg.qr(rng.normal(size=(3, 3)))
    noisy = vertices @ rotation.T + rng.normal(0, 0.01, vertices.shape)
    return noisy * np.exp(rng.uniform(np.log(0.05), np.log(0.5))), _faces(rings, around)


def _directions(rings: int, around: int) -> Vertices:
    """Directions from a middle, ring by ring from the lowest to the highest."""
    # The outermost rings are not points: faces of no area are no good to anybody.
    rise = np.linspace(-0.49, 0.49, rings) * np.pi
    turn = np.arange(around) * 2 * np.pi / around
    flat, upright = np.cos(rise)[:, None], np.sin(rise)[:, None]
    return np.stack([flat * np.cos(turn), flat * np.sin(turn), upright + 0 * turn], axis=-1).reshape(-1, 3)


def _faces(rings: int, around: int) -> Int[np.ndarray, "face 3"]:
    """Two triangles between each two neighbours of a ring and those of the next."""
    ring, step = np.meshgrid(np.arange(rings - 1), np.arange(around), indexing="ij")
    one, other = ring * around + step, ring * around + (step + 1) % around
    lower = np.stack([one, other, one + around], axis=-1)
    upper = np.stack([other, other + around, one + around], axis=-1)
    return np.concatenate([lower.reshape(-1, 3), upper.reshape(-1, 3)])


def _sphere(directions: Vertices) -> Vertices:
    return directions


def _cube(directions: Vertices) -> Vertices:
    return directions / np.abs(directions).max(axis=1, keepdims=True)


def _slab(directions: Vertices) -> Vertices:
    return _cube(directions) * [1.0, 1.0, 0.12]


def _cone(directions: Vertices) -> Vertices:
    """The point above; a direction is followed up to the mantle or the base."""
    flat, upright = np.hypot(directions[:, 0], directions[:, 1]), directions[:, 2]
    mantle = 1 / np.maximum(flat * 1.6 + upright, 1e-9)
    reach = np.where(flat * 1.6 + upright > 0, mantle, np.inf)
    base = np.where(upright < 0, -0.6 / np.minimum(upright, -1e-9), np.inf)
    return directions * np.minimum(reach, base)[:, None]


#: What a direction from the middle becomes, by sign.
SURFACES: Mapping[str, Callable[[Vertices], Vertices]] = {
    "sphere": _sphere,
    "cube": _cube,
    "cone": _cone,
    "slab": _slab,
}
