"""What each input is worth: beside brute force, and on data where the answer is known."""

import json

import numpy as np
import pytest
from fitted_case import INPUTS, fitted_case

from polysight.data.samples import Samples
from polysight.data.view import View, content_key
from polysight.evaluation.evaluate import evaluate_variants
from polysight.evaluation.studies.base import Case
from polysight.evaluation.studies.modality_value import ModalityValue
from polysight.evaluation.variants import Variants


class Table:
    """A model given by what it says of every pair of two cells."""

    def __init__(self, answers):
        self.answers = answers
        self.classes_ = np.arange(answers.shape[-1])
        self.prior_ = np.full(answers.shape[-1], 1 / answers.shape[-1])

    def predict_samples(self, samples):
        a, b = (samples.views[name].arrays["cell"][:, 0] for name in ("a", "b"))
        there = samples.present
        found = self.answers[a, b].copy()
        found[~there.all(axis=1)] = self.prior_
        return found


def view_of(cells, present=None):
    keys = np.array([content_key([str(cell)]) for cell in cells])
    there = np.ones((len(cells), 1), dtype=bool) if present is None else present[:, None]
    return View({"cell": np.asarray(cells)[:, None]}, there, keys)


def case_of(model, samples, codes, **facts):
    return Case(samples, codes, model.classes_, Variants.predict(model, samples), model, **facts)


def test_the_projection_is_that_of_brute_force():
    rng = np.random.default_rng(0)
    n = 20
    logits = rng.normal(size=(n, n, 3))
    answers = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    codes = rng.integers(3, size=n)
    samples = Samples({"a": view_of(np.arange(n)), "b": view_of(np.arange(n))})
    found = ModalityValue().run(case_of(Table(answers), samples, codes))["additive"]
    right = []
    for i in range(n):
        a = sum(logits[i, j] for j in range(n)) / n
        b = sum(logits[j, i] for j in range(n)) / n
        right.append(np.argmax(a + b - logits.mean(axis=(0, 1))) == codes[i])
    assert found["value"] == pytest.approx(np.mean(right))
    assert found["rows"] == n
    assert found["all"]["value"] == pytest.approx(np.mean(logits[np.arange(n), np.arange(n)].argmax(axis=1) == codes))


def test_an_exclusive_or_has_nothing_left_when_shuffled_or_projected():
    rng = np.random.default_rng(1)
    a, b = rng.integers(2, size=(2, 200))
    differs = np.array([[0, 1], [1, 0]])
    answers = np.stack([0.95 - 0.9 * differs, 0.05 + 0.9 * differs], axis=-1)
    samples = Samples({"a": view_of(a), "b": view_of(b)})
    found = ModalityValue().run(case_of(Table(answers), samples, a ^ b))
    assert found["all"]["value"] == 1
    assert found["shuffled"]["a"]["value"] == pytest.approx(0.5, abs=0.12)
    assert found["additive"]["value"] == pytest.approx(0.5, abs=0.2)
    assert found["verdict"] == "yes"
    assert found["rows_needed"] is None


def test_cells_are_shuffled_only_among_rows_that_have_them():
    n = 40
    present = np.arange(n) % 4 != 0
    asked = []

    class Watched(Table):
        def predict_samples(self, samples):
            asked.append(samples)
            return super().predict_samples(samples)

    samples = Samples({"a": view_of(np.arange(n), present), "b": view_of(np.arange(n))})
    case = case_of(Watched(np.full((n, n, 2), 0.5)), samples, np.zeros(n, dtype=int))
    asked.clear()
    ModalityValue().run(case)
    mixed = asked[0]
    assert (mixed.views["a"].any_present == present).all()
    moved = mixed.views["a"].arrays["cell"][:, 0]
    assert sorted(moved[present]) == sorted(np.arange(n)[present])
    assert (moved[present] != np.arange(n)[present]).any()
    assert (mixed.views["b"].arrays["cell"][:, 0] == np.arange(n)).all()


def test_two_halves_of_a_label_are_both_worth_having():
    case = fitted_case(best_single="note")
    found = ModalityValue().run(case)
    assert json.loads(json.dumps(found)) == found
    assert set(found) == {
        *("all", "alone", "without", "shuffled", "additive", "gain", "verdict", "rows_needed"),
    }
    evaluation = evaluate_variants(case.variants, case.codes, case.classes, best_single="note")
    assert found["gain"] == {**evaluation.fusion_gain.to_json(), "over": "note"}
    assert found["verdict"] == "yes"
    for name in INPUTS:
        assert found["shuffled"][name]["value"] < found["all"]["value"] - 0.2
        assert found["without"][name]["value"] < found["all"]["value"] - 0.2
    # Logits that add up are their own projection.
    assert found["additive"]["value"] == pytest.approx(found["additive"]["all"]["value"], abs=0.05)
    assert ModalityValue().run(fitted_case(best_single="note")) == found


def test_without_a_model_only_what_is_known_is_told():
    found = ModalityValue().run(fitted_case(with_model=False))
    assert found["shuffled"] == {}
    assert found["additive"]["value"] is None
    assert found["additive"]["reason"] == "several_models"
    assert set(found["alone"]) == set(INPUTS)
    # Nobody told which is best: the better one on these rows.
    best = max(found["alone"], key=lambda name: found["alone"][name]["value"])
    assert found["gain"]["over"] == best


def test_rows_are_few_and_groups_whole():
    case = fitted_case(rows=500, group="site")
    asked = []
    plain = case.model.predict_samples
    case.model.predict_samples = lambda samples: asked.append(len(samples)) or plain(samples)
    found = ModalityValue().run(case)
    assert sum(asked[:2]) <= 600
    assert sum(asked[2:]) <= 4096
    assert found["additive"]["rows"] <= 64


def test_one_input_is_no_question():
    assert ModalityValue().run(fitted_case(inputs={"note": {"kind": "text"}})) is None
