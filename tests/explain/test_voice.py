"""Models taken apart: what their parts say is what they say, and makes the whole."""

import numpy as np
import pytest

from polysight import FeatureClassifier, LateFusionClassifier, NeuralClassifier
from polysight.explain.voice import Voice, mean_voice
from small_problem import small_table

TABLE = small_table(60, missing=0.0)
OPTIONS = {"epochs": 1, "validation_fraction": 0.0, "width": 16, "device": "cpu", "group": "site"}
ROW = TABLE.iloc[[0]]


def test_the_mean_of_voices_is_the_mean_of_what_they_and_their_parts_say():
    first = Voice("net", ("a",), np.array([0.2, 0.8]), 0.5, "fusion", (Voice("a", ("a",), np.array([0.0, 1.0]), 1.0),))
    second = Voice(
        "net", ("a",), np.array([0.4, 0.6]), None, "fusion", (Voice("a", ("a",), np.array([1.0, 0.0]), 0.5),)
    )
    found = mean_voice([first, second])
    np.testing.assert_allclose(found.probabilities, [0.3, 0.7])
    assert found.weight is None
    np.testing.assert_allclose(found.parts[0].probabilities, [0.5, 0.5])
    assert found.parts[0].weight == 0.75


@pytest.mark.parametrize("combine", ["product", "weighted", "mean"])
def test_late_fusion_shows_the_learner_of_each_input(combine):
    model = LateFusionClassifier(combine=combine, group="site").fit(TABLE, "label")
    row = model.read(ROW)
    voice = model.apart(row)
    np.testing.assert_allclose(voice.probabilities, model.predict_proba(ROW)[0])
    parts = {part.name: part for part in voice.parts}
    assert parts.keys() == model.learners_.keys()
    for name, part in parts.items():
        np.testing.assert_allclose(part.probabilities, model.learners_[name].predict_samples(row.only([name]))[0])
    weights = {name: part.weight for name, part in parts.items()}
    if combine == "weighted":
        mean = sum(weights[name] * parts[name].probabilities for name in parts)
        np.testing.assert_allclose(mean, voice.probabilities, atol=1e-6)
    else:
        assert weights == ({"note": 1.0, "table": 1.0} if combine == "product" else {"note": None, "table": None})
    assert [part.name for part in model.apart(model.read(ROW.assign(note=""))).parts] == ["table"]


def test_a_network_shows_its_encoders_own_answers_and_the_weights_of_its_fusion():
    model = NeuralClassifier(fusion="gated", **OPTIONS).fit(TABLE, "label")
    row = model.read(ROW)
    voice, own = model.apart(row), model.predict_samples_per_modality(row)
    np.testing.assert_allclose(voice.probabilities, model.predict_samples(row)[0])
    weights = model.fusion_weights(ROW).iloc[0]
    for part in voice.parts:
        np.testing.assert_allclose(part.probabilities, own[part.name][0])
        assert part.weight == pytest.approx(weights[part.name])
    assert {part.name for part in voice.parts} == {"note", "table"}


def test_a_network_without_heads_of_its_own_still_tells_the_weights():
    model = NeuralClassifier(fusion="gated", auxiliary=0.0, **OPTIONS).fit(TABLE, "label")
    voice = model.apart(model.read(ROW))
    assert voice.parts == ()
    assert sum(voice.facts["fusion_weights"].values()) == pytest.approx(1)


def test_of_a_learner_on_features_there_is_nothing_inside_to_see():
    model = FeatureClassifier().fit(TABLE, "label")
    voice = model.apart(model.read(ROW))
    assert (voice.name, voice.parts) == ("FeatureClassifier", ())
    told = voice.to_json(lambda said: {"probabilities": dict(zip(model.classes_, said, strict=True))})
    assert told.keys() == {"name", "inputs", "probabilities"}
    assert told["probabilities"].keys() == set(model.classes_)
