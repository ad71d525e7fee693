"""Metrics: every metric with its interval, or the reason why it has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.words import Words


class Metrics(Section):
    """All metrics."""

    kind: ClassVar[str] = "metrics"
    chapter: ClassVar[str] = "performance"
    heading: ClassVar[str] = "metrics"

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The numbers of a classification."""
        return None if content.evaluation is None else {"ev": content.evaluation}
