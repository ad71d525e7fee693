"""Starting up: --help answers without anything heavy, wrong command lines get exit code 2 and the nearest name."""

import json
import subprocess
import sys

import pytest

from polysight import __version__
from polysight.cli import main

HEAVY = ("torch", "pandas", "numpy", "sklearn", "scipy", "cv2", "matplotlib", "jinja2", "rich")


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys, polysight.cli\n"
        f"assert polysight.cli.main({arguments!r}) == 0\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "assert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_module_is_the_program() -> None:
    done = subprocess.run([sys.executable, "-m", "polysight", "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"polysight {__version__}\n")


def test_without_arguments_it_shows_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    for verb in ("demo", "init", "train", "compare", "evaluate", "predict", "report", "info", "doctor"):
        assert f"\n  {verb} " in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["trian"], "Did you mean 'train'"),
        (["train", "--targte", "x"], "--target"),
        (["predict"], "Missing argument"),
        (["demo", "--seed", "many"], "--seed"),
        (["info", "fussion"], "did you mean 'fusion'"),
        (["info", "fusion", "gatd"], "did you mean 'gated'"),
        (["demo", "digit"], "did you mean 'digits'"),
        (["demo", "--preset", "fast"], "'fast' does not fit"),
        (["train"], "needs a table"),
        (["train", "t.csv"], "--target"),
        (["train", "t.csv", "--target", "a", "--task", "guess"], "'guess' does not fit"),
        (["train", "t.csv", "--target", "a", "--set", "presett=good"], "did you mean 'preset'"),
        (["train", "t.csv", "--target", "a", "--time-limit", "soon"], "not a duration"),
    ],
)
def test_wrong_command_lines_are_usage_errors(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert out == ""
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_an_error_is_one_json_object_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "fussion", "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "config"
    assert error["exit_code"] == 2
    assert "fusion" in error["fix"]


def test_a_bug_says_so_and_shows_its_traceback_only_when_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(noun: str) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("polysight.cli.info.registry_of", broken)
    assert main(["info", "fusion"]) == 1
    err = capsys.readouterr().err
    assert "this is a bug" in err
    assert "Traceback" not in err
    assert main(["info", "fusion", "-v"]) == 1
    assert "Traceback" in capsys.readouterr().err
