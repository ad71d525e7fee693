"""Two models on the same rows: their metrics, what differs, and how surely."""

import numpy as np
import pytest
from scipy.stats import binomtest

from polysight.core.errors import DataError
from polysight.evaluation.intervals import metric_estimates
from polysight.evaluation.metrics import METRICS
from polysight.evaluation.paired import Answers, bootstrap_p, compare_answers, mcnemar
from polysight.evaluation.resampling import Resampling
from polysight.evaluation.significance import holm, sign_flip


def answers(codes, share, classes, seed):
    rng = np.random.default_rng(seed)
    said = np.where(rng.random(len(codes)) < share, codes, (codes + 1) % classes)
    sure = rng.uniform(0.5, 0.9, len(codes))
    probabilities = np.full((len(codes), classes), ((1 - sure) / (classes - 1))[:, None])
    probabilities[np.arange(len(codes)), said] = sure
    return Answers(probabilities, said)


def problem(rows=150, classes=2, shares=(0.7, 0.9)):
    codes = np.random.default_rng(9).integers(classes, size=rows)
    return codes, *(answers(codes, share, classes, seed) for seed, share in enumerate(shares))


def test_metrics_are_those_of_each_and_differences_are_paired():
    codes, a, b = problem()
    found = compare_answers(codes, a, b)
    assert found["rows"] == 150
    assert list(found["metrics"]) == list(METRICS)
    for side, one in (("a", a), ("b", b)):
        expected = metric_estimates(codes, one.probabilities, Resampling(150), one.predicted)
        assert {n: m[side] for n, m in found["metrics"].items()} == {n: e.to_json() for n, e in expected.items()}
    for metric in found["metrics"].values():
        gap = metric["b"]["value"] - metric["a"]["value"]
        assert metric["difference"]["value"] == pytest.approx(gap, abs=1e-8)
    accuracy = found["metrics"]["accuracy"]
    right = [one.predicted == codes for one in (a, b)]
    assert accuracy["p"] == sign_flip(right[1].astype(float) - right[0])
    assert accuracy["difference"]["low"] > 0
    assert found["verdict"] == "b_better"
    assert found["metrics"]["log_loss"]["difference"]["high"] < 0
    assert compare_answers(codes, b, a)["verdict"] == "a_better"
    p = [metric["p"] for metric in found["metrics"].values()]
    assert [metric["p_holm"] for metric in found["metrics"].values()] == pytest.approx(holm(p))


def test_the_same_answers_do_not_differ():
    codes, a, _ = problem()
    found = compare_answers(codes, a, a)
    assert found["verdict"] == "no_difference"
    assert {metric["p_holm"] for metric in found["metrics"].values()} == {1.0}
    assert all(metric["difference"]["value"] == 0 for metric in found["metrics"].values())
    assert found["delong"]["p"] == 1


def test_groups_make_less_of_the_same_rows():
    codes, a, b = problem(shares=(0.75, 0.85))
    copies = [np.tile(codes, 4), *(Answers(np.tile(x.probabilities, (4, 1)), np.tile(x.predicted, 4)) for x in (a, b))]
    groups = np.tile(np.arange(150), 4)
    apart, together = compare_answers(*copies), compare_answers(*copies, groups=groups)
    width = [x["metrics"]["f1_macro"]["difference"]["high"] - x["metrics"]["f1_macro"]["difference"]["low"]
             for x in (apart, together)]  # fmt: skip
    assert width[1] > 1.6 * width[0]
    assert together["metrics"]["accuracy"]["p"] > apart["metrics"]["accuracy"]["p"]
    assert together["delong"]["p"] > apart["delong"]["p"]


def test_several_classes_and_unknown_labels_have_no_delong():
    codes, a, b = problem(classes=3)
    assert compare_answers(codes, a, b)["delong"] is None
    codes, a, b = problem()
    assert compare_answers(np.where(np.arange(150) == 3, -1, codes), a, b)["delong"] is None


def test_few_rows_cannot_tell():
    codes, a, b = problem(rows=12, shares=(0.7, 0.75))
    assert compare_answers(codes, a, b)["verdict"] in ("cannot_tell", "no_difference")
    one_class = compare_answers(np.zeros(12, dtype=int), a, b)
    assert one_class["metrics"]["roc_auc_ovr"]["difference"]["reason"] == "one_class_only"
    assert one_class["metrics"]["roc_auc_ovr"]["p"] is None
    assert one_class["metrics"]["roc_auc_ovr"]["p_holm"] is None


@pytest.mark.parametrize(("only_a", "only_b"), [(9, 2), (0, 0), (1, 6), (5, 5)])
def test_mcnemar_is_the_exact_binomial_test(only_a, only_b):
    a = np.array([True] * only_a + [False] * only_b + [True] * 7 + [False] * 3)
    b = np.array([False] * only_a + [True] * only_b + [True] * 7 + [False] * 3)
    expected = binomtest(only_a, only_a + only_b).pvalue if only_a + only_b else 1.0
    assert mcnemar(a, b) == {"only_a": only_a, "only_b": only_b, "p": pytest.approx(expected)}


def test_the_p_value_of_resamples():
    assert bootstrap_p(np.array([1.0] * 97 + [-1.0] * 2)) == pytest.approx(2 * 3 / 100)
    assert bootstrap_p(np.array([0.0, 0.0, np.nan])) == 1.0


def test_models_of_different_classes_are_refused():
    codes, a, _ = problem()
    _, _, b = problem(classes=3)
    with pytest.raises(DataError, match="shapes"):
        compare_answers(codes, a, b)
