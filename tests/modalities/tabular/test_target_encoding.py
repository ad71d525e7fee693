from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import TargetEncoder

from polysight import artifact
from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.samples import Samples
from polysight.data.splits import folds
from polysight.data.view import Cells
from polysight.learners.features import FeatureClassifier
from polysight.modalities.tabular.modality import Tabular
from polysight.modalities.tabular.target_encoding import TargetEncoded

TABLE = Tabular(columns=("town", "age"), categorical=("town",))


def view_of(towns, ages=None):
    ages = np.arange(len(towns), dtype=float) if ages is None else ages
    return TABLE.read(Cells(pd.DataFrame({"town": towns, "age": ages}), Path()))


def derived(towns, ages=None):
    return TargetEncoded().derive(view_of(towns, ages))


def random_table(rows=60, levels=6, classes=3, seed=0):
    rng = np.random.default_rng(seed)
    return np.array([f"t{i}" for i in rng.integers(0, levels, rows)], dtype=object), rng.integers(0, classes, rows)


@pytest.mark.parametrize("classes", [2, 3])
def test_new_rows_get_the_shares_scikit_learn_gives(classes):
    towns, codes = random_table(classes=classes)
    new = [*sorted(set(towns)), "nowhere"]
    features, _ = TargetEncoded(smoothing=4.0).learn(derived(towns), codes, None, classes=classes)
    reference = TargetEncoder(smooth=4.0, target_type="binary" if classes == 2 else "multiclass")
    expected = reference.fit(towns[:, None], codes).transform(np.array(new, dtype=object)[:, None])
    overall = np.eye(classes)[codes].mean(axis=0)[1 if classes == 2 else 0 :]
    found = features.transform(derived(new))[:, 2:] * features.scale[2:] + overall
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_training_rows_get_shares_from_the_other_folds():
    towns, codes = random_table()
    groups = np.arange(60) // 3
    features, matrix = TargetEncoded().learn(derived(towns), codes, groups, classes=3, seed=5)
    members = np.eye(3)[codes]
    overall = members.mean(axis=0)
    expected = np.empty((60, 3))
    for train, judged in folds(codes, groups, n=5, seed=5):
        for row in judged:
            same = train[towns[train] == towns[row]]
            expected[row] = (members[same].sum(axis=0) + 10 * overall) / (len(same) + 10) - overall
    np.testing.assert_allclose(matrix[:, 2:] * features.scale[2:], expected, atol=1e-6)


def test_a_level_that_is_a_group_teaches_nothing_in_training():
    towns = np.repeat([f"t{i}" for i in range(10)], 6).astype(object)
    codes = np.repeat(np.arange(10) % 2, 6)
    ages = np.zeros(60)
    _, apart = TargetEncoded().learn(derived(towns, ages), codes, np.repeat(np.arange(10), 6), classes=2)
    assert not apart.any()
    _, mixed = TargetEncoded().learn(derived(towns, ages), codes, None, classes=2)
    assert abs(np.corrcoef(mixed[:, 2], codes)[0, 1]) > 0.9
    _, alone = TargetEncoded().learn(derived(towns, ages), codes, np.zeros(60, dtype=int), classes=2)
    assert not alone.any()


NOISE_ROWS = 1_000


def noise():
    towns, codes = random_table(NOISE_ROWS, levels=300, classes=2, seed=1)
    return view_of(towns, np.zeros(NOISE_ROWS)), codes


def test_the_training_matrix_does_not_know_labels_that_are_noise():
    view, codes = noise()
    features, matrix = TargetEncoded().learn(TargetEncoded().derive(view), codes, None, classes=2)
    chance = np.bincount(codes).max() / NOISE_ROWS + 3 * 0.5 / NOISE_ROWS**0.5
    assert LogisticRegression(C=1e4).fit(matrix, codes).score(matrix, codes) < chance
    # With shares of all training rows each row finds its own label among few: what cross-fitting is there for.
    naive = features.transform(TargetEncoded().derive(view))
    assert LogisticRegression(C=1e4).fit(naive, codes).score(naive, codes) > chance + 0.1


def test_a_learner_of_noise_stays_at_chance():
    view, codes = noise()
    samples, probabilities = Samples({"table": view}), np.empty((NOISE_ROWS, 2))
    for train, judged in folds(codes, None, n=5, seed=0):
        learner = FeatureClassifier(features={"table": ["target_encoded"]})
        learner.fit_samples(samples.take(train), codes[train], inputs={"table": TABLE}, classes=2)
        probabilities[judged] = learner.predict_samples(samples.take(judged))
    assert (probabilities.argmax(axis=1) == codes).mean() < 0.5 + 3 * 0.5 / NOISE_ROWS**0.5
    # A learner that was shown training rows with their own labels would be sure, and wrong.
    assert log_loss(codes, probabilities) < np.log(2) + 0.02


def test_rows_have_length_one_and_gaps_are_told():
    towns, codes = random_table()
    ages = np.where(np.arange(60) % 4, np.arange(60.0), np.nan)
    towns[::7] = ""
    features, matrix = TargetEncoded().learn(derived(towns, ages), codes, None, classes=3)
    assert matrix.dtype == np.float32
    assert np.square(matrix).sum(axis=1).mean() == pytest.approx(1, rel=1e-5)
    assert len(set(matrix[np.isnan(ages), 1])) == 1
    missing, unseen = features.transform(derived(["", "nowhere"], [1.0, 1.0]))[:, 2:]
    assert missing.any()
    assert not unseen.any()


def test_a_class_without_training_rows_has_no_share():
    towns, codes = random_table(classes=2)
    features, matrix = TargetEncoded().learn(derived(towns), codes, None, classes=4)
    assert matrix.shape == (60, 2 + 4)
    assert np.isfinite(matrix).all()
    assert not features.transform(derived(["t1"]))[:, -2:].any()


def test_it_comes_back_from_a_file_of_data(tmp_path):
    towns, codes = random_table()
    features, _ = TargetEncoded(smoothing=3.0).learn(derived(towns), codes, None, classes=3)
    artifact.write(tmp_path / "model", features.to_state(), kind="features")
    restored = TargetEncoded.from_state(artifact.read(tmp_path / "model"))
    new = derived([*towns[:5], "nowhere", ""])
    np.testing.assert_array_equal(restored.transform(new), features.transform(new))


def test_labels_are_asked_for_and_options_checked():
    towns, _ = random_table()
    for features in (TargetEncoded(), TargetEncoded().fit(derived(towns))):
        with pytest.raises(NotFittedError, match="learn"):
            features.transform(derived(towns))
    with pytest.raises(ConfigError, match="smoothing"):
        TargetEncoded(smoothing=0)
    with pytest.raises(ConfigError, match="n_folds"):
        TargetEncoded(n_folds=1)
