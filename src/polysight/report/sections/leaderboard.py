"""Leaderboard: the learners that were tried, what each scored in selection, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from polysight.evaluation.intervals import Estimate
from polysight.report.content import ReportContent
from polysight.report.intervals_plot import IntervalPlot, interval_plot, number_plot
from polysight.report.sections.base import Section
from polysight.report.words import Words

#: Learners that are listed.
MOST = 100


class Leaderboard(Section):
    """What was tried."""

    kind: ClassVar[str] = "leaderboard"
    chapter: ClassVar[str] = "training"
    heading: ClassVar[str] = "leaderboard"

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """Members beside their scores on one scale."""
        members, scores = leaderboard(content, interval_plot if content.outcome is None else number_plot)
        if not members:
            return None
        return {"members": list(zip(members, scores.rows, strict=True)), "scores": scores}


def leaderboard(
    content: ReportContent, plot: Callable[[Sequence[tuple[str, Estimate]]], IntervalPlot] = interval_plot
) -> tuple[list[Mapping[str, Any]], IntervalPlot]:
    """The members as they stand in ``metrics.json``, the best first, and their scores on one scale."""
    members = list(content.metrics.get("leaderboard", ()))[:MOST]
    named = [(str(m.get("member", "")), Estimate(m.get("score"), m.get("low"), m.get("high"))) for m in members]
    return members, plot(named)
