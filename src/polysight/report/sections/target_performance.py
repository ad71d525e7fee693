"""How well amounts and labels are predicted: predicted against true, label by label, all metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from markupsafe import Markup

from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.target_sections import TargetSection, scatter, target_sections
from polysight.report.words import Words


class TargetPerformance(Section):
    """One part a target."""

    kind: ClassVar[str] = "target_performance"
    chapter: ClassVar[str] = "performance"

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The targets; nothing for a classification of one thing."""
        targets = target_sections(content, w)
        return {"targets": [(one, _scatter(one, content, w)) for one in targets]} if targets else None


def _scatter(target: TargetSection, content: ReportContent, w: Words) -> Markup | None:
    """Predicted against true amounts; None for other targets."""
    if target.evaluation.task != "regression":
        return None
    points = content.amounts(target.heading)
    return None if points is None else scatter(points, w)
