"""Columns: what each column of the training table is, and how many rows each class has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.words import Words

#: Columns and classes that are listed.
MOST = 200


class Columns(Section):
    """The table the model learned from."""

    kind: ClassVar[str] = "columns"
    chapter: ClassVar[str] = "data"

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """Columns with role and reason, classes with rows."""
        if not content.data:
            return None
        columns = content.data.get("columns", {})
        classes = content.data.get("classes", {})
        return {
            "columns": list(columns.items())[:MOST],
            "more_columns": max(len(columns) - MOST, 0),
            "classes": list(classes.items())[:MOST],
            "more_classes": max(len(classes) - MOST, 0),
        }
