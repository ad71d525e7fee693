"""Exit codes: each one of the contract comes from the thing it stands for, with a message that says what to do."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from polysight.cli import main
from polysight.core.events import listen
from polysight.runs.folder import opened


@pytest.fixture
def folder(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    (tmp_path / "a_file").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["exit_code"] == code
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    ("code", "arguments", "said"),
    [
        (2, "predict run table.csv --devise cpu", "--device"),
        (2, "predict run table.csv -o out.xlsx", "end it in .csv"),
        (65, "evaluate run table.csv --target lable", "did you mean 'label'"),
        (66, "predict rum table.csv", "did you mean 'run'"),
        (66, "predict run tabel.csv", "did you mean 'table.csv'"),
        (74, "predict run table.csv -o a_file/out.csv", "is a file, not a folder"),
        (74, "predict run table.csv -o run", "end it in"),
        (74, "evaluate run table.csv --out a_file", "is a file, not a folder"),
        (74, "train table.csv --target label --out a_file/run", "is a file, not a folder"),
    ],
)
def test_a_wrong_command_has_its_code_and_makes_nothing(
    folder: Path, code: int, arguments: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = set(folder.rglob("*"))
    if arguments.endswith("-o run"):
        (folder / "run.csv").mkdir()
        before.add(folder / "run.csv")
        arguments, said = f"{arguments}.csv", "is a folder"
    assert said in told(capsys, code, *arguments.split())
    assert set(folder.rglob("*")) == before


def test_parquet_without_its_library_is_69_before_the_work(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "table.parquet").write_bytes(b"PAR1")
    # What an import finds when the package is not installed.
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    events = []
    with listen(lambda name, facts: events.append(name)):
        for arguments in ("predict run table.parquet", "predict run table.csv -o out.parquet"):
            assert "pip install 'polysight[parquet]'" in told(capsys, 69, *arguments.split())
    assert "predicted" not in events
    assert not (folder / "out.parquet").exists()


def test_a_run_folder_in_use_is_75(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(folder / "run", resume=True):
        assert "another process" in told(capsys, 75, "train", "table.csv", "--target", "label", "--out", "run")
    assert (folder / "run" / "metrics.json").exists()


@pytest.mark.parametrize("name", ["tree.json", "arrays.safetensors", "manifest.json"])
@pytest.mark.parametrize("verb", ["predict", "evaluate"])
def test_an_altered_model_is_76(folder: Path, verb: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "run" / "model" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert "copy the model again" in told(capsys, 76, verb, "run", "table.csv")


def test_ctrl_c_is_130_wherever_it_comes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(name: str, facts: dict) -> None:
        if name == "predicted":
            raise KeyboardInterrupt

    with listen(interrupt):
        assert "interrupted" in told(capsys, 130, "predict", "run", "table.csv", "-o", "out.csv")
    assert not (folder / "out.csv").exists()


def test_a_signal_ends_a_training_with_130_and_keeps_its_state(folder: Path) -> None:
    arguments = ["train", "table.csv", "--target", "label", "--set", "learner={kind: neural, epochs: 2000}"]
    command = [sys.executable, "-m", "polysight", *arguments, "--out", "slow", "--json"]

    def listen_to_signals() -> None:
        # A shell starts what runs in its background with Ctrl-C ignored, and children inherit that.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, preexec_fn=listen_to_signals, **pipes) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("epoch 3/"):
                process.send_signal(signal.SIGINT)
                break
        out, err = process.communicate()
    assert process.returncode == 130, err
    assert "--out slow --resume" in json.loads(out)["error"]["fix"]
    assert list((folder / "slow" / "checkpoints").iterdir())
    assert not (folder / "slow" / "metrics.json").exists()
