"""Blending: never worse than the best member, weights that sum to one, right for each set of shown inputs."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.data.target_kinds.amount import Amount
from polysight.data.target_kinds.classes import Classes
from polysight.data.target_kinds.several import Targets
from polysight.ensemble.blend import blend_weights
from polysight.ensemble.target_leaderboard import answers_out_of_fold, best_inputs
from polysight.ensemble.target_member import TargetMember
from polysight.ensemble.target_recipes import LEAST_ROWS, TargetCookbook, blended, learn_target_recipes
from polysight.modalities.target_task import TargetTask


@given(st.integers(1, 5), st.integers(2, 30), st.integers(0, 1000))
def test_a_blend_is_never_worse_than_its_best_member(members, rows, seed):
    rng = np.random.default_rng(seed)
    truth, target = rng.normal(size=(rows, 1)), Amount("x")
    votes = {f"m{k}": truth + rng.normal(0, 0.2 + k, (rows, 1)) for k in range(members)}
    weights = blend_weights(votes, target, truth)
    assert sum(weights.values()) == pytest.approx(1.0)
    mean = sum(weight * votes[name] for name, weight in weights.items())
    best = min(target.losses(truth, vote).mean() for vote in votes.values())
    assert target.losses(truth, mean).mean() <= best * (1 + 1e-9)


def test_errors_that_cancel_are_weighed_alike():
    truth, noise = np.zeros((50, 1)), np.random.default_rng(0).normal(size=(50, 1))
    votes = {"plus": noise, "minus": -noise, "far": noise + 10}
    assert blend_weights(votes, Amount("x"), truth) == {"plus": 0.5, "minus": 0.5}


class Seen:
    """Samples that only know which inputs are there."""

    names = ("a", "b")

    def __init__(self, present):
        self.present = present


def made_task(present):
    """Two targets; ``a`` tells the amount, ``b`` the class."""
    rng = np.random.default_rng(1)
    rows = len(present)
    truth = np.column_stack([rng.normal(size=rows), rng.integers(2, size=rows)])
    targets = Targets((Amount("price"), Classes("kind", ("x", "y"))))
    p = np.where(truth[:, 1] == 0, 0.9, 0.1)
    knows_amount = np.column_stack([truth[:, 0], np.full((rows, 2), 0.5)])
    knows_class = np.column_stack([np.zeros(rows), p, 1 - p])
    members = [
        TargetMember("sees a", ("a",), [], {frozenset("a"): knows_amount}),
        TargetMember("sees b", ("b",), [], {frozenset("b"): knows_class}),
    ]
    task = TargetTask(
        samples=Seen(present),
        codes=truth[:, 1].astype(int),
        classes=np.arange(2),
        groups=None,
        inputs={},
        rows=np.arange(rows),
        targets=targets,
        truth=truth,
        cells=pd.DataFrame(index=range(rows)),
    )
    return members, task


def test_each_target_and_each_set_of_inputs_has_weights_of_its_own():
    members, task = made_task(np.ones((60, 2), dtype=bool))
    cookbook = learn_target_recipes(members, task)
    assert cookbook.recipe(frozenset("ab")) == {"price": {"sees a": 1.0}, "kind": {"sees b": 1.0}}
    assert cookbook.recipe(frozenset("b")) == {"price": {"sees b": 1.0}, "kind": {"sees b": 1.0}}
    assert best_inputs(cookbook, members, task) == {"price": "a", "kind": "b"}
    answers = answers_out_of_fold(cookbook, members, task, frozenset("ab"))
    np.testing.assert_array_equal(answers[:, 0], task.truth[:, 0])
    again = TargetCookbook.from_state(cookbook.to_state())
    assert again.recipes == cookbook.recipes


def test_rows_without_an_input_are_answered_without_it():
    present = np.ones((100, 2), dtype=bool)
    present[:40, 0], present[99] = False, False
    members, task = made_task(present)
    cookbook = learn_target_recipes(members, task)
    answers = answers_out_of_fold(cookbook, members, task, frozenset("ab"))
    assert (answers[:40, 0] == 0).all()
    np.testing.assert_array_equal(answers[99], cookbook.prior)


def test_with_few_rows_members_count_alike():
    members, task = made_task(np.ones((LEAST_ROWS - 1, 2), dtype=bool))
    cookbook = learn_target_recipes(members, task)
    assert cookbook.recipe(frozenset("ab"))["price"] == {"sees a": 0.5, "sees b": 0.5}


def test_a_set_without_weights_takes_the_mean_of_its_inputs():
    alone = {frozenset("a"): {"price": {"m": 1.0}}, frozenset("b"): {"price": {"m": 0.5, "n": 0.5}}}
    recipe = TargetCookbook(np.zeros(1), alone).recipe(frozenset("ab"))
    assert recipe == {"price": {"m": 0.75, "n": 0.25}}
    votes = {"m": np.ones((2, 1)), "n": np.zeros((2, 1))}
    np.testing.assert_allclose(blended(recipe, votes, {"price": slice(0, 1)}), 0.75)
