"""--json: exactly one object on stdout, with the keys of the contract, for every verb."""

import json
from pathlib import Path

import pytest
from small_training import SMALL

from polysight.cli import main

METRICS = {"n", "metrics", "per_class", "confusion", "classes", "baselines", "fusion_gain", "missing", "leaderboard"}


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (["train", "table.csv", *SMALL, "--out", "{new}/run"], METRICS | {"run", "evaluated_on", "stopped_by_time"}),
        (["evaluate", "run", "table.csv"], METRICS),
        (["evaluate", "run", "table.csv", "--out", "{new}/judged"], METRICS),
        (["predict", "run", "table.csv"], {"rows", "rows_with_problems", "out", "predictions"}),
        (["predict", "run", "table.csv", "-o", "{new}/out.jsonl"], {"rows", "rows_with_problems", "out"}),
        (
            ["explain", "run", "table.csv", "--row", "0"],
            {"prediction", "modalities", "within", "faithfulness", "rules"},
        ),
        (["init", "table.csv", "--target", "label", "-o", "{new}/polysight.yaml"], {"file", "columns", "inputs"}),
        (["check", "table.csv", "--target", "label"], {"status", "checks"}),
        (["advise", "table.csv", "--target", "label"], {"plan", "reasons", "seconds", "memory_mb", "presets"}),
        (["info"], {"items"}),
        (["info", "objective"], {"items"}),
        (["info", "fusion", "gated"], {"items"}),
        (["doctor"], {"items"}),
        (["demo", "--list"], {"items"}),
    ],
)
@pytest.mark.parametrize("quiet", [True, False])
def test_stdout_is_one_object(
    trained: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    keys: set[str],
    quiet: bool,
) -> None:
    monkeypatch.chdir(trained)
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")
    arguments = [argument.format(new=tmp_path) if "{new}" in argument else argument for argument in arguments]
    assert main([*arguments, "--json", *(["-q"] if quiet else [])]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out, parse_constant=pytest.fail).keys() >= keys
    assert not (quiet and err)


def test_report_lists_what_it_wrote(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(trained / "run"), "--json", "-q"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["reports"] == [str(trained / "run" / "report.html")]
    assert [Path(path).name for path in answer["figures"]] == ["confusion.png", "intervals.png", "reliability.png"]
