"""Coalitions of players, and how much each counts in a Shapley value."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
from jaxtyping import Bool, Float

Coalitions = Bool[np.ndarray, "coalition player"]


def coalitions(players: int) -> Coalitions:
    """Every coalition; the number of a coalition has bit ``i`` set where player ``i`` is in it."""
    return (np.arange(2**players)[:, None] >> np.arange(players) & 1).astype(bool)


def every(players: int) -> Coalitions:
    """All coalitions but the empty one and that of all players."""
    return coalitions(players)[1:-1]


def drawn_in_pairs(
    players: int, most: int, rng: np.random.Generator
) -> tuple[Coalitions, Float[np.ndarray, " coalition"]]:
    """Coalitions and their complements, with weights that stand for all there are.

    Of the smallest (and largest) sizes, which count most, all are taken as far as their share of the questions goes;
    the others are drawn by how much their size counts. So the kernel of Shapley values needs no weight there.

    Args:
        players: How many there are, more than two.
        most: How many coalitions are wanted at most.
        rng: Where the randomness comes from.

    Returns:
        Coalitions, no two alike, and weights that add up to one.
    """
    sizes = np.arange(1, players // 2 + 1)
    # How much all coalitions of a size count, with their complements.
    counts = np.where(2 * sizes == players, 0.5, 1.0) / (sizes * (players - sizes))
    counts /= counts.sum()
    taken: list[Coalitions] = []
    weights: list[Float[np.ndarray, " coalition"]] = []
    left, pairs = 1.0, most // 2
    while len(taken) < len(sizes):
        size = len(taken) + 1
        there = comb(players, size) if 2 * size < players else comb(players, size) // 2
        # A hair more: the last size has all that is left, but for rounding.
        if there > pairs * counts[size - 1] / left + 1e-9:
            break
        taken.append(_all_of_size(players, size)[:there])
        weights.append(np.full(there, counts[size - 1] / there))
        left, pairs = left - counts[size - 1], pairs - there
    rest = counts[len(taken) :]
    if len(rest) and pairs:
        chosen = rng.choice(sizes[len(taken) :], pairs, p=rest / rest.sum())
        ranks = rng.random((pairs, players)).argsort(axis=1).argsort(axis=1)
        found, times = np.unique(_named_by_smaller(ranks < chosen[:, None]), axis=0, return_counts=True)
        taken.append(found)
        weights.append(left * times / pairs)
    shown, weight = np.concatenate(taken), np.concatenate(weights)
    return np.concatenate([shown, ~shown]), np.concatenate([weight, weight]) / (2 * weight.sum())


def _all_of_size(players: int, size: int) -> Coalitions:
    members = np.array(list(combinations(range(players), size)))
    shown = np.zeros((len(members), players), dtype=bool)
    shown[np.arange(len(members))[:, None], members] = True
    return shown


def _named_by_smaller(shown: Coalitions) -> Coalitions:
    """Of a coalition of half the players and its complement, the one with the first player."""
    half = 2 * shown.sum(axis=1) == shown.shape[1]
    return np.where((half & ~shown[:, 0])[:, None], ~shown, shown)
