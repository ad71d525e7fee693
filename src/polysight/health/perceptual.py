"""Perceptual hashes: pictures that look the same, whatever their file, size, brightness or compression.

Source: the hash of the low cosine frequencies as described by C. Zauner, "Implementation and benchmarking of
perceptual image hash functions", 2010 (64 bits: 8 x 8 frequencies of a 32 x 32 picture against their median).
Departures: hashes only propose pairs, because those of simple pictures (digits, scans) collide; the correlation of
the small pictures decides. Both of a pair must be much more alike than either is to its neighbours: in a set of
blurred digits nearly every picture has neighbours of correlation .985. Pictures without contrast are like nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float, Int, UInt8, UInt64

from polysight.health.pairs import NO_PAIRS, Pairs

#: Bits in which hashes of a pair may differ.
BITS = 10
#: How far from 1 the correlation of the small pictures of a pair may be, at most ...
DISTANCE = 0.015
#: ... and as a part of the distance to the tenth nearest picture of either (nearer ones may be copies). At .1 and .03,
#: 69 and 7 of 3,500 digits blurred beyond recognition have a double; all copies found in photos of houses stay found.
CLOSER, NEIGHBOUR = 0.03, 10
#: The same picture, but for rounding.
ROUNDING = 1e-5
#: Grey levels a picture must vary by.
CONTRAST = 2.0
#: The side of the small pictures, and how many frequencies of each axis count.
SIDE, LOW = 32, 8
_BLOCK = 512


@dataclass(frozen=True, eq=False)
class Looks:
    """What pictures look like: a hash, a small grey picture of mean 0 and norm 1, and whether there is contrast."""

    hashes: UInt64[np.ndarray, " picture"]
    small: Float[np.ndarray, "picture pixel"]
    seen: Bool[np.ndarray, " picture"]


def looks_of(pictures: UInt8[np.ndarray, "picture height width_px 3"]) -> Looks:
    """Hash and shrink pictures."""
    small = np.array([_small(picture) for picture in pictures]).reshape(-1, SIDE, SIDE)
    centred = small.reshape(-1, SIDE * SIDE) - small.mean(axis=(1, 2))[:, None]
    seen = centred.std(axis=1) >= CONTRAST
    norms = np.maximum(np.linalg.norm(centred, axis=1), 1e-12)
    hashes = np.array([picture_hash(picture) for picture in small], dtype=np.uint64)
    return Looks(hashes, (centred / norms[:, None]).astype(np.float32), seen)


def picture_hash(small: Float[np.ndarray, "height width_px"]) -> int:
    """64 bits, the first for the lowest frequency: which of the 8 x 8 lowest are above their median.

    The constant part, which is brightness, counts as below it.
    """
    low = cv2.dct(np.asarray(small, dtype=np.float32))[:LOW, :LOW].ravel()
    above = low > np.median(low[1:])
    above[0] = False
    return int.from_bytes(np.packbits(above).tobytes())


def alike(looks: Looks) -> Pairs:
    """All pairs of pictures that look the same, ordered by their first and then their second member."""
    found, distances = [NO_PAIRS], [np.empty(0)]
    for start in range(0, len(looks.hashes), _BLOCK):
        block = slice(start, start + _BLOCK)
        bits = np.bitwise_count(looks.hashes[block, None] ^ looks.hashes[None, start:])
        first, second = np.nonzero(bits <= BITS)
        first, second = first + start, second + start
        first, second = first[second > first], second[second > first]
        distance = 1 - np.einsum("pi,pi->p", looks.small[first], looks.small[second])
        near = (distance <= DISTANCE) & looks.seen[first] & looks.seen[second]
        found.append(np.column_stack([first[near], second[near]]))
        distances.append(distance[near])
    pairs = np.concatenate(found)
    pictures, place = np.unique(pairs, return_inverse=True)
    allowed = tolerances(looks, pictures)[place.reshape(pairs.shape)].min(axis=1)
    return pairs[np.concatenate(distances) <= allowed]


def tolerances(looks: Looks, pictures: Int[np.ndarray, " asked"]) -> Float[np.ndarray, " asked"]:
    """How far from 1 the correlation of each of some pictures with a copy may be, by how alike its neighbours are."""
    if len(looks.small) <= NEIGHBOUR:
        return np.full(len(pictures), DISTANCE)
    usual = np.empty(len(pictures))
    for start in range(0, len(pictures), _BLOCK):
        block = looks.small[pictures[start : start + _BLOCK]]
        # The nearest of all is the picture itself.
        place = len(looks.small) - 1 - NEIGHBOUR
        usual[start : start + _BLOCK] = 1 - np.partition(block @ looks.small.T, place, axis=1)[:, place]
    return np.clip(CLOSER * usual, ROUNDING, DISTANCE)


def _small(picture: UInt8[np.ndarray, "height width_px 3"]) -> Float[np.ndarray, "height width_px"]:
    grey = cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY)
    how = cv2.INTER_AREA if min(grey.shape) >= SIDE else cv2.INTER_LINEAR
    return cv2.resize(grey, (SIDE, SIDE), interpolation=how).astype(np.float64)
