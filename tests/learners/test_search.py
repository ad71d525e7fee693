"""Search takes the simplest settings that are as good as the best, judged on rows no candidate has seen."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression

from polysight.core.events import listen
from polysight.data.splits import folds
from polysight.learners.calibration import TemperatureScaling
from polysight.learners.estimators import make_estimator
from polysight.learners.fitting import fitted, probabilities_of
from polysight.learners.grids import GRIDS, candidates
from polysight.learners.row_space import row_coordinates
from polysight.learners.search import Part, search, simplest_within_one_error


def make(settings):
    return make_estimator({"kind": "logistic", **settings}, seed=0)


def problem(rows=90, columns=4, seed=0):
    rng = np.random.default_rng(seed)
    codes = rng.integers(3, size=rows)
    return (rng.normal(size=(rows, columns)) + 1.2 * np.eye(3, columns)[codes]).astype(np.float32), codes


def test_the_rule_takes_the_first_within_one_error_of_the_best():
    rng = np.random.default_rng(0)
    base, noise = rng.random(100), rng.normal(size=100)
    noise = (noise - noise.mean()) / noise.std(ddof=1)
    # The second candidate is best; the first is worse by so many standard errors of the paired difference.
    for errors, taken in ((0.9, 0), (1.1, 1)):
        worse = base + 0.01 * (noise + errors / 10)
        assert simplest_within_one_error(np.column_stack([worse, base, base])) == taken


def test_errors_are_counted_by_group():
    # Two groups of fifty equal rows tell as much as two rows, not as a hundred.
    difference = np.repeat([0.1, -0.02], 50)
    losses = np.column_stack([1 + difference, np.ones(100)])
    assert simplest_within_one_error(losses) == 1
    assert simplest_within_one_error(losses, np.repeat([3, 7], 50)) == 0


def parts_of(matrix, codes, groups=None):
    return [Part(matrix[a], codes[a], matrix[b], codes[b]) for a, b in folds(codes, groups, n=4, seed=1)]


@pytest.mark.parametrize("sparse", [False, True])
def test_settings_that_hardly_learn_lose_aloud(sparse):
    matrix, codes = problem(columns=120)
    given = csr_array(matrix) if sparse else matrix
    facts = []
    with listen(lambda name, fact: facts.append((name, fact))):
        found = search(make, [{"C": 1e-6}, {"C": 0.01}], parts_of(given, codes), prior=np.full(3, 1 / 3))
    assert found.settings == {"C": 0.01}
    ((name, fact),) = facts
    assert (name, fact["settings"]) == ("settings_chosen", {"C": 0.01})
    assert fact["losses"][1] < fact["losses"][0] - 0.05


def test_the_temperature_is_that_of_rows_not_seen():
    matrix, codes = problem(columns=30)
    answers = np.empty((len(codes), 3))
    for train, judged in folds(codes, None, n=4, seed=1):
        model = LogisticRegression(C=1.0, tol=1e-3, max_iter=300).fit(matrix[train], codes[train])
        answers[judged] = model.predict_proba(matrix[judged])
    found = search(make, [{"C": 1.0}], parts_of(matrix, codes), prior=np.full(3, 1 / 3))
    assert found.scaling.temperature_ == pytest.approx(TemperatureScaling().fit(answers, codes).temperature_, rel=1e-3)


def test_the_space_of_the_rows_gives_the_same_answers():
    matrix, codes = problem(rows=40, columns=200)
    for kind in ("logistic", "svm"):
        turned = row_coordinates(matrix, make_estimator(kind, seed=0))
        assert turned.shape == (40, 40)
        direct, short = (
            probabilities_of(
                fitted(make_estimator(kind, seed=0), seen[:30], codes[:30]), seen[30:], prior=np.full(3, 1 / 3)
            )
            for seen in (matrix, turned)
        )
        np.testing.assert_allclose(short, direct, atol=2e-3)
    assert row_coordinates(matrix, make_estimator("forest", seed=0)) is matrix


def test_a_fold_that_teaches_one_class_answers_nothing():
    matrix, codes = problem(rows=6)
    one = Part(matrix, np.zeros(6, dtype=int), matrix, codes)
    found = search(make, [{"C": 1.0}, {"C": 2.0}], [one], prior=np.full(3, 1 / 3))
    assert found.settings == {"C": 1.0}
    assert simplest_within_one_error(np.array([[0.5, 0.4]])) == 1


@pytest.mark.parametrize("kind", sorted(GRIDS))
@pytest.mark.parametrize("rows", [50, 2_000, 200_000])
def test_every_candidate_makes_an_estimator_and_few_are_tried(kind, rows):
    found = candidates(kind, rows=rows, classes=4)
    assert 1 <= len(found) <= 4
    matrix, codes = problem(rows=40)
    for settings in found if rows == 50 else ():
        model = fitted(make_estimator({"kind": kind, **settings}, seed=0), csr_array(matrix), codes)
        answers = probabilities_of(model, csr_array(matrix), prior=np.full(4, 1 / 4))
        np.testing.assert_allclose(answers.sum(axis=1), 1)
        assert (answers.argmax(axis=1) == codes).mean() > 0.5


def test_what_a_spec_sets_stays_and_doubles_are_dropped():
    assert candidates({"kind": "svm", "C": 7.0}, rows=99, classes=2) == (
        {"gamma": 0.25},
        {"gamma": 0.5},
        {"gamma": 1.5},
    )
    assert candidates({"kind": "logistic", "C": 7.0}, rows=99, classes=2) == ({},)
    assert candidates(LogisticRegression(), rows=99, classes=2) == ({},)
    assert candidates("unknown", rows=99, classes=2) == ({},)
