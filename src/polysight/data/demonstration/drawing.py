"""Drawing: simple things on a dark ground - which of five outlines is all that a picture tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from jaxtyping import Float, UInt8

#: Height and width of a finished picture.
SIZE_PX = 224

#: Corners of an outline, x first; the thing reaches from about -1 to 1.
Outline = Float[np.ndarray, "corner 2"]


def draw(shape: str, rng: np.random.Generator) -> UInt8[np.ndarray, "224 224 3"]:
    """A thing of this shape in any colour, somewhat turned, moved and resized, partly covered now and then.

    Args:
        shape: One of ``SHAPES``.
        rng: Where the randomness comes from.
    """
    angle, scale = rng.uniform(-0.25, 0.25), rng.uniform(52, 78)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centre = SIZE_PX / 2 + rng.uniform(-18, 18, 2)
    picture = np.full((SIZE_PX, SIZE_PX, 3), rng.uniform(5, 50, 3))
    colour = rng.uniform(90, 255, 3)
    outlines = [np.rint(outline @ turn.T + centre).astype(np.int32) for outline in SHAPES[shape]()]
    cv2.fillPoly(picture, outlines, colour.tolist())
    if rng.random() < 0.3:
        left, top = (int(value) for value in rng.integers(20, SIZE_PX - 70, 2))
        picture[top : top + 50, left : left + 50] = rng.uniform(5, 255, 3)
    noisy = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.6, 2.5)) + rng.normal(0, 6, picture.shape)
    return noisy.clip(0, 255).astype(np.uint8)


def _circle(radius: float) -> Outline:
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    return radius * np.column_stack([np.cos(angle), np.sin(angle)])


def _round() -> list[Outline]:
    return [_circle(0.95)]


def _box() -> list[Outline]:
    return [np.array([[-1.0, -0.75], [1.0, -0.75], [1.0, 0.75], [-1.0, 0.75]])]


def _tall() -> list[Outline]:
    right = np.array([[0.15, -1.3], [0.15, -0.8], [0.42, -0.5], [0.42, 1.2]])
    return [np.concatenate([right, right[::-1] * [-1, 1]])]


def _ring() -> list[Outline]:
    # Filled by the even-odd rule, the inner outline is a hole.
    return [_circle(1.0), _circle(0.5)]


def _star() -> list[Outline]:
    radius = np.where(np.arange(10) % 2, 0.45, 1.15)
    angle = np.arange(10) * np.pi / 5 - np.pi / 2
    return [radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])]


#: The shapes by name.
SHAPES: Mapping[str, Callable[[], list[Outline]]] = {
    "round": _round,
    "box": _box,
    "tall": _tall,
    "ring": _ring,
    "star": _star,
}
