"""Augmentation: random changes of training clouds that leave the label alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Float

#: x, y and z of unit size, then the value of each point.
Clouds = Float[np.ndarray, "cloud point 4"]


def augment_clouds(clouds: Clouds, names: Sequence[str], rng: np.random.Generator) -> Clouds:
    """Change each cloud in the named ways.

    Args:
        clouds: Clouds around their middle. One in which every point is the middle (an absent one) stays as it is.
        names: Names in ``AUGMENTATIONS``; their order plays no part.
        rng: Where the randomness comes from.

    Returns:
        New clouds, the same shape and dtype; the very same array where there is no name.
    """
    if not names:
        return clouds
    there = clouds[..., :3].any(axis=(1, 2))
    changed = clouds.copy()
    for name, change in AUGMENTATIONS.items():
        if name in names:
            changed = change(changed, rng)
    return np.where(np.reshape(there, (-1, 1, 1)), changed, clouds).astype(clouds.dtype)


def rotate_z(clouds: Clouds, rng: np.random.Generator) -> Clouds:
    """Turn around the upright axis by any angle."""
    return _turned(clouds, rng.uniform(-np.pi, np.pi, len(clouds)))


def turn(clouds: Clouds, rng: np.random.Generator) -> Clouds:
    """Turn around the upright axis by up to 20 degrees."""
    return _turned(clouds, rng.uniform(-np.pi / 9, np.pi / 9, len(clouds)))


def scale(clouds: Clouds, rng: np.random.Generator) -> Clouds:
    """Stretch along each axis by 0.8 to 1.25."""
    factors = np.ones((len(clouds), 1, 4))
    factors[..., :3] = np.exp(rng.uniform(-np.log(1.25), np.log(1.25), (len(clouds), 1, 3)))
    return clouds * factors


def shift(clouds: Clouds, rng: np.random.Generator) -> Clouds:
    """Move by up to a tenth of the size along each axis."""
    moves = np.zeros((len(clouds), 1, 4))
    moves[..., :3] = rng.uniform(-0.1, 0.1, (len(clouds), 1, 3))
    return clouds + moves


def jitter(clouds: Clouds, rng: np.random.Generator) -> Clouds:
    """Move each point by itself, 0.01 on average and 0.05 at most."""
    moves = np.zeros(clouds.shape)
    moves[..., :3] = np.clip(0.01 * rng.standard_normal((*clouds.shape[:2], 3)), -0.05, 0.05)
    return clouds + moves


def drop(clouds: Clouds, rng: np.random.Generator) -> Clouds:
    """Put up to half of the points where the first one is, as if they had not been seen."""
    share = rng.uniform(0, 0.5, (len(clouds), 1))
    return np.where((rng.random(clouds.shape[:2]) < share)[..., None], clouds[:, :1], clouds)


def flip(clouds: Clouds, rng: np.random.Generator) -> Clouds:
    """Mirror every other cloud, left for right."""
    signs = np.ones((len(clouds), 1, 4))
    signs[rng.random(len(clouds)) < 0.5, 0, 1] = -1
    return clouds * signs


#: Every change by name, in the order in which they are made.
AUGMENTATIONS: Mapping[str, Callable[[Clouds, np.random.Generator], Clouds]] = {
    "rotate_z": rotate_z,
    "turn": turn,
    "scale": scale,
    "shift": shift,
    "jitter": jitter,
    "drop": drop,
    "flip": flip,
}
#: What hardly ever changes a label; which way a thing looks may, and so may its mirror image.
LABEL_SAFE: tuple[str, ...] = ("turn", "scale", "shift", "jitter", "drop")


def _turned(clouds: Clouds, angles: Float[np.ndarray, " cloud"]) -> Clouds:
    cosine, sine = np.cos(angles), np.sin(angles)
    matrix = np.tile(np.eye(4), (len(clouds), 1, 1))
    matrix[:, 0, 0], matrix[:, 0, 1], matrix[:, 1, 0], matrix[:, 1, 1] = cosine, sine, -sine, cosine
    return clouds @ matrix
