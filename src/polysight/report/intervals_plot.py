"""Interval plots: values and their intervals as rows on one scale, drawn with HTML so that text stays text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from polysight.evaluation.intervals import Estimate
from polysight.evaluation.verdict import percent
from polysight.report.charts import round_numbers
from polysight.report.numbers import of_any_size, spread


@dataclass(frozen=True)
class PlotRow:
    """One row: a label, a point, a bar from low to high (positions in percent of the width) and their text."""

    label: str
    point: float | None
    start: float
    width: float
    value: str
    interval: str
    strong: bool = False
    reason: str = ""


@dataclass(frozen=True)
class IntervalPlot:
    """Rows on one scale and the marks below them (position in percent, text)."""

    rows: Sequence[PlotRow]
    ticks: Sequence[tuple[float, str]]


def interval_plot(named: Sequence[tuple[str, Estimate]], strong: frozenset[str] = frozenset()) -> IntervalPlot:
    """Shares (0 to 1) on a scale of whole tens of percent that holds them all.

    Args:
        named: Labels and estimates, top row first.
        strong: Labels to emphasise.
    """
    ends = [x for _, e in named for x in (e.value, e.low, e.high) if x is not None]
    low, high = _scale(ends)

    def place(value: float) -> float:
        return round(100 * (value - low) / (high - low), 2)

    rows = []
    for label, estimate in named:
        start = place(estimate.low) if estimate.low is not None else 0.0
        width = place(estimate.high) - start if estimate.high is not None else 0.0
        point = None if estimate.value is None else place(estimate.value)
        text = spread(estimate, percent)
        bar, value = round(width, 2), percent(estimate.value)
        rows.append(PlotRow(label, point, start, bar, value, text, label in strong, estimate.reason))
    step = 1 if high - low <= 0.55 else 2
    marks = [tens / 10 for tens in range(11) if tens % step == 0 and low - 1e-9 <= tens / 10 <= high + 1e-9]
    return IntervalPlot(rows, [(place(mark), f"{100 * mark:.0f} %") for mark in marks])


def number_plot(named: Sequence[tuple[str, Estimate]], strong: frozenset[str] = frozenset()) -> IntervalPlot:
    """Numbers of any size on a scale of round numbers that holds them all; arguments as ``interval_plot``."""
    ends = [x for _, e in named for x in (e.value, e.low, e.high) if x is not None] or [0.0, 1.0]
    marks = round_numbers(min(ends), max(ends))

    def place(value: float) -> float:
        return round(100 * (value - marks[0]) / (marks[-1] - marks[0]), 2)

    rows = []
    for label, e in named:
        start = 0.0 if e.low is None else place(e.low)
        width = 0.0 if e.high is None else round(place(e.high) - start, 2)
        point = None if e.value is None else place(e.value)
        text = of_any_size(e.value)
        rows.append(PlotRow(label, point, start, width, text, spread(e, of_any_size), label in strong, e.reason))
    return IntervalPlot(rows, [(place(mark), of_any_size(mark)) for mark in marks])


def _scale(ends: Sequence[float]) -> tuple[float, float]:
    if not ends:
        return 0.0, 1.0
    low, high = floor(10 * min(ends) + 1e-9) / 10, ceil(10 * max(ends) - 1e-9) / 10
    # Less than three tens across would make small differences look large.
    low = max(0.0, min(low, high - 0.3))
    return low, max(high, low + 0.3)
