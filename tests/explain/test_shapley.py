"""Shapley values: against all permutations, and the axioms that define them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_games import random_game, shapley_by_permutations

from polysight.explain.coalitions import coalitions
from polysight.explain.game import Game
from polysight.explain.shapley import worth


@pytest.mark.parametrize("players", [1, 2, 3, 4, 5])
def test_exact_values_are_the_means_over_all_permutations(players):
    game = random_game(players)
    np.testing.assert_allclose(worth(game).players, shapley_by_permutations(game), atol=1e-12)


@given(players=st.integers(1, 9), seed=st.integers(0, 99))
@settings(max_examples=25)
def test_values_sum_to_the_gain_of_everybody_exact_or_sampled(players, seed):
    found = worth(random_game(players, seed=seed), seed=seed, permutations=8)
    np.testing.assert_allclose(found.players.sum(axis=0), found.everybody - found.nobody, atol=1e-12)


def test_sampled_values_come_near_the_exact_ones_and_repeat_with_a_seed():
    game = random_game(5)
    sampled = worth(game, exact=0, permutations=2000)
    np.testing.assert_allclose(sampled.players, worth(game).players, atol=0.12)
    np.testing.assert_array_equal(sampled.players, worth(game, exact=0, permutations=2000).players)
    assert sampled.pairs is None
    np.testing.assert_allclose(sampled.alone, worth(game).alone)
    np.testing.assert_allclose(sampled.without, worth(game).without)


def test_antithetic_orders_are_exact_for_games_of_pairs():
    """A player's gain in an order and in its reverse average to its Shapley value if interactions are of two."""

    def value(masks):
        return (masks @ np.arange(8.0) + masks[:, 0] * masks[:, 5] + 2 * masks[:, 1] * masks[:, 2])[:, None]

    game = Game(tuple("abcdefgh"), value)
    found = worth(game, permutations=2)
    np.testing.assert_allclose(found.players[:, 0], [0.5, 2, 3, 3, 4, 5.5, 6, 7], atol=1e-12)


def test_a_player_that_never_matters_is_worth_nothing_and_twins_are_worth_the_same():
    def value(masks):
        first, second, _ = masks.T.astype(float)
        return (first + second + 3 * first * second)[:, None]

    found = worth(Game(("twin", "other twin", "dummy"), value))
    np.testing.assert_allclose(found.players[:, 0], [2.5, 2.5, 0.0])


@pytest.mark.parametrize("players", [2, 3, 4])
def test_interactions_are_those_of_the_defining_formula(players):
    """The pair as one player, less each of them without the other: Shapley values of three smaller games."""
    game = random_game(players, seed=3)
    found = worth(game).pairs
    for i in range(players):
        for j in range(players):
            rest = [p for p in range(players) if p not in (i, j)]
            expected = np.zeros(3)
            if i != j:
                together = _value_of_first(game, rest, [i, j])
                expected = together - _value_of_first(game, rest, [i]) - _value_of_first(game, rest, [j])
            np.testing.assert_allclose(found[i, j], expected, atol=1e-12)


def _value_of_first(game, rest, merged):
    """The Shapley value of some players merged into one, among the rest."""

    def value(masks):
        whole = np.zeros((len(masks), len(game.players)), dtype=bool)
        whole[:, merged] = masks[:, [0]]
        whole[:, rest] = masks[:, 1:]
        return game.value(whole)

    return shapley_by_permutations(Game(tuple("m" + "r" * len(rest)), value))[0]


def test_every_coalition_is_asked_for_in_one_call():
    calls = []

    def value(masks):
        calls.append(len(masks))
        return np.zeros((len(masks), 2))

    worth(Game(tuple("abc"), value))
    worth(Game(tuple("abcdefgh"), value), permutations=16)
    assert calls[0] == len(coalitions(3)) == 8
    assert len(calls) == 2
    assert calls[1] <= 16 * 7 + 2 + 16
