"""Curves: how the training of each network went, epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from markupsafe import Markup

from polysight.report.charts import Axis, Line, line_chart
from polysight.report.content import ReportContent
from polysight.report.curves import Curve
from polysight.report.sections.base import Section
from polysight.report.words import Words

T = TypeVar("T")

#: Networks that are drawn, and points of a line.
MOST_MEMBERS, MOST_POINTS = 20, 200


class Curves(Section):
    """Loss and validation accuracy over epochs."""

    kind: ClassVar[str] = "curves"
    chapter: ClassVar[str] = "training"
    heading: ClassVar[str] = "curves"

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The charts of each network."""
        shown = list(content.curves)[:MOST_MEMBERS]
        if not shown:
            return None
        return {
            "charts": [(curve.member, training_charts(curve, w)) for curve in shown],
            "validated": any(curve.lines["validation_loss"] for curve in shown),
        }


def training_charts(curve: Curve, words: Words) -> list[Markup]:
    """Loss and validation accuracy of one member over epochs; one line a fold."""
    epochs = Axis(words("epoch"))
    losses = _lines(curve, "loss", "quiet") + _lines(curve, "validation_loss", "main")
    accuracies = _lines(curve, "validation_accuracy", "main")
    charts = ((losses, Axis(words("loss"), low=0.0)), (accuracies, Axis(words("validation_accuracy"))))
    return [line_chart(lines, epochs, y, f"{curve.member}: {y.label}") for lines, y in charts if lines]


def _lines(curve: Curve, quantity: str, style: str) -> list[Line]:
    # One epoch alone is a point, which only a dot can show.
    return [Line(thinned(p), style, (3.0,) if len(p) == 1 else ()) for p in curve.lines[quantity].values() if p]


def thinned(points: Sequence[T], most: int = MOST_POINTS) -> Sequence[T]:
    """At most so many points of a line, evenly spread, the first and the last among them."""
    if len(points) <= most:
        return points
    return [points[place * (len(points) - 1) // (most - 1)] for place in range(most)]
