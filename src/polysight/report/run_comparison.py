"""Run comparison: two run folders held against each other by what they said of the same rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Shaped

from polysight.core.errors import DataError
from polysight.evaluation.evaluate import codes_of
from polysight.evaluation.paired import Answers, compare_answers
from polysight.report.content import ReportContent, read_run

_FIX = "train both with the same table, the same test table (or none) and the same seed"


def compare_runs(folder_a: Path | str, folder_b: Path | str, *, seed: int = 0) -> dict[str, Any]:
    """Compare two runs by their ``predictions.csv``; a difference is how much more the second has.

    Args:
        folder_a: A run folder, or what ``evaluate --out`` wrote.
        folder_b: Another, about the same rows.
        seed: Same seed, same intervals.

    Returns:
        What ``evaluation.paired.compare_answers`` gives, and ``runs``: the names of both.

    Raises:
        MissingFileError: There is no run in one of the folders.
        DataError: A run is unfinished, damaged or no classification, or they are not about the same rows.
    """
    return compared_runs((read_run(folder_a), read_run(folder_b)), seed=seed)


def compared_runs(runs: tuple[ReportContent, ReportContent], *, seed: int = 0) -> dict[str, Any]:
    """The same of runs already read; see ``compare_runs``."""
    tables = [_table(run) for run in runs]
    check_same_rows(runs, tables)
    first, second = tables[0], tables[1].loc[tables[0].index]
    labels = list(dict.fromkeys(str(name) for run in runs for name in run.metrics["classes"]))
    compared = compare_answers(
        codes_of(first["target"].to_numpy(), np.asarray(labels, dtype=object)),
        _answers(first, labels),
        _answers(second, labels),
        groups=_groups(runs[0], first.index),
        seed=seed,
    )
    return {"runs": [run.name for run in runs], **compared}


def check_same_rows(runs: tuple[ReportContent, ReportContent], tables: list[pd.DataFrame]) -> None:
    """Refuse to compare runs that were measured on different rows.

    Raises:
        DataError: They were, or nothing shows that they were not.
    """
    names = " and ".join(run.name for run in runs)
    kinds = [_judged_table(run) for run in runs]
    if kinds[0] != kinds[1]:
        raise DataError(f"were measured on different tables: {kinds[0]}, {kinds[1]}", where=names, fix=_FIX)
    here, there = (set(table.index) for table in tables)
    if here != there:
        what = f"are about different rows: {len(here)} and {len(there)}, of which {len(here & there)} are the same"
        raise DataError(what, where=names, fix=_FIX)
    truth = [tables[0]["target"], tables[1]["target"].loc[tables[0].index]]
    differ = np.flatnonzero(truth[0].to_numpy() != truth[1].to_numpy())
    if len(differ):
        row = tables[0].index[differ[0]]
        what = f"do not agree on what row {row} is: {truth[0].iloc[differ[0]]!r} or {truth[1].iloc[differ[0]]!r}"
        raise DataError(what, where=names, fix=_FIX)


def _judged_table(run: ReportContent) -> str:
    """What tells the table that a run was measured on; empty where it is not known.

    Two runs may look at different inputs of one table, and then have different fingerprints of what they read; the
    truth of each row, which is compared too, shows whether a table of the same name has changed.
    """
    part = "test" if run.metrics.get("evaluated_on") == "test" else "table"
    return Path(str(run.settings[part])).name if run.settings.get(part) else ""


def _table(run: ReportContent) -> pd.DataFrame:
    """The predictions of a run by row.

    Raises:
        DataError: It has none, or they are no classification of one target.
    """
    table = run.table("predictions.csv")
    if not run.metrics or table.empty:
        raise DataError("has no predictions yet", where=run.name, fix="finish it: polysight train ... --resume")
    if run.evaluation is None or not {"row", "target", "prediction"} <= set(table.columns):
        raise DataError("is no classification of one target; only such runs can be compared", where=run.name)
    return table.set_index("row")


def _answers(table: pd.DataFrame, labels: list[str]) -> Answers:
    """Probabilities in the order of the labels; zero for a class the run does not know.

    Raises:
        DataError: A probability is no number.
    """
    nothing = pd.Series("0", index=table.index)
    try:
        columns = [table.get(f"probability_{name}", nothing).astype(np.float64) for name in labels]
    except ValueError as error:
        raise DataError(f"is damaged: {error}", where="predictions.csv", fix="run the training again") from None
    said = codes_of(table["prediction"].to_numpy(), np.asarray(labels, dtype=object))
    return Answers(np.column_stack(columns), said)


def _groups(run: ReportContent, rows: pd.Index) -> Shaped[np.ndarray, " row"] | None:
    """The group of each judged row, where the run had groups."""
    splits = run.table("splits.csv")
    if splits.empty or (splits["group"] == "").all():
        return None
    tested = splits["part"] == "test"
    own = splits[tested if run.metrics.get("evaluated_on") == "test" else ~tested]
    return own.set_index("row")["group"].reindex(rows, fill_value="").to_numpy(dtype=str)
