"""Members over repeated folds, and folds that lack a class."""

import numpy as np

from polysight.data.splits import repeated_folds
from polysight.ensemble.member import FoldStore, fit_member, places
from polysight.learners.features import FeatureClassifier
from polysight.modalities import MODALITIES
from polysight.modalities.inputs import prepare
from small_problem import small_table

TABLE = {"table": MODALITIES.load("tabular")(columns=("height", "width"), categorical=())}


def fit(task, folds):
    return fit_member("m", FeatureClassifier(), ("table",), task, folds, FoldStore(None, ""))


def test_votes_are_the_mean_over_repeats_and_every_model_is_in_the_bag():
    task = prepare(small_table(rows=60), "label", inputs=TABLE)
    ways = repeated_folds(task.codes, None, n=3, repeats=2, seed=0)
    both, alone = fit(task, [*ways[0], *ways[1]]), [fit(task, way) for way in ways]
    shown = frozenset({"table"})
    mean = (alone[0].out_of_fold[shown] + alone[1].out_of_fold[shown]) / 2
    np.testing.assert_allclose(both.out_of_fold[shown], mean, atol=1e-12)
    assert len(both.models) == 6
    for number, (_, left_out) in enumerate(ways[0]):
        assert (places(ways[0])[left_out] == number).all()


def test_a_fold_without_a_class_leaves_it_its_prior():
    task = prepare(small_table(rows=60), "label", inputs=TABLE)
    lacking, others = np.flatnonzero(task.codes == 3), np.flatnonzero(task.codes != 3)
    half = len(others) // 2
    folds = [(others, lacking), (np.concatenate([lacking, others[:half]]), others[half:])]
    votes = fit(task, folds).out_of_fold[frozenset({"table"})][lacking]
    np.testing.assert_allclose(votes.sum(axis=1), 1.0)
    np.testing.assert_allclose(votes[:, 3], 1 / (len(others) + 4), rtol=1e-6)
