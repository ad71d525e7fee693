"""Evaluations in notebooks: the verdict, intervals or the reason for none, and any name as text."""

import numpy as np

from polysight.evaluation.evaluate import evaluate_variants
from polysight.evaluation.result import Evaluation
from polysight.evaluation.variants import Variants


def made_up(labels, studies=None):
    votes = np.tile(np.eye(len(labels))[0] * 0.7 + 0.1, (20, 1))
    votes /= votes.sum(axis=1, keepdims=True)
    codes = np.arange(20) % 2
    variants = Variants(votes, {"a": votes, "b": votes}, {"a": votes, "b": votes}, np.zeros(20, dtype=int))
    plain = evaluate_variants(variants, codes, np.array(labels, dtype=object)).to_json(evaluated_on="test")
    return Evaluation.from_json(plain | (studies or {}))


def test_the_verdict_and_the_intervals_are_shown():
    html = made_up(["x", "y"])._repr_html_()
    assert "Accuracy 50.0 %" in html
    assert "Fusion justified" in html
    assert "0.500" in html
    assert html.count("<tr>") == html.count("</tr>")


def test_studies_add_to_the_verdict():
    worst = {"column": "site", "value": "<b>", "n": 9, "p": 0.01}
    worst |= {
        "accuracy": {"value": 0.2, "low": 0.1, "high": 0.3},
        "difference": {"value": -0.4, "low": -0.6, "high": -0.2},
    }
    html = made_up(["x", "y"], {"slices": {"slices": [worst]}})._repr_html_()
    assert "weakest where site = &lt;b&gt;" in html


def test_any_label_is_text_and_many_are_folded_away():
    html = made_up([f"<script>{i}</script>" for i in range(40)])._repr_html_()
    assert "<script>" not in html
    assert "the first 30 of 40" in html


def test_what_is_undefined_says_why():
    votes = np.tile([0.6, 0.4], (5, 1))
    variants = Variants(votes, {}, {}, np.zeros(5, dtype=int))
    html = evaluate_variants(variants, np.zeros(5, dtype=int), np.array(["x", "y"]))._repr_html_()
    assert "one class only" in html
