"""Parcels: a photo with a handling mark, the words on the label, and what scale and size scanner say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from polysight.data.demonstration.exposure import as_bytes

#: Height and width of a photo; it is drawn four times as large.
SIZE_PX = 64
_DRAWN_PX = 4 * SIZE_PX

#: What a label declares, by the words for it.
CONTENTS: Mapping[str, Sequence[str]] = {
    "garden": ("terrace", "outdoor", "patio", "balcony", "greenhouse", "lawn", "flowerbed", "weatherproof"),
    "gift": ("birthday", "ribbon", "greeting card", "anniversary", "gift wrap", "surprise", "for my aunt", "bow"),
    "art": ("gallery", "print", "frame shop", "exhibition", "canvas", "artist", "limited edition", "studio"),
    "furnishing": ("living room", "interior", "ceiling", "bedroom", "furniture store", "hallway", "decor", "sofa side"),
}
_STREETS = ("Mill Lane", "Station Road", "Elm Street", "Harbour View", "Church Hill", "Park Avenue", "Long Acre")
_NAMES = ("A. Novak", "B. Silva", "C. Wang", "D. Okafor", "E. Larsen", "F. Rossi", "G. Patel", "H. Dubois")
_ENDINGS = (
    "handle with care",
    "signature required",
    "leave with neighbour",
    "return if undelivered",
    "1 of 1",
    "ref {}",
)

#: Sides (longest first, in shares of the cube root of the volume) and kilograms a litre.
_BUILD: Mapping[str, tuple[tuple[float, float, float], float]] = {
    "light": ((1.15, 1.0, 0.87), 0.09),
    "medium": ((1.15, 1.0, 0.87), 0.35),
    "dense": ((1.15, 1.0, 0.87), 1.35),
    "long": ((2.6, 0.65, 0.6), 0.35),
}


def photo(mark: str, _: np.random.Generator, rng: np.random.Generator) -> UInt8[np.ndarray, "64 64 3"]:
    """A box on a belt with a mark printed on it: ``umbrella``, ``glass``, ``arrows`` or ``barcode``."""
    down = np.linspace(0, 1, _DRAWN_PX)[:, None]
    belt = 0.25 + 0.1 * np.sin(2 * np.pi * (down * rng.uniform(3, 7) + rng.random())) * rng.uniform(0.3, 1)
    grey = np.broadcast_to(belt, (_DRAWN_PX, _DRAWN_PX)).astype(np.float64).copy()
    placed = _placement(rng)
    half = rng.uniform(1.35, 1.6, 2)
    _fill(grey, placed(np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half), rng.uniform(0.6, 0.75))
    ink = rng.uniform(0.0, 0.15)
    for corners in MARKS[mark](rng):
        _fill(grey, placed(corners), ink)
    blurred = cv2.GaussianBlur(grey, (0, 0), rng.uniform(1, 4))
    small = cv2.resize(blurred, (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_AREA)
    tint = 1 + rng.uniform(-0.12, 0.12, 3)
    return as_bytes(small[..., None] * tint + rng.normal(0, 0.02, (SIZE_PX, SIZE_PX, 3)), rng)


def declaration(content: str, _: np.random.Generator, rng: np.random.Generator) -> tuple[str]:
    """The words on a label: to whom it goes, and two words about a content in ``CONTENTS``."""
    first, second = rng.choice(CONTENTS[content], size=2, replace=False)
    address = f"{rng.choice(_NAMES)}, {rng.integers(1, 120)} {rng.choice(_STREETS)}"
    ending = str(rng.choice(_ENDINGS)).format(rng.integers(1000, 9999))
    return (f"{address}. Contents: {first}, {second}. {ending}",)


def measured(build: str, _: np.random.Generator, rng: np.random.Generator) -> tuple[float, float, float, int]:
    """Length, width and height in centimetres and weight in grams; how large a parcel is says nothing."""
    shares, density = _BUILD[build]
    litres = float(np.exp(rng.uniform(np.log(4), np.log(60))))
    sides = np.array(shares) * np.cbrt(litres) * 10 * np.exp(rng.normal(0, 0.07, 3))
    weight = density * litres * float(np.exp(rng.normal(0, 0.2)))
    length, width, height = (round(float(side), 1) for side in sides)
    return length, width, height, round(1000 * weight)


def _placement(rng: np.random.Generator) -> Callable[[np.ndarray], np.ndarray]:
    """From the plane of the mark (about -1 to 1) to the picture: turned, moved and resized a little."""
    angle, scale = np.deg2rad(rng.uniform(-9, 9)), rng.uniform(62, 74)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centre = _DRAWN_PX / 2 + rng.uniform(-14, 14, 2)
    return lambda outline: outline @ turn.T + centre


def _fill(grey: Float[np.ndarray, "height width"], outline: Float[np.ndarray, "corner 2"], value: float) -> None:
    cv2.fillPoly(grey, [np.rint(outline).astype(np.int32)], value)


def _bar(left: float, top: float, right: float, bottom: float) -> Float[np.ndarray, "corner 2"]:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def _umbrella(_: np.random.Generator) -> list[np.ndarray]:
    angle = np.linspace(np.pi, 2 * np.pi, 30)
    return [
        np.column_stack([np.cos(angle), 0.95 * np.sin(angle)]),
        _bar(-0.09, 0, 0.09, 0.9),
        _bar(0.09, 0.75, 0.4, 0.9),
    ]


def _glass(_: np.random.Generator) -> list[np.ndarray]:
    bowl = np.array([[-0.6, -0.95], [0.6, -0.95], [0.45, -0.2], [0.1, 0.1], [-0.1, 0.1], [-0.45, -0.2]])
    return [bowl, _bar(-0.09, 0.1, 0.09, 0.8), _bar(-0.5, 0.75, 0.5, 0.95)]


def _arrows(_: np.random.Generator) -> list[np.ndarray]:
    head = np.array([[-0.42, -0.3], [0, -0.95], [0.42, -0.3]])
    parts = [[np.add(head, (x, 0)), _bar(x - 0.15, -0.3, x + 0.15, 0.6)] for x in (-0.5, 0.5)]
    return [*parts[0], *parts[1], _bar(-0.95, 0.75, 0.95, 0.95)]


def _barcode(rng: np.random.Generator) -> list[np.ndarray]:
    edges = np.cumsum(rng.uniform(0.09, 0.2, 16))
    edges = 1.9 * (edges / edges[-1]) - 0.95
    return [_bar(left, -0.6, right, 0.6) for left, right in zip(edges[::2], edges[1::2], strict=True)]


#: The marks by name.
MARKS: Mapping[str, Callable[[np.random.Generator], list[np.ndarray]]] = {
    "umbrella": _umbrella,
    "glass": _glass,
    "arrows": _arrows,
    "barcode": _barcode,
}
