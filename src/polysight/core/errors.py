"""Every error polysight raises on purpose, and what the outside world sees of each.

PolysightError
|- ConfigError                 a name, option or value that does not fit
|- DataError                   the table or a file in it
|  |- MissingColumnError       a column that is not there
|  |- MissingFileError         a table, folder or model that is not there
|  |- UnreadableCellError      one cell that cannot be read (becomes a missing modality)
|  `- LabelError               the target: one class, a class too small, all missing
|- NotFittedError              asked before fit (scikit-learn's NotFittedError too)
|- TrainingError               training cannot go on (a NaN loss, no usable rows in a fold)
|  `- OutOfTimeError           the time limit passed in the middle of a member
|- ArtifactError               a saved model
|  |- IncompatibleError        written by a newer version
|  |- CorruptError             truncated, tampered with, or incomplete
|  `- UntrustedError           names a type that polysight never writes
|- BusyError                   the run folder is in use by another process
|- StorageError                the disk: full, read-only, unwritable
`- MissingExtraError           an optional part that is not installed
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from sklearn.exceptions import NotFittedError as SklearnNotFittedError


class PolysightError(Exception):
    """An error with facts: what happened, where, and how to fix it.

    Args:
        what: One sentence saying what happened.
        where: The table, row, column, file or option it happened at; may be empty.
        fix: One sentence saying what to do about it; may be empty.
    """

    code: ClassVar[str] = "error"

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        self.what, self.where, self.fix = what, where, fix
        super().__init__(what, where, fix)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n  fix: {self.fix}" if self.fix else text


class ConfigError(PolysightError, ValueError):
    """A name, option or value that does not fit."""

    code = "config"


class DataError(PolysightError, ValueError):
    """Something is wrong with the table or with a file it names."""

    code = "data"


class MissingColumnError(DataError):
    """A column that the table does not have; offers the nearest name."""

    code = "missing_column"

    def __init__(self, column: str, columns: Iterable[str], *, where: str = "the table") -> None:
        known = [str(name) for name in columns]
        super().__init__(
            f"has no column {column!r}",
            where=where,
            fix=did_you_mean(column, known) or f"its columns are: {', '.join(known)}",
        )
        self.column = column


class MissingFileError(DataError, FileNotFoundError):
    """A table, folder or model that is not there."""

    code = "missing_file"


class UnreadableCellError(DataError):
    """One cell that cannot be read; the caller makes it a missing modality.

    ``reason`` is a stable word (``not_found``, ``truncated``, ``outside_root``...), ``what`` the sentence.
    """

    code = "unreadable_cell"

    def __init__(self, reason: str, what: str, *, path: Path | str = "", fix: str = "") -> None:
        super().__init__(what, where=str(path), fix=fix)
        self.reason, self.path = reason, str(path)


class LabelError(DataError):
    """The target column cannot be learned from."""

    code = "label"


class NotFittedError(PolysightError, SklearnNotFittedError):
    """Asked for a prediction before ``fit``."""

    code = "not_fitted"


class TrainingError(PolysightError, RuntimeError):
    """Training cannot go on."""

    code = "training"


class OutOfTimeError(TrainingError):
    """The time limit passed in the middle of a member; what was finished is kept."""

    code = "out_of_time"


class ArtifactError(PolysightError):
    """A saved model cannot be used."""

    code = "artifact"


class IncompatibleError(ArtifactError):
    """Written by a newer version of the format."""

    code = "artifact_incompatible"


class CorruptError(ArtifactError):
    """Truncated, tampered with, or incomplete."""

    code = "artifact_corrupt"


class UntrustedError(ArtifactError):
    """Names a type that polysight never writes; nothing of it was executed."""

    code = "artifact_untrusted"


class BusyError(PolysightError):
    """The run folder is in use by another process."""

    code = "busy"


class StorageError(PolysightError, OSError):
    """The disk is full, read-only or not writable."""

    code = "storage"


class MissingExtraError(PolysightError, ImportError):
    """An optional part that is not installed."""

    code = "missing_extra"

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs an optional part", fix=f"pip install 'polysight[{extra}]'")
        self.extra = extra


#: What the outside sees, most specific class first: (class, process exit code, HTTP status).
OUTSIDE: tuple[tuple[type[BaseException], int, int], ...] = (
    (MissingFileError, 66, 404),
    (DataError, 65, 422),
    (ConfigError, 2, 400),
    (ArtifactError, 76, 500),
    (MissingExtraError, 69, 501),
    (BusyError, 75, 503),
    (StorageError, 74, 507),
    (KeyboardInterrupt, 130, 503),
    (OSError, 74, 500),
)


def exit_code(error: BaseException) -> int:
    """The process exit code of an error; 1 (a bug) for what is not in the table."""
    return next((code for kind, code, _ in OUTSIDE if isinstance(error, kind)), 1)


def http_status(error: BaseException) -> int:
    """The HTTP status of an error; 500 for what is not in the table."""
    return next((status for kind, _, status in OUTSIDE if isinstance(error, kind)), 500)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``did you mean 'x'?`` for the nearest known name, or an empty string when none is near."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return f"did you mean {by_lower[near[0]]!r}?" if near else ""
