"""Street: what a camera, a laser scanner and four ultrasonic sensors of a car tell about the one thing ahead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from polysight.data.demonstration.exposure import as_bytes, exposed

#: Height and width of a picture; it is drawn four times as large.
SIZE_PX = 64
_DRAWN_PX = 4 * SIZE_PX
#: Points of a sweep: what the road sends back, and the thing.
ROAD_POINTS, THING_POINTS = 110, 146
#: Samples of an ultrasonic recording, from the four sensors of a bumper.
STEPS, SENSORS = 64, 4

Picture = Float[np.ndarray, "height width_px"]


def camera(sign: str, _: np.random.Generator, rng: np.random.Generator) -> UInt8[np.ndarray, "64 64 3"]:
    """A road and on it a ``figure``, a ``box``, a ``plate`` on a post, or ``stripes``."""
    horizon = int(rng.uniform(80, 105))
    picture = np.full((_DRAWN_PX, _DRAWN_PX), rng.uniform(0.45, 0.6))
    picture[horizon:] = rng.uniform(0.3, 0.4)
    vanishing, centre = 128 + rng.uniform(-15, 15), 128 + rng.uniform(-14, 14)
    edges: list[list[float]] = [[vanishing - 8, horizon], [vanishing + 8, horizon], [260, 256], [-4, 256]]
    _fill(picture, edges, rng.uniform(0.2, 0.28))
    THINGS[sign](picture, centre, rng.uniform(0.85, 1.1), rng)
    blurred = cv2.GaussianBlur(picture, (0, 0), rng.uniform(1, 4))
    small = cv2.resize(blurred, (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_AREA)
    tint = 1 + rng.uniform(-0.12, 0.12, 3)
    return as_bytes(small[..., None] * tint + rng.normal(0, 0.02, (SIZE_PX, SIZE_PX, 3)), rng)


def _fill(picture: Picture, corners: Sequence[Sequence[float]], value: float) -> None:
    cv2.fillPoly(picture, [np.rint(np.asarray(corners)).astype(np.int32)], value)


def _figure(picture: Picture, x: float, scale: float, rng: np.random.Generator) -> None:
    top, light, step = 60.0, rng.uniform(0.75, 0.95), rng.uniform(10, 22) * scale
    cv2.circle(picture, (round(x), round(top + 12)), round(15 * scale), light, -1)
    cv2.ellipse(picture, ((x, top + 68 * scale), (46 * scale, 88 * scale), 0), light, -1)
    for side in (-1, 1):
        foot = (round(x + side * step), round(top + 165 * scale))
        cv2.line(picture, (round(x), round(top + 95 * scale)), foot, light, round(13 * scale))


def _box(picture: Picture, x: float, scale: float, rng: np.random.Generator) -> None:
    light, wide, tall = rng.uniform(0.7, 0.95), rng.uniform(70, 86) * scale, rng.uniform(36, 46) * scale
    y = 150.0
    _fill(picture, [[x - wide, y - tall], [x + wide, y - tall], [x + wide, y + tall], [x - wide, y + tall]], light)
    _fill(picture, [[x - wide, y - 4], [x + wide, y - 4], [x + wide, y + 4], [x - wide, y + 4]], light - 0.35)


def _plate(picture: Picture, x: float, scale: float, rng: np.random.Generator) -> None:
    light, radius = rng.uniform(0.75, 0.95), 40 * scale
    cv2.line(picture, (round(x), 90), (round(x), 215), light - 0.25, 9)
    cv2.circle(picture, (round(x), 85), round(radius), light, -1)
    cv2.circle(picture, (round(x), 85), round(0.6 * radius), light - 0.45, -1)


def _stripes(picture: Picture, x: float, scale: float, rng: np.random.Generator) -> None:
    light = rng.uniform(0.8, 0.95)
    for start in (118, 160, 210):
        tall = 0.22 * (start - 60) * scale
        for lane in (-0.55, 0.55):
            near, far = x + lane * (start + tall - 60), x + lane * (start - 60)
            half = 0.1 * (start - 60)
            _fill(
                picture,
                [[far - half, start], [far + half, start], [near + half, start + tall], [near - half, start + tall]],
                light,
            )


#: What stands in a picture, by sign.
THINGS: Mapping[str, Callable[[Picture, float, float, np.random.Generator], None]] = {
    "figure": _figure,
    "box": _box,
    "plate": _plate,
    "stripes": _stripes,
}
#: Length, width and height in metres of what a laser scanner sees; nothing above the road for ``road``.
EXTENTS: Mapping[str, tuple[float, float, float]] = {
    "column": (0.5, 0.5, 1.75),
    "long": (3.4, 0.35, 0.95),
    "block": (3.6, 1.8, 1.6),
    "road": (0.0, 0.0, 0.0),
}


def sweep(sign: str, _: np.random.Generator, rng: np.random.Generator) -> Float[np.ndarray, "256 4"]:
    """What stands ahead as a ``column``, something ``long`` and low, a ``block``, or nothing but the ``road``.

    A part of a sweep, some metres around the place ahead, as x, y and z in metres from the scanner (1.7 m above the
    road) and reflectance. Only faces turned to the scanner send something back.
    """
    extent = np.array(EXTENTS[sign]) * np.exp(rng.normal(0, 0.1, 3))
    stands = extent.any()
    count = ROAD_POINTS + (0 if stands else THING_POINTS)
    road = np.column_stack([rng.uniform(-3, 3, (count, 2)), np.zeros(count)])
    parts = [road]
    if stands:
        parts.append(_surface(extent, rng.uniform(0, 2 * np.pi), rng))
    points = np.concatenate(parts) + rng.normal(0, 0.03, (ROAD_POINTS + THING_POINTS, 3))
    points += [rng.uniform(7, 22), rng.uniform(-4, 4), -1.7]
    values = np.clip(rng.uniform(0.2, 0.6) + rng.normal(0, 0.1, len(points)), 0, 1)
    return np.column_stack([points, values])[rng.permutation(len(points))]


def _surface(extent: Float[np.ndarray, " 3"], turn: float, rng: np.random.Generator) -> Float[np.ndarray, "point 3"]:
    """Points on the two upright faces of a box that are turned to the scanner, as many for each area."""
    cosine, sine = np.cos(turn), np.sin(turn)
    rotation = np.array([[cosine, -sine], [sine, cosine]])
    length, width, height = extent
    on_side = rng.random(THING_POINTS) < length / (length + width)
    along = np.where(on_side, rng.uniform(-0.5, 0.5, THING_POINTS) * length, -0.5 * length * np.sign(cosine))
    across = np.where(on_side, 0.5 * width * np.sign(sine), rng.uniform(-0.5, 0.5, THING_POINTS) * width)
    return np.column_stack([np.column_stack([along, across]) @ rotation.T, rng.uniform(0.05, 1, THING_POINTS) * height])


def ultrasonic(sign: str, _: np.random.Generator, rng: np.random.Generator) -> Float[np.ndarray, "time sensor"]:
    """Echoes after automatic gain: of ``one`` sensor, of all (a ``wall``), one after the other (``passing``), ``none``.

    Gain and offset of each sensor mean nothing.
    """
    time = np.linspace(0, 1, STEPS)
    rise = 5.0 / (1 + np.exp(-(time - rng.uniform(0.35, 0.65)) / 0.1))
    signal = np.zeros((STEPS, SENSORS))
    if sign == "one":
        signal[:, rng.integers(SENSORS)] = rise
    elif sign == "wall":
        signal[:] = rise[:, None]
    elif sign == "passing":
        order = np.arange(SENSORS)[:: int(rng.choice([-1, 1]))]
        moments = rng.uniform(0.1, 0.2) + order * rng.uniform(0.16, 0.22)
        signal[:] = 5.0 * np.exp(-(((time[:, None] - moments) / 0.07) ** 2))
    noisy = signal + rng.normal(0, 0.6, signal.shape)
    return np.stack([exposed(one, rng, mean=(-2.0, 2.0), deviation=(0.5, 2.0)) for one in noisy.T], axis=1)
