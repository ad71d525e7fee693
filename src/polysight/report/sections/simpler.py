"""Simpler answers: all inputs against each alone and against guessing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.evaluation.result import Evaluation
from polysight.report.content import ReportContent
from polysight.report.intervals_plot import IntervalPlot, interval_plot
from polysight.report.sections.base import Section
from polysight.report.words import Words


class Simpler(Section):
    """Whether several inputs are worth having."""

    kind: ClassVar[str] = "simpler"
    chapter: ClassVar[str] = "value"
    heading: ClassVar[str] = "simpler"

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """One scale for all of them."""
        return None if content.evaluation is None else {"simpler": against_simpler(content.evaluation, w)}


def against_simpler(evaluation: Evaluation, words: Words) -> IntervalPlot:
    """All inputs, each input alone, and the majority guess, by accuracy."""
    everything, majority = words("all_inputs"), words("majority")
    alone = [(words.only(name), e) for name, e in evaluation.baselines.items() if name != "majority"]
    alone.sort(key=lambda item: -(item[1].value or 0.0))
    rows = [(everything, evaluation["accuracy"]), *alone, (majority, evaluation.baselines["majority"])]
    return interval_plot(rows, frozenset({everything}))
