"""Made-up games, and the slow textbook way to value them."""

from itertools import permutations

import numpy as np

from polysight.core.randomness import generator
from polysight.explain.coalitions import coalitions
from polysight.explain.game import Game


def random_game(players, classes=3, seed=0):
    """Any value for any coalition."""
    table = generator(seed, "game").normal(size=(2**players, classes))

    def value(masks):
        return table[masks @ (1 << np.arange(players))]

    return Game(tuple(f"p{i}" for i in range(players)), value)


def shapley_by_permutations(game):
    """The mean over all orders of what a player adds when it joins."""
    count = len(game.players)
    values = game.value(coalitions(count))
    total, orders = np.zeros((count, values.shape[1])), list(permutations(range(count)))
    for order in orders:
        code = 0
        for player in order:
            total[player] += values[code | 1 << player] - values[code]
            code |= 1 << player
    return total / len(orders)
