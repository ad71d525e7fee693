"""Metrics against scikit-learn, under any integer weights, and their undefined corners."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from polysight.core.errors import DataError
from polysight.evaluation.metrics import METRICS, Scores, metric_values


def predictions(seed, rows=80, classes=4, ties=False):
    random = np.random.default_rng(seed)
    codes = np.concatenate([np.arange(classes), random.integers(classes, size=rows - classes)])
    logits = random.normal(size=(rows, classes))
    logits[np.arange(rows), codes] += 1.0
    probabilities = np.exp(logits)
    if ties:
        probabilities = np.round(probabilities) + 1
    return codes, probabilities / probabilities.sum(axis=1, keepdims=True)


def by_scikit_learn(codes, probabilities, weights=None):
    predicted = probabilities.argmax(axis=1)
    classes = probabilities.shape[1]
    onehot = np.eye(classes)[codes]
    averaged = {"labels": np.unique(codes), "zero_division": 0, "sample_weight": weights}
    return {
        "accuracy": reference.accuracy_score(codes, predicted, sample_weight=weights),
        "balanced_accuracy": reference.recall_score(codes, predicted, average="macro", **averaged),
        "precision_macro": reference.precision_score(codes, predicted, average="macro", **averaged),
        "recall_macro": reference.recall_score(codes, predicted, average="macro", **averaged),
        "f1_macro": reference.f1_score(codes, predicted, average="macro", **averaged),
        "f1_weighted": reference.f1_score(codes, predicted, average="weighted", **averaged),
        "mcc": reference.matthews_corrcoef(codes, predicted, sample_weight=weights),
        "roc_auc_ovr": reference.roc_auc_score(onehot, probabilities, average="macro", sample_weight=weights),
        "average_precision": reference.average_precision_score(
            onehot, probabilities, average="macro", sample_weight=weights
        ),
        "log_loss": reference.log_loss(codes, probabilities, labels=range(classes), sample_weight=weights),
        "brier": reference.brier_score_loss(
            codes,
            probabilities if classes > 2 else probabilities[:, 1],
            labels=list(range(classes)),
            sample_weight=weights,
        ),
    }


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("classes", [2, 3, 7])
def test_every_metric_agrees_with_scikit_learn(classes, ties):
    codes, probabilities = predictions(classes, classes=classes, ties=ties)
    values = metric_values(codes, probabilities)
    assert list(values) == list(METRICS)
    for name, expected in by_scikit_learn(codes, probabilities).items():
        assert values[name] == pytest.approx(expected, abs=1e-12), name


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_weight_counts_a_row_as_often_as_it_says(seed):
    codes, probabilities = predictions(seed, rows=40, classes=3, ties=bool(seed % 2))
    weights = np.random.default_rng(seed).integers(0, 4, size=40).astype(float)
    weights[:3] = 1.0
    values = Scores(codes, probabilities)(weights[:, None])
    for name, expected in by_scikit_learn(codes, probabilities, weights).items():
        assert values[name][0] == pytest.approx(expected, abs=1e-9), name


def test_balanced_accuracy_is_scikit_learns():
    codes, probabilities = predictions(5)
    expected = reference.balanced_accuracy_score(codes, probabilities.argmax(axis=1))
    assert metric_values(codes, probabilities)["balanced_accuracy"] == pytest.approx(expected)


def test_weightings_do_not_mix():
    codes, probabilities = predictions(1)
    weights = np.random.default_rng(0).integers(0, 3, size=(80, 5)).astype(float)
    together = Scores(codes, probabilities)(weights)
    for i in range(5):
        alone = Scores(codes, probabilities)(weights[:, [i]])
        for name in METRICS:
            np.testing.assert_allclose(together[name][i], alone[name][0])


def test_one_class_alone_has_no_ranking_and_no_correlation():
    values = metric_values(np.zeros(5, dtype=int), np.tile([0.7, 0.3], (5, 1)))
    assert values["accuracy"] == 1.0
    assert values["roc_auc_ovr"] is None
    assert values["average_precision"] is None
    assert values["mcc"] is None


def test_a_class_without_rows_is_left_out_of_averages():
    codes, probabilities = predictions(2, classes=3)
    kept = codes < 2
    values = metric_values(codes[kept], probabilities[kept])
    for name, expected in {
        "f1_macro": reference.f1_score(codes[kept], probabilities[kept].argmax(axis=1), labels=[0, 1], average="macro"),
        "roc_auc_ovr": np.mean([reference.roc_auc_score(codes[kept] == k, probabilities[kept][:, k]) for k in (0, 1)]),
    }.items():
        assert values[name] == pytest.approx(expected)


def test_a_label_never_seen_counts_as_wrong():
    codes, _ = predictions(3, rows=40)
    certain = np.eye(4)[codes]
    codes[:10] = -1
    values = metric_values(codes, certain)
    assert values["accuracy"] == pytest.approx(0.75)
    assert values["log_loss"] == pytest.approx(0.25 * -np.log(np.finfo(float).eps))
    truth = np.where(codes < 0, 4, codes)
    assert values["f1_macro"] == pytest.approx(
        reference.f1_score(truth, certain.argmax(axis=1), average="macro", zero_division=0)
    )
    assert values["mcc"] == pytest.approx(reference.matthews_corrcoef(truth, certain.argmax(axis=1)))


@pytest.mark.parametrize(
    ("codes", "probabilities"),
    [
        (np.array([], dtype=int), np.zeros((0, 2))),
        (np.array([0, 1]), np.array([[0.5, 0.5]])),
        (np.array([0]), np.array([[0.9, 0.9]])),
        (np.array([0]), np.array([[np.nan, 1.0]])),
        (np.array([0]), np.array([[-0.5, 1.5]])),
        (np.array([2]), np.array([[0.5, 0.5]])),
    ],
)
def test_what_is_no_prediction_is_refused(codes, probabilities):
    with pytest.raises(DataError):
        metric_values(codes, probabilities)
