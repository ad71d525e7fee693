"""A run folder: one run's files under agreed names, one process at a time."""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from polysight.core.errors import BusyError, ConfigError, StorageError
from polysight.runs.places import check_folders

#: What a run writes; an earlier run's are removed when a new one starts in the same folder.
FILES = (
    "config.yaml",
    "environment.json",
    "data.json",
    "splits.csv",
    "set_aside.csv",
    "events.jsonl",
    "metrics.json",
    "compare.yaml",
    "comparison.json",
    "predictions.csv",
    "report.html",
)
FOLDERS = ("checkpoints", "model", "figures")

_LOCK = ".lock"


class RunFolder:
    """Where a run writes. Made by ``opened``, which holds the lock.

    Args:
        path: The folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    @property
    def finished(self) -> bool:
        """Whether the run came to its measured end."""
        return (self / "metrics.json").exists()

    def clear(self) -> None:
        """Remove what an earlier run left; anything else in the folder stays."""
        for name in FILES:
            (self / name).unlink(missing_ok=True)
        for name in FOLDERS:
            shutil.rmtree(self / name, ignore_errors=True)

    def drop_checkpoints(self) -> None:
        """Give back the disk space of what only an unfinished run needs; the folder itself stays."""
        shutil.rmtree(self / "checkpoints", ignore_errors=True)
        (self / "checkpoints").mkdir(exist_ok=True)

    @contextlib.contextmanager
    def recorded(self) -> Iterator[EventLog]:
        """Append events to ``events.jsonl`` inside the block."""
        with (self / "events.jsonl").open("a", encoding="utf-8") as file:
            yield EventLog(file)


class EventLog:
    """A listener that writes each event as a line of JSON, with the seconds since it began."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._start = time.monotonic()

    def __call__(self, name: str, facts: dict[str, Any]) -> None:
        """Write one event, at once, so that a killed run has it."""
        line = {"elapsed": round(time.monotonic() - self._start, 3), "event": name, **facts}
        self._file.write(json.dumps(line, ensure_ascii=False, default=_plain) + "\n")
        self._file.flush()


@contextlib.contextmanager
def opened(path: Path, *, resume: bool = False) -> Iterator[RunFolder]:
    """A run folder for this process alone, new or emptied of an earlier run.

    Args:
        path: The folder; made if it is not there.
        resume: Keep what is there and go on.

    Raises:
        BusyError: Another process is working in it.
        ConfigError: It holds something that is not a run.
        StorageError: It cannot be written.
    """
    check_free(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        with _locked(path / _LOCK):
            folder = RunFolder(path)
            if not resume:
                folder.clear()
            yield folder
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise StorageError(f"cannot be written: {error.strerror}", where=str(path)) from error


def check_free(path: Path) -> None:
    """Check that a run may be put at a place; makes nothing there.

    Raises:
        ConfigError: It holds something that is not a run.
        StorageError: A folder it would be in is a file.
    """
    if path.exists() and not _may_be_run(path):
        raise ConfigError("is not empty and not a run folder", where=str(path), fix="choose a new folder with --out")
    check_folders(path)


def named_by_time(table: Path, parent: Path) -> Path:
    """``<parent>/<time>-<table>``; a number is added where that is taken."""
    base = f"{datetime.now():%Y%m%d-%H%M%S}-{table.stem}"
    candidates = [base, *(f"{base}-{number}" for number in range(2, 1000))]
    return next(parent / name for name in candidates if not (parent / name).exists())


def last_unfinished(table: Path, parent: Path) -> Path:
    """The newest run of a table that did not come to its end.

    Raises:
        ConfigError: There is none.
    """
    runs = sorted(path for path in parent.glob(f"*-{table.stem}*") if (path / "config.yaml").exists())
    unfinished = [path for path in runs if not RunFolder(path).finished]
    if not unfinished:
        finished = f"; the last one is finished: {runs[-1]}" if runs else ""
        raise ConfigError(
            f"there is no unfinished run of {table.name} in {parent}{finished}",
            where="--resume",
            fix="name its folder with --out, or leave out --resume to train anew",
        )
    return unfinished[-1]


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the operating system gives back when the process ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # Windows: two processes in one folder are the user's care there.
        yield
        return
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(
                "another process is working in this run folder",
                where=str(path.parent),
                fix="wait for it to end, or choose another folder with --out",
            ) from None
        yield


def _may_be_run(path: Path) -> bool:
    """An empty folder, or one that a run has been opened in before."""
    if not path.is_dir():
        return False
    names = {entry.name for entry in path.iterdir()}
    return not names or bool(names & {_LOCK, "config.yaml", "events.jsonl"})


def _plain(value: Any) -> Any:
    """NumPy's numbers and arrays, paths and the like as JSON has them."""
    return value.tolist() if hasattr(value, "tolist") else str(value)
