"""Games whose answers are known, and Shapley values from their definition."""

from itertools import combinations
from math import factorial

import numpy as np

from polysight.explain.game import Game


def game_of(players, worth):
    """A game from a function of one coalition (a set of player numbers) to the answers of all classes."""
    names = tuple(f"p{number}" for number in range(players))

    def value(shown):
        return np.array([np.atleast_1d(worth(frozenset(np.flatnonzero(row).tolist()))) for row in shown], dtype=float)

    return Game(names, value)


def additive(gains, base=0.0):
    """Every player adds its own."""
    gains = np.asarray(gains, dtype=float).reshape(len(gains), -1)
    return game_of(len(gains), lambda s: base + gains[sorted(s)].sum(axis=0))


def random_game(players, classes=2, seed=0):
    """Every coalition has an answer of its own."""
    table = np.random.default_rng(seed).random((2**players, classes))
    return game_of(players, lambda s: table[sum(2**p for p in s)])


def shapley(game):
    """The definition: what a player adds to each coalition, weighted by how many orders form it."""
    n = len(game.players)

    def worth(members):
        shown = np.zeros((1, n), dtype=bool)
        shown[0, list(members)] = True
        return game.value(shown)[0]

    values = []
    for player in range(n):
        others = [p for p in range(n) if p != player]
        total = 0.0
        for size in range(n):
            for members in combinations(others, size):
                share = factorial(size) * factorial(n - size - 1) / factorial(n)
                total = total + share * (worth((*members, player)) - worth(members))
        values.append(total)
    return np.array(values)
