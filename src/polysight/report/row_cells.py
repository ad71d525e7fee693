"""Row cells: what stands in a few rows of a run's table, ready to be shown; files where they still exist."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from polysight.core.errors import PolysightError
from polysight.data.columns import missing
from polysight.data.table import read_table
from polysight.report.content import ReportContent
from polysight.report.pictures import picture
from polysight.report.seen_cells import pictures_of

#: Letters of a text that are shown, and of any other cell.
EXCERPT, SHORT = 280, 60
#: Cells of table columns that are shown of a row.
MOST_VALUES = 12
#: Roles whose cells are written out.
_WRITTEN = ("numeric", "categorical")
#: Roles whose cells are text, or whose pictures come from the file itself.
_DRAWN_OTHERWISE = (*_WRITTEN, "text", "image")
#: Roles that say who or where a row is, not what the model looks at.
_UNSEEN = ("target", "group", "id", "constant", "ignored")


@dataclass(frozen=True)
class Cell:
    """One cell of a row: its column, and a picture (a data URI) or text; ``absent`` where the cell is empty."""

    column: str
    text: str = ""
    picture: str = ""
    absent: bool = False


@dataclass(frozen=True)
class RowCells:
    """What is shown of a row: media and texts, and the values of table columns."""

    media: Sequence[Cell] = ()
    values: Sequence[Cell] = ()


def cells_of(content: ReportContent, rows: Sequence[int]) -> dict[int, RowCells]:
    """The cells of some rows of the table that was measured on; empty where that table is gone or has changed.

    Columns that the health checks found to hold personal data are left out.

    Args:
        content: The run.
        rows: Positions in its table.
    """
    frame = _table(content)
    if frame is None or not rows or max(rows) >= len(frame):
        return {}
    roles = {name: str(column.get("role", "")) for name, column in content.data.get("columns", {}).items()}
    seen = [name for name in roles if name in frame.columns and roles[name] not in _UNSEEN]
    shown = [name for name in seen if name not in personal_columns(content.health)]
    taken, root = frame.iloc[list(rows)][shown], Path(frame.attrs.get("root", "."))
    empty = {name: missing(taken[name]) for name in shown}
    inputs = content.settings.get("inputs") or {}
    pictures = {name: pictures_of(name, taken, inputs, root) for name in shown if roles[name] not in _DRAWN_OTHERWISE}
    found = {}
    for number, row in enumerate(rows):
        media: list[Cell] = []
        values: list[Cell] = []
        for name in shown:
            value = None if empty[name][number] else taken[name].iloc[number]
            cell = _cell(name, roles[name], value, root)
            if name in pictures and not cell.absent:
                cell = replace(cell, picture=pictures[name][number])
            (values if roles[name] in _WRITTEN else media).append(cell)
        found[row] = RowCells(media, values[:MOST_VALUES])
    return found


def personal_columns(health: Mapping[str, Any]) -> frozenset[str]:
    """The columns in which the checks before training found personal data."""
    return frozenset(
        str(column)
        for check in health.get("checks", ())
        if check.get("name") == "personal_data" and check.get("status") != "pass"
        for column in check.get("columns", ())
    )


def _table(content: ReportContent) -> pd.DataFrame | None:
    """The table that was measured on; None where it cannot be read any more."""
    settings, folder = content.settings, content.folder
    name = settings.get("test") if content.metrics.get("evaluated_on") == "test" else settings.get("table")
    if folder is None or not isinstance(name, str):
        return None
    root = settings.get("root")
    try:
        with warnings.catch_warnings():
            # What is odd about the table was said when it was read for training.
            warnings.simplefilter("ignore")
            return read_table(folder / name, root=folder / root if isinstance(root, str) else None)
    except (PolysightError, OSError, ValueError):
        return None


def _cell(column: str, role: str, value: Any, root: Path) -> Cell:
    if value is None:
        return Cell(column, absent=True)
    text = " ".join(str(value).split())
    if role == "image":
        return Cell(column, _shortened(text, SHORT), picture(text, root))
    return Cell(column, _shortened(text, EXCERPT if role == "text" else SHORT))


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
