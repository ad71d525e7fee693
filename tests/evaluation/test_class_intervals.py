"""What is told of each class: rankings as in scikit-learn, shares as counted, reasons where nothing can be told."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from judged_cases import answers
from polysight.evaluation.class_intervals import class_estimates, ranking_estimates
from polysight.evaluation.intervals import metric_estimates, share_estimate
from polysight.evaluation.resampling import Resampling


@pytest.mark.parametrize("grouped", [False, True])
def test_each_class_is_ranked_as_in_scikit_learn(grouped):
    codes, probabilities = answers(200)
    resampling = Resampling(200, np.arange(200) // 4 if grouped else None, count=200)
    told = ranking_estimates(codes, probabilities, probabilities.argmax(axis=1), resampling)
    for k, one in enumerate(told):
        assert one["roc_auc"].value == pytest.approx(roc_auc_score(codes == k, probabilities[:, k]))
        assert one["average_precision"].value == pytest.approx(average_precision_score(codes == k, probabilities[:, k]))
        for estimate in one.values():
            assert estimate.low < estimate.value < estimate.high
    mean = metric_estimates(codes, probabilities, resampling)
    assert np.mean([one["roc_auc"].value for one in told]) == pytest.approx(mean["roc_auc_ovr"].value)
    assert np.mean([one["average_precision"].value for one in told]) == pytest.approx(mean["average_precision"].value)


def test_a_class_without_rows_and_one_with_all_of_them_say_so():
    probabilities = np.tile([0.5, 0.3, 0.2], (30, 1))
    for codes, reason in ((np.zeros(30, dtype=int), "one_class_only"), (np.full(30, -1), "no_rows")):
        first, second, _ = ranking_estimates(codes, probabilities, np.zeros(30, dtype=int), Resampling(30, count=50))
        assert (first["roc_auc"].value, first["roc_auc"].reason) == (None, reason)
        assert second["average_precision"].reason == "no_rows"


def test_the_prevalence_has_the_interval_of_a_share():
    codes, probabilities = answers(300)
    codes[:30] = -1
    for groups in (None, np.arange(300) // 5):
        resampling = Resampling(300, groups)
        for k, one in enumerate(class_estimates(codes, probabilities.argmax(axis=1), 3, resampling)):
            assert one["prevalence"] == share_estimate(codes == k, resampling)
