"""Shapley values: what each player of a game is worth, so that all together are worth what the game is.

Source: Shapley, A value for n-person games, 1953; interactions of pairs, Grabisch and Roubens, An axiomatic approach to
the concept of interaction among players in cooperative games, Int. J. Game Theory 1999; permutations, Castro, Gómez,
Tejada, Polynomial calculation of the Shapley value based on sampling, Computers & Operations Research 2009, each
followed by its reverse: Mitchell, Cooper, Frank, Holmes, Sampling permutations for Shapley value estimation, JMLR 2022.
Departures: every coalition that is needed is asked for once, all of them in one call.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np
from jaxtyping import Float, Int

from polysight.core.randomness import generator
from polysight.explain.coalitions import coalitions
from polysight.explain.game import Game

#: Up to so many players every coalition is asked for; of more, those along permutations.
EXACT = 6
#: Permutations walked through when there are more, half of them the others' reverses.
PERMUTATIONS = 128


@dataclass(frozen=True, eq=False)
class Worth:
    """What a game is worth, and who brings it.

    Attributes:
        nobody: The value without any player.
        everybody: The value with all of them.
        players: The Shapley value of each player; together they are ``everybody - nobody``.
        without: The value with all but one player.
        alone: The value with one player only.
        pairs: How much more two players bring together than each apart, on average over who else is there; symmetric,
            zero on the diagonal. None where coalitions were sampled.
    """

    nobody: Float[np.ndarray, " class"]
    everybody: Float[np.ndarray, " class"]
    players: Float[np.ndarray, "player class"]
    without: Float[np.ndarray, "player class"]
    alone: Float[np.ndarray, "player class"]
    pairs: Float[np.ndarray, "player player class"] | None = None


def worth(game: Game, *, seed: int = 0, exact: int = EXACT, permutations: int = PERMUTATIONS) -> Worth:
    """The worth of a game with at least one player.

    Args:
        game: The game; its value is asked for once.
        seed: The seed of the permutations.
        exact: Up to so many players the values are exact.
        permutations: How many permutations there are when they are not.
    """
    return _exact(game) if len(game.players) <= exact else _sampled(game, seed, permutations)


def _exact(game: Game) -> Worth:
    count = len(game.players)
    masks = coalitions(count)
    values, sizes = np.asarray(game.value(masks), dtype=np.float64), masks.sum(axis=1)
    joining = np.array([factorial(s) * factorial(count - s - 1) / factorial(count) for s in range(count)])
    players = np.zeros((count, values.shape[1]))
    pairs = np.zeros((count, count, values.shape[1]))
    for i in range(count):
        others = np.flatnonzero(~masks[:, i])
        players[i] = joining[sizes[others]] @ (values[others | 1 << i] - values[others])
        for j in range(i):
            rest = others[~masks[others, j]]
            both = values[rest | 1 << i | 1 << j] - values[rest | 1 << i] - values[rest | 1 << j] + values[rest]
            # Two players that act as one: the weights of a game with one player fewer.
            weights = [factorial(s) * factorial(count - s - 2) / factorial(count - 1) for s in sizes[rest]]
            pairs[i, j] = pairs[j, i] = np.asarray(weights) @ both
    last = len(masks) - 1
    single = 1 << np.arange(count)
    return Worth(values[0], values[last], players, values[last ^ single], values[single], pairs)


def _sampled(game: Game, seed: int, permutations: int) -> Worth:
    count = len(game.players)
    orders = _antithetic(count, max(permutations // 2, 1), seed)
    # Along an order players join one by one: order, step, player.
    joined = np.argsort(orders, axis=1)[:, None, :] < np.arange(count + 1)[None, :, None]
    every = np.concatenate([joined.reshape(-1, count), np.eye(count, dtype=bool), ~np.eye(count, dtype=bool)])
    masks, place = np.unique(every, axis=0, return_inverse=True)
    values = np.asarray(game.value(masks), dtype=np.float64)[place.ravel()]
    walks = values[: -2 * count].reshape(len(orders), count + 1, -1)
    gains = np.zeros((len(orders), count, walks.shape[2]))
    np.put_along_axis(gains, orders[..., None], np.diff(walks, axis=1), axis=1)
    return Worth(walks[0, 0], walks[0, -1], gains.mean(axis=0), values[-count:], values[-2 * count : -count])


def _antithetic(players: int, pairs: int, seed: int) -> Int[np.ndarray, "order player"]:
    """Orders in which players join: random ones, each followed by its reverse."""
    random = generator(seed, "shapley")
    orders = np.array([random.permutation(players) for _ in range(pairs)])
    return np.concatenate([orders, orders[:, ::-1]])
