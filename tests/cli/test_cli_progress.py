"""Progress: each event as a line where it matters, silence when asked, nothing on stdout ever."""

import pytest

from polysight.cli.progress import line_of, shown
from polysight.cli.summary import points, share, summary
from polysight.cli.talk import Talk
from polysight.core.events import emit

EPOCH = {
    "epoch": 2,
    "epochs": 10,
    "loss": 0.51234,
    "rows_per_second": 812.3,
    "validation_loss": 0.6,
    "validation_accuracy": 0.75,
    "learning_rate": 0.001,
}


def test_an_epoch_is_one_line() -> None:
    assert line_of("epoch", EPOCH) == "epoch 2/10, loss 0.512, validation 0.750, 812 rows/s"
    alone = {**EPOCH, "validation_loss": None, "validation_accuracy": None}
    assert line_of("epoch", alone) == "epoch 2/10, loss 0.512, 812 rows/s"
    assert line_of("something_else", {}) == ""


@pytest.mark.parametrize(("quiet", "lines"), [(False, 2), (True, 0)])
def test_off_a_terminal_there_is_a_line_an_event_on_stderr(
    quiet: bool, lines: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with shown(Talk(quiet=quiet)):
        emit("member_started", member="image hog", number=1, of=4, expected=3.0)
        emit("epoch", **EPOCH)
        emit("something_else")
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == lines
    assert "\x1b" not in err


def test_on_a_terminal_there_is_a_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with shown(Talk()):
        emit("held_out", train=80, holdout=20, grouped=True)
        emit("member_started", member="image [hog]", number=1, of=4, expected=3.0)
        emit("trial_started", method="gated + focal", seed=0, number=2, of=4)
        emit("trial_failed", method="gated + focal", seed=0, reason="the loss is not a finite number")
        emit("epoch", **EPOCH)
    out, err = capsys.readouterr()
    assert out == ""
    assert "20 rows held out" in err
    assert "gated + focal is given up (seed 0): the loss is not a finite number" in err
    assert "loss 0.512" in err


def test_the_summary_says_accuracy_best_single_gain_and_report(tmp_path) -> None:
    metrics = {
        "n": 300,
        "evaluated_on": "test",
        "stopped_by_time": True,
        "metrics": {
            "accuracy": {"value": 0.9, "low": 0.87, "high": 0.93},
            "f1_macro": {"value": 0.89, "low": None, "high": None},
        },
        "fusion_gain": {"value": 0.123, "low": 0.08, "high": 0.164, "over": "audio"},
        "baselines": {"audio only": {"value": 0.777, "low": 0.7, "high": 0.8}},
    }
    text = summary(metrics, tmp_path)
    assert "accuracy           0.900 (0.870 to 0.930)" in text
    assert "0.777 (0.700 to 0.800): audio" in text
    assert "+12.3 (+8.0 to +16.4) points" in text
    assert str(tmp_path / "report.html") in text
    assert "time limit" in text
    single = {**metrics, "fusion_gain": {"value": None, "over": ""}, "stopped_by_time": False}
    assert "fusion" not in summary(single, None)
    assert share({"value": None}) == "-"
    assert points({"value": -0.01, "low": -0.02, "high": 0.005}) == "-1.0 (-2.0 to +0.5)"
