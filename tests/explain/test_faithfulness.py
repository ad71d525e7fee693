"""Faithfulness: curves on games with known answers, verdicts in the right direction, bounded questions."""

import json

import numpy as np
import pytest
from planted_patches import SIDE, patched, trained

from polysight.evaluation.intervals import Estimate
from polysight.evaluation.studies.base import Case
from polysight.evaluation.variants import Variants
from polysight.explain.base import Explainer, Within
from polysight.explain.curves import STRETCHES, Areas, areas, by_value, edges
from polysight.explain.faithfulness import LEAST_ROWS, _verdict, faithfulness
from polysight.explain.faithfulness_study import FaithfulnessStudy
from polysight.explain.game import Game
from polysight.explain.grad_cam import GradCam
from polysight.explain.occlusion import Occlusion


def additive(weights):
    """A game in which each player adds its weight to the first of two classes."""
    asked = []

    def value(shown):
        asked.append(len(shown))
        first = shown @ np.asarray(weights)
        return np.column_stack([first, 1 - first])

    return Game(tuple(map(str, range(len(weights)))), value), asked


def test_areas_are_those_under_the_curves():
    game, asked = additive([0.5, 0.3, 0.2, 0.0])
    best, worst = areas(game, 0, [np.array([0, 1, 2, 3]), np.array([3, 2, 1, 0])])
    # One player at a time: the answer falls 1, .5, .2, 0, 0 and rises the other way.
    assert best.deletion == pytest.approx(np.trapezoid([1, 0.5, 0.2, 0, 0], dx=0.25))
    assert best.insertion == pytest.approx(np.trapezoid([0, 0.5, 0.8, 1, 1], dx=0.25))
    assert (worst.deletion, worst.insertion) == pytest.approx((best.insertion, best.deletion))
    assert best.gain == pytest.approx(-worst.gain)
    assert len(asked) == 1
    assert asked[0] <= 2**4


def test_random_orders_gain_nothing_on_average_and_the_best_order_most():
    weights = np.random.default_rng(0).dirichlet(np.ones(12))
    game, _ = additive(weights)
    dice = np.random.default_rng(1)
    chance = areas(game, 0, [dice.permutation(12) for _ in range(400)])
    assert abs(np.mean([area.gain for area in chance])) < 0.02
    (best,) = areas(game, 0, [by_value(weights)])
    assert best.gain > max(area.gain for area in chance)


def test_many_players_go_in_few_stretches():
    game, asked = additive(np.full(50, 0.02))
    areas(game, 0, [np.arange(50)])
    assert asked[0] == 2 * STRETCHES
    assert by_value(np.array([1.0, 3.0, 3.0])).tolist() == [1, 2, 0]


def test_edges_are_where_the_picture_changes():
    model, (samples, _, inside) = trained(), patched(6, seed=7)
    found = []
    for row in range(6):
        units = model.inputs_["photo"].units(samples.take([row]).views["photo"])
        strength = edges(units)
        assert strength.shape == (len(units),)
        found.append((units.outline[inside[row]] == strength.argmax()).any())
    assert np.mean(found) > 0.8


class Backwards(Explainer):
    """Says the opposite of occlusion."""

    kind = "backwards"

    def explain(self, model, row, name, target, seed):
        told = Occlusion().explain(model, row, name, target, seed)
        return Within(self.kind, told.unit, told.labels, -told.values, facts={"asked": 1})


class Elsewhere(Backwards):
    """Is about other parts."""

    kind = "elsewhere"

    def explain(self, model, row, name, target, seed):
        return Within(self.kind, "thing", ("a", "b"), np.array([1.0, 0.0]))


class Silent(Backwards):
    kind = "silent"

    def explain(self, model, row, name, target, seed):
        return None


class Stencil(GradCam):
    """A map of the picture alone, whatever the network."""

    kind = "stencil"

    def likeness_without_learning(self, model, rows, name, targets, seed):
        return 1.0


@pytest.fixture(scope="module")
def tested():
    model, (samples, _, _) = trained(), patched(20, seed=8)
    explainers = [Occlusion(), GradCam(), Backwards(), Elsewhere(), Silent(), Stencil()]
    return faithfulness(model, samples, explainers, budget=2400)["photo"]


def test_good_explanations_pass_and_others_say_that_they_fail(tested):
    methods = tested["methods"]
    assert set(methods) == {"occlusion", "grad_cam", "backwards", "stencil"}
    for kind in ("occlusion", "grad_cam"):
        stamp = methods[kind]
        assert stamp["deletion"] < stamp["random"]
        assert stamp["gain"]["value"] > stamp["edges"]
        assert stamp["passed"] is not False, kind
    assert methods["grad_cam"]["passed"] is True
    assert methods["grad_cam"]["insertion"] > methods["grad_cam"]["random"]
    assert methods["backwards"]["passed"] is False
    assert methods["backwards"]["gain"]["value"] == pytest.approx(-methods["occlusion"]["gain"]["value"], abs=0.1)
    assert methods["stencil"]["reason"] == "same_without_learning"
    assert methods["grad_cam"]["randomised"] < 0.5
    assert methods["occlusion"]["randomised"] is None
    # What stands at the top is the explainer that did worst.
    assert (tested["method"], tested["passed"]) == ("backwards", False)
    assert 4 <= tested["rows"] <= 20
    assert tested["asked"] <= 2400 + 200
    json.dumps(tested, allow_nan=False)


def test_questions_are_bounded_and_the_same_seed_tells_the_same():
    model, (samples, _, _) = trained(), patched(12, seed=8)
    small = [faithfulness(model, samples, [Occlusion()], budget=110, groups=np.arange(12) // 2) for _ in range(2)]
    assert small[0] == small[1]
    # However small the budget, as many rows as anything is judged by.
    assert small[0]["photo"]["rows"] == LEAST_ROWS
    assert small[0]["photo"]["passed"] is not False
    nothing = faithfulness(model, samples.hide(["photo"]), [Occlusion()])
    assert nothing == {}


@pytest.mark.parametrize(
    ("rows", "gain", "against", "alike", "passed", "reason"),
    [
        (20, Estimate(0.2, 0.1, 0.3), None, None, True, ""),
        (20, Estimate(0.2, 0.1, 0.3), Estimate(0.0, -0.1, 0.1), 0.1, True, ""),
        (20, Estimate(0.2, 0.1, 0.3), Estimate(-0.2, -0.3, -0.1), None, False, "edges_explain_better"),
        (20, Estimate(0.2, 0.1, 0.3), None, 0.9, False, "same_without_learning"),
        (20, Estimate(0.2, -0.1, 0.5), None, None, None, "too_few_rows"),
        (20, Estimate(0.2, None, None), None, None, None, "too_few_rows"),
        (20, Estimate(-0.1, -0.2, 0.1), None, None, False, "no_better_than_chance"),
        (7, Estimate(0.2, 0.1, 0.3), None, None, None, "too_few_rows"),
        (7, Estimate(-0.2, -0.3, -0.1), None, None, None, "too_few_rows"),
        (7, Estimate(0.2, 0.1, 0.3), None, 0.9, False, "same_without_learning"),
    ],
)
def test_verdicts(rows, gain, against, alike, passed, reason):
    assert _verdict(rows, gain, against, alike) == (passed, reason)


def test_the_study_asks_the_explainers_of_every_explanation():
    model, (samples, codes, _) = trained(), patched(6, seed=3)
    answers = model.predict_samples(samples)
    case = Case(samples, codes, model.classes_, Variants(answers, {}, {}, codes), model=model)
    found = FaithfulnessStudy().run(case)
    assert set(found) == {"photo"}
    assert {"occlusion", "grad_cam"} <= set(found["photo"]["methods"])
    assert FaithfulnessStudy().run(Case(samples, codes, model.classes_, case.variants)) is None
    assert samples.views["photo"].arrays["pixels"].shape[2] == SIDE
    assert Areas(0.2, 0.7).gain == pytest.approx(0.5)
