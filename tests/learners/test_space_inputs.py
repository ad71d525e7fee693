"""Volumes and clouds from table to answer: planned, fitted by features and by a network, and answered when missing."""

import json

import numpy as np
import pandas as pd
import pytest

from polysight import NeuralClassifier, Points, Volume
from polysight.cli import main

ROWS, JUDGED = 56, 16
RNG = np.random.default_rng(0)


def ball(large):
    axes = np.meshgrid(*[np.arange(side) - (side - 1) / 2 for side in (8, 16, 16)], indexing="ij")
    distance = np.sqrt(sum(axis**2 for axis in axes))
    return (180 * (distance < (3.4 if large else 2.2)) + RNG.integers(0, 60, distance.shape)).astype(np.uint8)


def cloud(flat):
    return RNG.normal(size=(80, 3)) * ([3.0, 3.0, 0.1] if flat else [1.0, 1.0, 1.0])


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    folder = tmp_path_factory.mktemp("space")
    rows = []
    for number in range(ROWS):
        label = number % 2
        np.save(folder / f"scan{number}.npy", ball(label))
        with_fourth = np.column_stack([cloud(label), np.zeros(80)]).astype("<f4")
        with_fourth.tofile(folder / f"sweep{number}.bin")
        rows.append((f"scan{number}.npy", f"sweep{number}.bin", ("small", "large")[label]))
    rows[5] = ("", rows[5][1], rows[5][2])
    rows[8] = (rows[8][0], "gone.bin", rows[8][2])
    frame = pd.DataFrame(rows, columns=["scan", "sweep", "label"])
    frame.iloc[:-JUDGED].to_csv(folder / "train.csv", index=False)
    frame.iloc[-JUDGED:].to_csv(folder / "test.csv", index=False)
    frame.attrs["root"] = folder
    return frame


def test_a_table_of_volumes_and_clouds_is_trained(table, tmp_path, capsys):
    run = tmp_path / "run"
    train, test = (str(table.attrs["root"] / f"{part}.csv") for part in ("train", "test"))
    arguments = [train, "--target", "label", "--test", test, "--preset", "quick", "--out", str(run)]
    assert main(["train", *arguments, "-q", "--json"]) == 0
    capsys.readouterr()
    columns = json.loads((run / "data.json").read_text())["columns"]
    assert (columns["scan"]["role"], columns["sweep"]["role"]) == ("volume", "points")
    metrics = json.loads((run / "metrics.json").read_text())
    assert metrics["metrics"]["accuracy"]["value"] > 0.9
    assert {"without scan", "without sweep"} <= set(metrics["missing"])
    assert "gone.bin" in (run / "set_aside.csv").read_text()


@pytest.mark.parametrize(
    ("column", "modality"),
    [("scan", Volume(shape=(8, 16, 16))), ("sweep", Points(count=32))],
)
def test_a_network_is_trained_on_them(column, modality, table):
    network = NeuralClassifier(
        inputs={column: modality}, epochs=4, width=16, batch_size=16, validation_fraction=0.0, random_state=0
    )
    network.fit(table, "label")
    probabilities = network.predict_proba(table.iloc[:6])
    assert probabilities.shape == (6, 2)
    assert np.isfinite(probabilities).all()
    assert (np.abs(probabilities - probabilities[0]) > 1e-4).any()
