"""Occlusion: one question a part, and what it cannot see."""

import numpy as np
from known_games import additive, game_of

from polysight.explain.occlusion import occlusion


def test_a_part_gets_what_is_lost_without_it():
    gains = np.array([[0.5, -0.5], [0.0, 0.0], [-0.2, 0.2]])
    np.testing.assert_allclose(occlusion(additive(gains, base=0.1)), gains, atol=1e-12)


def test_n_parts_are_n_and_one_questions_asked_at_once():
    asked = []
    game = additive(np.ones(5))
    counted = type(game)(game.players, lambda shown: (asked.append(len(shown)), game.value(shown))[1])
    occlusion(counted)
    assert asked == [6]


def test_parts_that_say_the_same_hide_each_other():
    either = game_of(3, lambda s: float(bool(s & {0, 1})))
    np.testing.assert_array_equal(occlusion(either), 0)
