"""Going on: an interrupted run to the same numbers, a finished one not at all."""

import json
from pathlib import Path

import pytest
from small_runs import metrics_of

from polysight.cli import main
from polysight.core.events import listen


def test_an_interrupted_run_keeps_what_is_finished_and_resumes_to_the_same_numbers(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = made / "interrupted"
    arguments = ["train", "--config", str(made / "run" / "config.yaml"), "--out", str(run), "--json"]

    def interrupt(name: str, facts: dict) -> None:
        if name == "member_finished":
            raise KeyboardInterrupt

    with listen(interrupt):
        assert main(arguments) == 130
    out, err = capsys.readouterr()
    assert f"error: {run}: interrupted; what is finished is kept\n  fix: continue with --resume: " in err
    assert json.loads(out)["error"].items() >= {"code": "interrupted", "exit_code": 130}.items()
    assert not (run / "metrics.json").exists()
    assert main([*arguments, "--resume", "-q"]) == 0
    events = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    resumed = [event["fold"] for event in events if event["event"] == "fold_resumed"]
    assert resumed == [0, 1, 2, 3]
    assert metrics_of(run) == metrics_of(made / "run")


def test_a_network_alone_goes_on_with_the_epoch_after_the_last(made: Path) -> None:
    learner = ["--set", "learner={kind: neural, epochs: 3, width: 8}"]
    arguments = ["train", str(made / "train.csv"), "--target", "side", "--test", str(made / "test.csv"), *learner]

    def interrupt(name: str, facts: dict) -> None:
        if name == "epoch" and facts["epoch"] == 2:
            raise KeyboardInterrupt

    with listen(interrupt):
        assert main([*arguments, "--out", str(made / "cut"), "-q"]) == 130
    assert main([*arguments, "--out", str(made / "cut"), "-q", "--resume"]) == 0
    assert main([*arguments, "--out", str(made / "uncut"), "-q"]) == 0
    events = [json.loads(line) for line in (made / "cut" / "events.jsonl").read_text().splitlines()]
    resumed = next(number for number, event in enumerate(events) if event.get("resumed"))
    assert [event["epoch"] for event in events[resumed:] if event["event"] == "epoch"] == [2, 3]
    assert metrics_of(made / "cut") == metrics_of(made / "uncut")


def test_a_finished_run_is_not_trained_again_but_says_what_it_found(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = made / "run"
    tables = [str(made / "train.csv"), "--test", str(made / "test.csv")]
    arguments = ["train", *tables, "--target", "side", "--preset", "quick", "--out", str(run), "--json", "--resume"]
    before = {path: path.stat().st_mtime_ns for path in run.rglob("*") if path.suffix}
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {"run": str(run), **json.loads((run / "metrics.json").read_text())}
    assert "is finished: nothing is trained again" in err
    assert main([*arguments, "--seed", "3"]) == 2
    assert "differs in: seed" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in run.rglob("*") if path.suffix} == before
