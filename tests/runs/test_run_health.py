"""Health before a training: cheap, on some rows, written down, told, and never in the way."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from polysight.core.errors import ConfigError
from polysight.core.events import listen
from polysight.health.order import Order
from polysight.runs import health as runs_health
from polysight.runs.config import RunConfig
from polysight.runs.health import checked, record_health
from polysight.runs.understand import load, understand


@pytest.fixture
def config(tmp_path: Path) -> RunConfig:
    rng = np.random.default_rng(0)
    for name, rows in (("train", 60), ("test", 30)):
        label = rng.permutation(np.arange(rows) % 2)
        table = pd.DataFrame({"label": label, "width": rng.normal(size=rows), "height": rng.normal(size=rows)})
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    test = pd.read_csv(tmp_path / "test.csv")
    test.loc[3, ["width", "height"]] = pd.read_csv(tmp_path / "train.csv").loc[7, ["width", "height"]]
    test.to_csv(tmp_path / "test.csv", index=False)
    return RunConfig(table=str(tmp_path / "train.csv"), test=str(tmp_path / "test.csv"), target="label")


def recorded(config: RunConfig, path: Path) -> tuple[dict, dict]:
    frame, test = load(config.table, None), load(str(config.test), None)
    events = {}
    with listen(lambda name, facts: events.update({name: facts})):
        record_health(path, config, frame, understand(config, frame), test)
    return json.loads(path.read_text()), events["health"]


def test_what_was_found_is_written_and_told(config: RunConfig, tmp_path: Path) -> None:
    written, told = recorded(config, tmp_path / "health.json")
    assert told == {"status": "fail", "findings": {"duplicate_rows_in_test": "fail"}}
    assert written["status"] == "fail"
    assert written["rows_looked_at"] == 60
    names = {check["name"] for check in written["checks"]}
    assert "label_errors" not in names
    assert {"name", "status", "message", "columns", "rows", "fix", "code", "facts"} == set(written["checks"][0])


def test_a_long_table_is_looked_at_in_part(config: RunConfig, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(runs_health, "QUICK_ROWS", 40)
    monkeypatch.setattr(runs_health, "QUICK_TEST_ROWS", 10)
    assert recorded(config, tmp_path / "health.json")[0]["rows_looked_at"] == 40


def test_a_check_that_breaks_is_a_warning_and_stops_nothing(config: RunConfig, tmp_path: Path, monkeypatch) -> None:
    def broken(self: Order, table: object) -> None:
        raise RuntimeError("no luck")

    monkeypatch.setattr(Order, "run", broken)
    written, told = recorded(config, tmp_path / "health.json")
    assert told["findings"]["order"] == "warn"
    assert "RuntimeError: no luck" in str(written["checks"])
    with pytest.raises(RuntimeError, match="no luck"):
        checked(config)


def test_amounts_are_trained_on_unchecked(config: RunConfig, tmp_path: Path) -> None:
    amounts = replace(config, target="width", task="regression")
    frame = load(amounts.table, None)
    record_health(tmp_path / "health.json", amounts, frame, understand(amounts, frame), None)
    assert not (tmp_path / "health.json").exists()
    with pytest.raises(ConfigError, match="classification only"):
        checked(amounts)


def test_names_and_order_of_class_folders_are_not_held_against_them(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")
    rng = np.random.default_rng(0)
    for label in ("cat", "dog"):
        (tmp_path / label).mkdir()
        for number in range(16):
            Image.fromarray(rng.integers(0, 255, (8, 8, 3), dtype=np.uint8)).save(tmp_path / label / f"{number}.png")
    names = {f.name for f in checked(RunConfig(table=str(tmp_path), target="label"), ("file_names", "order")).findings}
    assert names == set()
