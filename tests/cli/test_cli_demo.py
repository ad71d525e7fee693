"""demo article: epochs and test numbers of the learners beside the preset, as lines and as one object."""

import json
import re
from pathlib import Path

import pytest

from polysight.cli import main
from polysight.data.demonstration.things import Things

SMALL = {
    "kind": "neural",
    "encoders": {"image": {"kind": "article_conv", "size": 16}, "text": "article_lstm"},
    "fusion": "dense",
    "epochs": 2,
}


@pytest.fixture
def small(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network of a second instead of the article's; the preset's run, which other tests are about, is one made."""
    inputs = {name: {**spec, "size": 16} if name == "image" else spec for name, spec in Things.inputs.items()}
    monkeypatch.setattr(Things, "inputs", inputs)
    monkeypatch.setattr(Things, "beside", {"tiny, SGD": {**SMALL, "optimizer": "sgd"}})
    metrics = json.loads((trained / "run" / "metrics.json").read_text())
    monkeypatch.setattr("polysight.cli.demo.run", lambda settings, folder, talk: metrics)
    monkeypatch.setattr("polysight.cli.demo._explained", lambda folder, device: str(folder / "explanation.html"))
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")


@pytest.mark.usefixtures("small")
def test_epochs_and_test_numbers_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "article", "--rows", "100", "--device", "cpu", "--out", str(tmp_path / "run")]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert [re.sub(r"[\d.]+$", "", line) for line in lines[:2]] == ["Epoch 1/2, Loss ", "Epoch 2/2, Loss "]
    assert re.match(r"tiny, SGD +test loss \d\.\d{4}, test accuracy \d\.\d{3}, \d+ s$", lines[2])
    assert lines[3].startswith("quick")
    assert "drawn" in err
    assert "drawn" in lines[4]
    assert len((tmp_path / "run" / "data" / "train.csv").read_text().splitlines()) == 81
    assert not (tmp_path / "run" / "data" / "network").exists()


@pytest.mark.usefixtures("small")
def test_with_json_stdout_is_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["demo", "article", "--rows", "100", "--device", "cpu", "--out", str(tmp_path / "run"), "--json"]
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert answer.keys() >= {"run", "note", "next", "learners", "metrics"}
    tiny, quick = answer["learners"]
    assert (tiny["name"], quick["name"]) == ("tiny, SGD", "quick")
    assert tiny.keys() == quick.keys() == {"name", "loss", "accuracy", "seconds", "epochs"}
    assert [epoch["epoch"] for epoch in tiny["epochs"]] == [1, 2]
    assert tiny["loss"] > 0
    assert 0 <= tiny["accuracy"] <= 1
    assert quick["accuracy"] == answer["metrics"]["accuracy"]["value"]
    assert err.count("Epoch ") == 2
