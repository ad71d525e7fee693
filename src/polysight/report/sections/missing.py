"""Missing inputs: what each one costs when it is taken away everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.evaluation.result import Evaluation
from polysight.report.content import ReportContent
from polysight.report.intervals_plot import IntervalPlot, interval_plot
from polysight.report.sections.base import Section
from polysight.report.words import Words


class Missing(Section):
    """Accuracy with one input missing."""

    kind: ClassVar[str] = "missing"
    chapter: ClassVar[str] = "value"
    heading: ClassVar[str] = "missing"

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """One scale; nothing where there is one input only."""
        evaluation = content.evaluation
        if evaluation is None or not evaluation.missing or content.study("modality_value"):
            return None  # The study shows the same beside more.
        return {"without": with_missing(evaluation, w)}


def with_missing(evaluation: Evaluation, words: Words) -> IntervalPlot:
    """All inputs and each one missing, by accuracy."""
    everything = words("all_inputs")
    rows = [(words.without(name), metrics["accuracy"]) for name, metrics in evaluation.missing.items()]
    rows.sort(key=lambda item: -(item[1].value or 0.0))
    return interval_plot([(everything, evaluation["accuracy"]), *rows], frozenset({everything}))
