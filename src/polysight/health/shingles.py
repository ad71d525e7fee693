"""Shingles: texts that are nearly the same, found by the share of short runs of letters they have in common.

Source: A. Broder, "On the resemblance and containment of documents", 1997: the Jaccard similarity of sets of
shingles, estimated by the minima of random permutations. Departures: the minima, gathered in bands (Leskovec,
Rajaraman, Ullman, "Mining of massive datasets", chapter 3), only propose pairs; the exact similarity decides, and
where texts of a set have little in common less of it is enough: one word of eleven may differ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from jaxtyping import UInt64
from scipy.sparse import csr_array

from polysight.core.randomness import generator
from polysight.health.pairs import Pairs

#: Letters of a shingle, and in scripts that write a word in one or two signs.
LETTERS, SIGNS = 5, 3
#: Shorter texts say too little to be the same by more than chance.
LEAST_SHINGLES = 15
#: What a pair may lack of similarity 1: as a part of what either lacks to the tenth nearest text, within limits.
CLOSER, NEIGHBOUR, LEAST, MOST = 0.5, 10, 0.2, 0.32
#: 32 bands of 4 minima: a pair of similarity .8 is proposed with probability 1 - 5e-8, one of .6 with .988.
BANDS, MINIMA = 32, 4
#: In a band of more texts that agree, each is compared with the next ones only.
_NEIGHBOURS = 20
_BLOCK = 256
_CHINESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def shingles(text: str) -> UInt64[np.ndarray, " shingle"]:
    """The distinct shingles of a text as numbers, ascending; case, punctuation and blanks do not count."""
    plain = re.sub(r"[\W_]+", " ", text.casefold()).strip()
    length = SIGNS if len(_CHINESE.findall(plain)) > len(plain) / 2 else LETTERS
    letters = np.frombuffer(plain.encode("utf-32-le", errors="replace"), dtype=np.uint32).astype(np.uint64)
    if len(letters) < length:
        return np.empty(0, dtype=np.uint64)
    numbers = np.zeros(len(letters) - length + 1, dtype=np.uint64)
    for offset in range(length):
        numbers = numbers * np.uint64(0x100000001B3) + letters[offset : offset + len(numbers)]
    return np.unique(numbers)


def similarity(one: UInt64[np.ndarray, " shingle"], other: UInt64[np.ndarray, " shingle"]) -> float:
    """The Jaccard similarity of two sets of shingles: what they share of what they have."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    together = len(one) + len(other) - shared
    return shared / together if together else 0.0


def nearly_equal(texts: Sequence[str]) -> Pairs:
    """All pairs of texts that are nearly the same, ordered by their first and then their second member."""
    sets = [shingles(text) for text in texts]
    proposed: set[tuple[int, int]] = set()
    for band in _bands(sets):
        members: dict[bytes, list[int]] = {}
        for text, key in band:
            members.setdefault(key, []).append(text)
        for alike in members.values():
            proposed |= {(a, b) for i, a in enumerate(alike) for b in alike[i + 1 : i + 1 + _NEIGHBOURS]}
    lacking = {pair: 1 - similarity(sets[pair[0]], sets[pair[1]]) for pair in sorted(proposed)}
    near = {pair: lack for pair, lack in lacking.items() if lack <= MOST}
    allowed = tolerances(sets, sorted({text for pair in near for text in pair}))
    found = [(a, b) for (a, b), lack in near.items() if lack <= min(allowed[a], allowed[b])]
    return np.array(found, dtype=np.intp).reshape(-1, 2)


def tolerances(sets: Sequence[UInt64[np.ndarray, " shingle"]], texts: Sequence[int]) -> dict[int, float]:
    """What each of some texts may lack of similarity to a copy, by how similar its neighbours are."""
    if not texts:
        return {}
    sizes = np.array([len(known) for known in sets])
    columns = np.unique(np.concatenate(sets), return_inverse=True)[1]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    held = csr_array((np.ones(len(columns), dtype=np.int32), columns, starts))
    allowed: dict[int, float] = {}
    for start in range(0, len(texts), _BLOCK):
        block = list(texts[start : start + _BLOCK])
        shared = (held[block] @ held.T).toarray()
        similar = shared / np.maximum(sizes[block, None] + sizes - shared, 1)
        # The nearest of all is the text itself.
        usual = 1 - np.sort(similar, axis=1)[:, -1 - NEIGHBOUR] if len(sets) > NEIGHBOUR else np.ones(len(block))
        allowed |= dict(zip(block, np.clip(CLOSER * usual, LEAST, MOST).tolist(), strict=True))
    return allowed


def _bands(sets: Sequence[UInt64[np.ndarray, " shingle"]]) -> list[list[tuple[int, bytes]]]:
    """For each band, the texts that are long enough with what they must agree on."""
    rng = generator(0, "shingles")
    factors = rng.integers(1, 2**63, BANDS * MINIMA, dtype=np.uint64) | np.uint64(1)
    shifts = rng.integers(0, 2**63, BANDS * MINIMA, dtype=np.uint64)
    bands: list[list[tuple[int, bytes]]] = [[] for _ in range(BANDS)]
    for text, known in enumerate(sets):
        if len(known) < LEAST_SHINGLES:
            continue
        # Of a product modulo 2^64 the upper bits are well mixed.
        mixed = (known[:, None] * factors + shifts) >> np.uint64(16)
        minima = mixed.min(axis=0).reshape(BANDS, MINIMA)
        for band, agreed in zip(bands, minima, strict=True):
            band.append((text, agreed.tobytes()))
    return bands
