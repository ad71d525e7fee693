"""Phantoms: small volumes of liver tissue with a lesion in the middle, as CT, MRI and ultrasound would show them.

A grid has 16 slices of 32 x 32 voxels. What tells one finding from another is how the lesion is built; how bright a
scan is, its noise and where vessels run means nothing. Vessels and the slope of the background are a patient's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from jaxtyping import Float, UInt8

from polysight.data.demonstration.exposure import as_bytes

#: Slices, rows and columns.
SHAPE = (16, 32, 32)

Field = Float[np.ndarray, "16 32 32"]
#: A place of the grid for each axis, -1 to 1, with the middle of the lesion at 0; the size of the lesion.
Place = tuple[Field, Field, Field, float]


def ct(sign: str, here: np.random.Generator, rng: np.random.Generator) -> UInt8[np.ndarray, "16 32 32"]:
    """Outline of the lesion: ``ball``, ``shell``, ``lobes`` or ``spikes``; vessels around it."""
    tissue = _tissue(here) + 0.5 * _vessels(here)
    return as_bytes(tissue + _lesion(CT[sign], rng) + rng.normal(0, 0.12, SHAPE), rng)


def mri(sign: str, here: np.random.Generator, rng: np.random.Generator) -> UInt8[np.ndarray, "16 32 32"]:
    """What is inside the lesion: ``even``, ``core`` or ``cells``; noise as of a magnitude, and a coil that shades."""
    clean = 0.3 + _tissue(here) + _lesion(MRI[sign], rng)
    noisy = np.hypot(clean + rng.normal(0, 0.1, SHAPE), rng.normal(0, 0.1, SHAPE))
    return as_bytes(noisy, rng)


def ultrasound(sign: str, here: np.random.Generator, rng: np.random.Generator) -> UInt8[np.ndarray, "16 32 32"]:
    """How the lesion answers: ``solid``, ``hollow`` or with a ``tail`` below it; speckle that grows with brightness."""
    clean = 0.35 + _tissue(here) + _lesion(ULTRASOUND[sign], rng)
    speckle = rng.gamma(9.0, 1 / 9.0, SHAPE)
    return as_bytes(np.log1p(2 * np.clip(clean, 0.02, None) * speckle), rng)


def _lesion(build: Callable[[Place, np.random.Generator], Field], rng: np.random.Generator) -> Field:
    """A lesion somewhat off the middle, of any size that fits, its edge about a voxel wide."""
    off = rng.uniform(-0.08, 0.08, 3)
    axes = [np.linspace(-1, 1, side) - moved for side, moved in zip(SHAPE, off, strict=True)]
    z, y, x = np.meshgrid(*axes, indexing="ij")
    return rng.uniform(0.85, 1.15) * build((z, y, x, rng.uniform(0.42, 0.54)), rng)


def _tissue(here: np.random.Generator) -> Field:
    """Tissue whose brightness slopes gently."""
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, side) for side in SHAPE), indexing="ij")
    slope = here.uniform(-0.08, 0.08, 3)
    return slope[0] * z + slope[1] * y + slope[2] * x


def _vessels(here: np.random.Generator) -> Field:
    """Two tubes across the slices, away from the middle."""
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, side) for side in SHAPE), indexing="ij")
    tubes = np.zeros(SHAPE)
    for angle in here.uniform(0, 2 * np.pi, 2):
        lean = here.uniform(-0.1, 0.1, 2)
        far = np.hypot(y - 0.85 * np.sin(angle) - lean[0] * z, x - 0.85 * np.cos(angle) - lean[1] * z)
        tubes = np.maximum(tubes, _soft(0.08 - far))
    return tubes


def _soft(inside: Field) -> Field:
    """From a signed distance (positive inside) to a share between 0 and 1."""
    return 1 / (1 + np.exp(-np.clip(inside, -2, 2) / 0.035))


def _ball(place: Place, _: np.random.Generator) -> Field:
    z, y, x, size = place
    return _soft(size - np.sqrt(z**2 + y**2 + x**2))


def _shell(place: Place, _: np.random.Generator) -> Field:
    z, y, x, size = place
    far = np.sqrt(z**2 + y**2 + x**2)
    return _soft(size + 0.06 - far) - 0.95 * _soft(0.68 * size - far)


def _lobes(place: Place, rng: np.random.Generator) -> Field:
    z, y, x, size = place
    angle = rng.uniform(0, np.pi)
    down, across = 0.62 * size * np.sin(angle), 0.62 * size * np.cos(angle)
    one, other = (np.sqrt(z**2 + (y - s * down) ** 2 + (x - s * across) ** 2) for s in (-1, 1))
    return np.maximum(_soft(0.62 * size - one), _soft(0.62 * size - other))


def _spikes(place: Place, rng: np.random.Generator) -> Field:
    z, y, x, size = place
    angle, number = np.arctan2(y, x) + rng.uniform(0, 2 * np.pi), rng.integers(5, 8)
    reach = size * (0.62 + 0.75 * np.clip(np.cos(number * angle), 0, None) ** 3)
    return _soft(reach * np.sqrt(np.clip(1 - (z / (1.1 * size)) ** 2, 0, None)) - np.hypot(y, x))


def _core(place: Place, _: np.random.Generator) -> Field:
    z, y, x, size = place
    far = np.sqrt(z**2 + y**2 + x**2)
    return 0.4 * _soft(size + 0.08 - far) + 0.8 * _soft(0.42 * size - far)


def _cells(place: Place, rng: np.random.Generator) -> Field:
    """A lesion divided by thin dark walls."""
    z, y, x, size = place
    turn = rng.uniform(0, np.pi)
    along, aside = y * np.cos(turn) + x * np.sin(turn), x * np.cos(turn) - y * np.sin(turn)
    walls = np.maximum.reduce([_soft(0.05 - np.abs(of)) for of in (along, aside)])
    return _soft(size + 0.08 - np.sqrt(z**2 + y**2 + x**2)) * (1 - 0.95 * walls)


def _tail(place: Place, rng: np.random.Generator) -> Field:
    z, y, x, size = place
    below = _soft(y) * _soft(0.75 * size - np.abs(x)) * _soft(0.75 * size - np.abs(z))
    return np.maximum(_ball(place, rng), 0.9 * below)


#: How lesions look, by kind of scan and sign.
CT: Mapping[str, Callable[[Place, np.random.Generator], Field]] = {
    "ball": _ball,
    "shell": _shell,
    "lobes": _lobes,
    "spikes": _spikes,
}
MRI: Mapping[str, Callable[[Place, np.random.Generator], Field]] = {"even": _ball, "core": _core, "cells": _cells}
ULTRASOUND: Mapping[str, Callable[[Place, np.random.Generator], Field]] = {
    "tail": _tail,
    "solid": _ball,
    "hollow": _shell,
}
