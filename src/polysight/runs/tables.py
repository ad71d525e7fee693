"""The tables of a run: what was set aside and why, what was predicted, and how tables are written."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Int
from numpy.typing import NDArray

from polysight.core.errors import ConfigError, MissingExtraError
from polysight.core.files import atomic_path, write_text
from polysight.data.view import Problem
from polysight.evaluation.variants import Variants
from polysight.runs.judged import Judged
from polysight.runs.places import check_file

#: Writes a table to a file or into memory.
Writer = Callable[[pd.DataFrame, Path | io.BytesIO], None]

#: What a row gets in ``problems`` when nothing in it could be read.
NOTHING_READABLE = "nothing_readable"


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV file atomically."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    write_text(path, text.getvalue())


def write_set_aside(path: Path, problems: Iterable[Problem]) -> None:
    """Write ``set_aside.csv``: cells that could not be read and rows that were not used, by row."""
    ordered = sorted(problems, key=lambda problem: (problem.row, problem.column))
    rows = [(p.row, p.column, p.file, p.code, p.reason, p.fix) for p in ordered]
    write_csv(path, ("row", "column", "file", "code", "reason", "fix"), rows)


def problem_texts(
    present: Bool[np.ndarray, "row modality"], problems: Iterable[Problem], rows: Int[np.ndarray, " row"]
) -> list[str]:
    """What could not be read in each row, joined by semicolons; empty where all is well.

    Args:
        present: Which inputs each row has.
        problems: Cells that could not be read, by position in the table.
        rows: The position in the table of each row.
    """
    found: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        found[problem.row].append(f"{problem.column}: {problem.code} ({problem.file})".replace(";", ","))
    nothing = present.sum(axis=1) == 0
    return [
        "; ".join([NOTHING_READABLE] * bool(empty) + found[int(row)]) for row, empty in zip(rows, nothing, strict=True)
    ]


def answer_table(
    model: Any, answers: NDArray[Any], problems: Sequence[str], factors: NDArray[Any] | None = None
) -> pd.DataFrame:
    """What a model says of each row in the columns it tells it in, and ``problems``; see ``TableModel.told``."""
    return pd.DataFrame({**model.told(answers, factors), "problems": list(problems)})


def write_judged(path: Path, judged: Judged, variants: Variants, model: Any) -> None:
    """Write ``predictions.csv``: the rows a model was measured on, truth beside prediction."""
    problems = problem_texts(judged.samples.present, judged.problems, judged.rows)
    table = answer_table(model, variants.whole, problems, variants.factors)
    table.insert(0, "row", judged.rows)
    for place, (name, cells) in enumerate(judged.written.items(), start=1):
        table.insert(place, name, cells)
    write_table(table, path)


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table atomically in the format its suffix names.

    Raises:
        ConfigError: No such format.
        MissingExtraError: Parquet without pyarrow.
    """
    with atomic_path(path) as temporary:
        writer_of(path)(table, temporary)


def check_place(path: Path) -> None:
    """Check before the work what would otherwise fail after it: format, its library, and the folder.

    Raises:
        ConfigError: No such format.
        MissingExtraError: Parquet without pyarrow.
        StorageError: A file stands where a folder must be, or a folder where the file must be.
    """
    writer_of(path)(pd.DataFrame({"row": [0]}), io.BytesIO())
    check_file(path)


def writer_of(path: Path) -> Writer:
    """The writer for a file's suffix.

    Raises:
        ConfigError: No such format.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ConfigError("cannot write this kind of file", where=str(path), fix=f"end it in {', '.join(WRITERS)}")
    return writer


def _to_csv(table: pd.DataFrame, path: Path | io.BytesIO) -> None:
    table.to_csv(path, index=False, lineterminator="\n")


def _to_json_lines(table: pd.DataFrame, path: Path | io.BytesIO) -> None:
    table.to_json(path, orient="records", lines=True, force_ascii=False, double_precision=15)


def _to_parquet(table: pd.DataFrame, path: Path | io.BytesIO) -> None:
    try:
        table.to_parquet(path, index=False, engine="pyarrow")
    except ImportError:
        raise MissingExtraError("parquet", "writing Parquet") from None


#: How each kind of file is written, by its suffix.
WRITERS: Mapping[str, Writer] = {
    ".csv": _to_csv,
    ".jsonl": _to_json_lines,
    ".parquet": _to_parquet,
}
