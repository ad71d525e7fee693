"""The run folder: one process at a time, never over something else, a record that survives a kill."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from polysight.core.errors import BusyError, ConfigError, StorageError, exit_code
from polysight.core.events import emit, listen
from polysight.runs.folder import last_unfinished, named_by_time, opened


def test_a_second_opening_is_refused_while_the_first_lasts(tmp_path: Path) -> None:
    with opened(tmp_path / "run"):
        with pytest.raises(BusyError) as error, opened(tmp_path / "run"):
            pass
        assert exit_code(error.value) == 75
    with opened(tmp_path / "run"):
        pass


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from polysight.runs.folder import opened\n"
        "with opened(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path / "run")], check=False)
    assert killed.returncode != 0
    with opened(tmp_path / "run", resume=True) as folder:
        assert not folder.finished


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.txt").write_text("meow")
    with pytest.raises(ConfigError, match="not a run folder"), opened(tmp_path / "photos"):
        pass
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["cat.txt"]
    with pytest.raises(ConfigError, match="not a run folder"), opened(tmp_path / "photos" / "cat.txt"):
        pass


def test_an_earlier_run_is_cleared_unless_resumed_and_other_files_stay(tmp_path: Path) -> None:
    run = tmp_path / "run"
    with opened(run) as folder:
        for name in ("metrics.json", "config.yaml", "notes.txt"):
            (folder / name).write_text("{}")
        (folder / "checkpoints").mkdir()
        assert folder.finished
    with opened(run, resume=True) as folder:
        assert folder.finished
        assert (folder / "checkpoints").is_dir()
    with opened(run) as folder:
        assert not folder.finished
        assert not (folder / "checkpoints").exists()
        assert (folder / "notes.txt").exists()


def test_a_place_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError) as error, opened(tmp_path / "file" / "run"):
        pass
    assert exit_code(error.value) == 74


def test_events_are_lines_of_json(tmp_path: Path) -> None:
    with opened(tmp_path / "run") as folder:
        with folder.recorded() as log, listen(log):
            emit("epoch", seconds=7.0, loss=np.float32(0.5), classes=np.array([1, 2]), path=tmp_path, word="标签")
        with folder.recorded() as log, listen(log):
            emit("again")
    first, second = (json.loads(line) for line in (tmp_path / "run" / "events.jsonl").read_text().splitlines())
    assert first["event"] == "epoch"
    assert (first["loss"], first["classes"], first["path"]) == (0.5, [1, 2], str(tmp_path))
    assert first["word"] == "标签"
    assert first["seconds"] == 7.0
    assert 0 <= first["elapsed"] < 7
    assert second["event"] == "again"


def test_runs_are_named_by_time_and_table_and_the_last_unfinished_is_found(tmp_path: Path) -> None:
    table = Path("data/patients.csv")
    first = named_by_time(table, tmp_path)
    assert first.name.endswith("-patients")
    first.mkdir()
    assert not named_by_time(table, tmp_path).exists()
    with pytest.raises(ConfigError, match="no unfinished run"):
        last_unfinished(table, tmp_path)
    for name, files in (
        ("20200101-000000-patients", ["config.yaml"]),
        ("2021-patients", ["config.yaml", "metrics.json"]),
    ):
        (tmp_path / name).mkdir()
        for file in files:
            (tmp_path / name / file).write_text("")
    assert last_unfinished(table, tmp_path).name == "20200101-000000-patients"
    (tmp_path / "20200101-000000-patients" / "metrics.json").write_text("")
    with pytest.raises(ConfigError, match=r"the last one is finished: .*2021-patients"):
        last_unfinished(table, tmp_path)


def test_dropped_checkpoints_leave_an_empty_folder(tmp_path: Path) -> None:
    with opened(tmp_path / "run") as folder:
        folder.drop_checkpoints()
        (folder / "checkpoints" / "member").mkdir()
        (folder / "checkpoints" / "member" / "arrays").write_bytes(b"0" * 100)
        folder.drop_checkpoints()
        assert not list((folder / "checkpoints").iterdir())
