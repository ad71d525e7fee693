"""Learners on inputs too large for memory: what is read again for each batch gives the model that held frames give."""

import numpy as np
import pandas as pd
import pytest

from polysight import FeatureClassifier, NeuralClassifier, Sequence
from polysight.data.stored import StoredRows


@pytest.fixture
def table(tmp_path):
    rng, rows = np.random.default_rng(0), []
    for number in range(20):
        clip = rng.integers(0, 60, (4, 16, 16, 3), dtype=np.uint8)
        label = number % 2
        for step in range(4):
            clip[step, :, 3 * (step if label else 3 - step) : 3 * (step if label else 3 - step) + 6] = 230
        np.save(tmp_path / f"{number}.npy", clip)
        rows.append({"clip": f"{number}.npy" if number % 7 else None, "label": "ab"[label]})
    frame = pd.DataFrame(rows)
    frame.attrs["root"] = str(tmp_path)
    return frame


def learners():
    inputs = {"clip": Sequence(columns=("clip",), frames=4, size=16)}
    encoder = {"kind": "sequence_lstm", "channels": 4, "hidden": 8}
    yield NeuralClassifier(inputs, encoders={"clip": encoder}, epochs=2, batch_size=6, width=8, validation_fraction=0.3)
    yield FeatureClassifier(inputs, features={"clip": ["frame_hog", "frame_motion"]})


def test_the_same_model_whether_held_or_stored(table, tmp_path, monkeypatch):
    answers = {}
    for limit in ("1GB", "5KB"):
        monkeypatch.setenv("POLYSIGHT_CACHE", str(tmp_path / limit))
        monkeypatch.setenv("POLYSIGHT_CACHE_LIMIT", limit)
        fitted = [learner.fit(table, "label") for learner in learners()]
        frames = fitted[0].read(table).views["clip"].arrays["frames"]
        assert isinstance(frames, StoredRows) == (limit == "5KB")
        answers[limit] = [learner.predict_proba(table) for learner in fitted]
        assert sum(path.stat().st_size for path in (tmp_path / limit).iterdir()) <= (5_000 if limit == "5KB" else 1e9)
    for held, stored in zip(*answers.values(), strict=True):
        np.testing.assert_array_equal(held, stored)
    assert (answers["5KB"][1].argmax(axis=1) == np.arange(20) % 2)[np.arange(20) % 7 > 0].all()
