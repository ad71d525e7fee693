"""Split: which rows the model learned from and which it was measured on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pandas as pd

from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.words import Words


class Split(Section):
    """Rows and groups of each part, and whether groups stay apart."""

    kind: ClassVar[str] = "split"
    chapter: ClassVar[str] = "split"

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The parts, and how many groups are in more than one."""
        parts = parts_of(content.splits)
        return {"parts": parts, "crossed": groups_on_both_sides(content.splits)} if parts else None


def parts_of(splits: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Each part of the split: its name, its rows and its groups."""
    if not {"part", "group"} <= set(splits.columns):
        return []
    return [
        (str(part), len(rows), rows["group"][rows["group"] != ""].nunique())
        for part, rows in splits.groupby("part", sort=False, observed=True)
    ]


def groups_on_both_sides(splits: pd.DataFrame) -> int:
    """How many groups have rows in more than one part; set-aside rows do not count."""
    if not {"part", "group"} <= set(splits.columns):
        return 0
    used = splits[(splits["group"] != "") & (splits["part"] != "set_aside")]
    places = used[["group", "part"]].drop_duplicates()
    return int(places["group"].value_counts().gt(1).sum())
