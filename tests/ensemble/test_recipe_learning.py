"""Recipes: stacking joins where it may and is judged on rows it did not see; what was not tried says why."""

import numpy as np

from polysight.data.samples import Samples
from polysight.ensemble.leaderboard import Entry, judge
from polysight.ensemble.member import Member
from polysight.ensemble.recipe import PRODUCT, STACKING, Cookbook
from polysight.ensemble.recipe_learning import learn_recipes
from polysight.modalities.inputs import Task


class Seen(Samples):
    """Samples of which only presence is asked."""

    def __init__(self, present):
        self.__dict__["views"] = dict.fromkeys("ab")
        self.__dict__["there"] = present

    @property
    def present(self):
        return self.there


def votes(codes, worth, seed, turn=0):
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(len(codes), 3)) + worth * np.eye(3)[(codes + turn) % 3]
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def problem(rows, turn=0):
    codes = np.arange(rows) % 3
    present = np.random.default_rng(0).random((rows, 2)) > 0.05
    present[:, 0] |= ~present.any(axis=1)
    members = [
        Member(name, (name,), [], {frozenset(name): votes(codes, worth, seed, turn)})
        for seed, (name, worth) in enumerate((("a", 1.0), ("b", 1.5)))
    ]
    return members, Task(Seen(present), codes, np.arange(3), np.arange(rows) // 3, {}, np.arange(rows))


def board(members, task, cookbook):
    rows = judge(members, [Entry(m.name, m.inputs, 1.0, "") for m in members], cookbook, task)
    return {row["member"]: row for row in rows}


def test_stacking_that_turns_classes_round_is_chosen_and_saved():
    members, task = problem(600, turn=1)
    prior = np.full(3, 1 / 3)
    cookbook = learn_recipes(members, task, prior)
    recipe = cookbook.recipe(frozenset("ab"))
    assert recipe.weights[STACKING] > 0.5
    assert recipe.members == {"a", "b"}
    fresh = np.arange(90) % 3
    seen = {"a": votes(fresh, 1.0, 7, 1), "b": votes(fresh, 1.5, 8, 1)}
    answer = recipe.answer(seen, prior)
    assert (answer.argmax(axis=1) == fresh).mean() > 0.6
    again = Cookbook.from_state(cookbook.to_state()).recipe(frozenset("ab"))
    np.testing.assert_array_equal(again.answer(seen, prior), answer)
    rows = board(members, task, cookbook)
    assert rows[STACKING]["kept"]
    assert rows["ensemble"]["log_loss"] <= rows[STACKING]["log_loss"] + 1e-9


def test_where_stacking_may_not_it_says_why_and_the_ensemble_is_never_worse():
    members, task = problem(150)
    rows = board(members, task, learn_recipes(members, task, np.full(3, 1 / 3)))
    assert rows[STACKING]["reason"].startswith("not tried: 1")
    assert not rows[STACKING]["kept"]
    assert {"a", "b", PRODUCT, STACKING, "ensemble"} == rows.keys()
    tried = [row["log_loss"] for row in rows.values() if row["log_loss"] is not None]
    assert rows["ensemble"]["log_loss"] <= min(tried) + 1e-9


def test_too_few_complete_rows_are_said_too():
    members, task = problem(24)
    assert "30 are needed" in board(members, task, learn_recipes(members, task, np.full(3, 1 / 3)))[STACKING]["reason"]


def test_experts_are_judged_by_answers_to_rows_they_were_not_fitted_on():
    members, task = problem(150)
    # The more weak members there are to choose from, the better the choice looks to the rows it was made on.
    weak = [Member(f"weak {n}", ("a",), [], {frozenset("a"): votes(task.codes, 0.6, 100 + n)}) for n in range(30)]
    recipe = learn_recipes([*members, *weak], task, np.full(3, 1 / 3)).recipe(frozenset("ab"))
    rows = np.logical_and.reduce(task.samples.present, axis=1)
    shown = {m.name: m.judged(frozenset(m.inputs))[rows] for m in [*members, *weak]}
    refitted = np.sum([weight * shown[name] for name, weight in recipe.experts["a"].items()], axis=0)

    def loss(answers):
        return -np.log(answers[np.arange(rows.sum()), task.codes[rows]]).mean()

    assert loss(recipe.judged["a expert"][rows]) > loss(refitted)


def test_one_group_is_judged_by_its_own_rows():
    members, task = problem(150)
    whole = Task(task.samples, task.codes, task.classes, np.zeros(150, dtype=int), {}, task.rows)
    recipe = learn_recipes(members, whole, np.full(3, 1 / 3)).recipe(frozenset("ab"))
    np.testing.assert_allclose(sum(recipe.weights.values()), 1.0)
