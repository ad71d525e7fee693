"""demo of a scenario: the oracle beside what is reached, and what the scenario in particular is about."""

import json
from pathlib import Path
from typing import Any

import pytest

from polysight.cli import main
from polysight.data.demonstration.logistics import Logistics
from polysight.data.demonstration.security import Security
from polysight.runs.model import milliseconds_per_decision


@pytest.fixture
def metrics(trained: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The numbers of a run already made stand for those of the scenario, whose settings are kept in ``asked``."""
    made = json.loads((trained / "run" / "metrics.json").read_text())
    asked: list[Any] = []

    def run(settings: Any, folder: Path, talk: Any) -> dict[str, Any]:
        asked.append(settings)
        return dict(made)

    monkeypatch.setattr("polysight.cli.demo.run", run)
    monkeypatch.setattr("polysight.cli.demo._explained", lambda folder, device: str(folder / "explanation.html"))
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")
    return {"made": made, "asked": asked}


def test_the_oracle_is_told_beside_what_is_reached(
    metrics: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "logistics", "--rows", "100", "--out", str(tmp_path / "run")]) == 0
    lines = capsys.readouterr().out.splitlines()
    reached = metrics["made"]["metrics"]["accuracy"]["value"] / Logistics().oracle().accuracy
    assert f"oracle             0.940, the best possible here; {100 * reached:.1f} % of it is reached" in lines
    assert any(line.startswith("oracle, one input  0.593: ") for line in lines)
    assert lines[-1].startswith("next")


def test_with_json_the_oracle_is_part_of_the_object(
    metrics: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "logistics", "--rows", "100", "--out", str(tmp_path / "run"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["oracle"].keys() == {"accuracy", "single", "view", "reached"}
    assert answer["oracle"]["accuracy"] == pytest.approx(0.940, abs=5e-4)
    assert answer["own"] == {}


def test_a_demonstration_without_densities_has_no_oracle(
    metrics: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--rows", "100", "--out", str(tmp_path / "run"), "--json"]) == 0
    assert "oracle" not in json.loads(capsys.readouterr().out)


def test_alarms_are_told_and_the_clock_is_no_input(
    metrics: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen: list[tuple[Path, Path]] = []

    def told(self: Security, table: Path, predictions: Path) -> dict[str, float]:
        seen.append((table, predictions))
        return {"seconds_to_alarm": 6.4}

    monkeypatch.setattr(Security, "told", told)
    assert main(["demo", "security", "--rows", "100", "--out", str(tmp_path / "run")]) == 0
    assert "seconds to alarm   6.40" in capsys.readouterr().out.splitlines()
    assert seen == [(tmp_path / "run" / "data" / "test.csv", tmp_path / "run" / "predictions.csv")]
    assert metrics["asked"][0].ignore == ("second", "incident_at")
    assert metrics["asked"][0].group == "stream"


def test_a_live_demonstration_times_a_decision(
    metrics: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(Logistics, "live", True)
    monkeypatch.setattr("polysight.runs.model.milliseconds_per_decision", lambda *_, **__: 12.5)
    assert main(["demo", "logistics", "--rows", "100", "--out", str(tmp_path / "run")]) == 0
    assert "milliseconds per decision 12.50" in capsys.readouterr().out.splitlines()


def test_a_decision_takes_some_time(trained: Path) -> None:
    assert 0 < milliseconds_per_decision(trained / "run", trained / "table.csv", rows=3) < 60_000
