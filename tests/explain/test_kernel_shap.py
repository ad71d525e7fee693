"""KernelSHAP against the definition of Shapley values, and what it does when it cannot ask about everything."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_games import additive, game_of, random_game, shapley

from polysight.core.errors import ConfigError
from polysight.explain.coalitions import drawn_in_pairs, every
from polysight.explain.kernel_shap import KernelShap, kernel_shap


@pytest.mark.parametrize("players", [1, 2, 3, 6])
def test_values_are_those_of_the_definition(players):
    game = random_game(players, classes=3, seed=players)
    found = kernel_shap(game)
    assert found.exact
    np.testing.assert_allclose(found.values, shapley(game), atol=1e-9)


def test_ten_players_are_still_exact_and_eleven_are_not():
    assert kernel_shap(additive(np.arange(10))).asked == 2**10
    found = kernel_shap(additive(np.arange(11)))
    assert not found.exact
    assert found.asked <= 256


@given(st.integers(1, 24), st.integers(4, 90), st.integers(0, 5))
def test_values_always_add_up_to_the_answer(players, coalitions, seed):
    game = game_of(players, lambda s: [np.tanh(len(s)) + 0.1 * (0 in s), -0.3 * (len(s) > 2), 0.5])
    found = kernel_shap(game, coalitions=coalitions, exact=3, seed=seed)
    np.testing.assert_allclose(found.values.sum(axis=0), found.whole - found.empty, atol=1e-9)
    np.testing.assert_allclose(found.whole, game.value(np.ones((1, players), dtype=bool))[0])


def test_drawn_coalitions_are_enough_where_players_only_add():
    gains = np.random.default_rng(3).normal(size=(30, 2))
    found = kernel_shap(additive(gains, base=0.2), coalitions=120)
    assert not found.exact
    np.testing.assert_allclose(found.values, gains, atol=1e-9)
    np.testing.assert_allclose(found.empty, 0.2)


def test_more_coalitions_come_closer_to_the_definition():
    game = random_game(8, classes=1, seed=7)
    truth = shapley(game)

    def off(coalitions):
        tries = [kernel_shap(game, coalitions=coalitions, exact=0, seed=seed).values for seed in range(20)]
        return np.sqrt(np.mean([(t - truth) ** 2 for t in tries]))

    assert off(120) < off(24) / 1.5
    # Without a bias: the mean over seeds is closer than one try.
    tries = [kernel_shap(game, coalitions=60, exact=0, seed=seed).values for seed in range(200)]
    assert np.abs(np.mean(tries, axis=0) - truth).max() < 0.02


def test_the_same_seed_asks_the_same():
    game = random_game(12, seed=1)
    one, again, other = (kernel_shap(game, coalitions=64, seed=seed).values for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert not np.allclose(one, other)


def test_no_players_have_no_values():
    found = kernel_shap(game_of(0, lambda s: [0.4, 0.6]))
    assert found.values.shape == (0, 2)


@pytest.mark.parametrize(("players", "most"), [(3, 4), (4, 6), (7, 40), (12, 50), (12, 254), (30, 254), (64, 254)])
def test_pairs_hold_each_size_in_its_share(players, most):
    shown, weights = drawn_in_pairs(players, most, np.random.default_rng(0))
    assert len(shown) <= most
    assert len(np.unique(shown, axis=0)) == len(shown)
    half = len(shown) // 2
    np.testing.assert_array_equal(shown[:half], ~shown[half:])
    assert weights.sum() == pytest.approx(1)
    assert (weights > 0).all()
    sizes = np.arange(1, players)
    wanted = 1 / (sizes * (players - sizes))
    held = np.bincount(shown.sum(axis=1), weights, minlength=players)[1:players]
    if most > 20:
        np.testing.assert_allclose(held, wanted / wanted.sum(), atol=0.06 if most > 50 else 0.2)
    if players * (players - 1) * (wanted / 2).sum() < most / 2:
        # The smallest size is there as a whole: its share of the questions suffices.
        assert (shown.sum(axis=1) == 1).sum() == players


def test_all_coalitions_that_fit_are_all_there_are():
    shown, _ = drawn_in_pairs(6, 62, np.random.default_rng(0))
    assert {tuple(row) for row in shown} == {tuple(row) for row in every(6)}
    game = random_game(6)
    found = kernel_shap(game, coalitions=63, exact=0)
    assert not found.exact
    np.testing.assert_allclose(found.values, shapley(game), atol=0.2)


def test_too_few_coalitions_are_refused():
    with pytest.raises(ConfigError, match="at least 4"):
        KernelShap(coalitions=3)
