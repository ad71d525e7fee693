"""Drawings: the report's pictures drawn with matplotlib; None where a run does not hold what a picture needs."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from polysight.report.confusion import ConfusionTable, confusion_table
from polysight.report.content import ReportContent
from polysight.report.curves import Curve
from polysight.report.sections.simpler import against_simpler
from polysight.report.words import Words

#: The colours of the page.
MAIN, PALE, WARM, SOFT, RULE = "#0b6b74", "#9cc7cb", "#b5522b", "#5b6772", "#e3e7ea"
#: Up to so many classes have room for their names.
_NAMED = 60
#: Letters of a name that are drawn.
_LETTERS = 28


def confusion(content: ReportContent, w: Words) -> Figure | None:
    """Who is taken for whom: rows by true class, columns by prediction, shaded by share of the true class."""
    evaluation = content.evaluation
    if evaluation is None:
        return None
    table = confusion_table([_short(label) for label in evaluation.classes], evaluation.confusion)
    size = len(table.labels)
    side = min(2.6 + 0.42 * size, 12.0)
    figure, axes = _canvas(side, side)
    axes.imshow(_shaded(table), interpolation="nearest")
    if table.roomy:
        for (i, j), cell in np.ndenumerate(np.array(table.cells, dtype=object)):
            colour = "white" if cell.shade > 0.55 else "black"
            axes.text(j, i, str(cell.rows or ""), ha="center", va="center", color=colour)
    axes.set_xticks(np.arange(size + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(size + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=2 if table.roomy else 0.5)
    axes.tick_params(which="both", length=0, labelsize=10 if table.roomy else 6)
    axes.spines[:].set_visible(False)
    named = table.labels if size <= _NAMED else []
    axes.set_xticks(range(len(named)), named, rotation=90)
    axes.set_yticks(range(len(named)), named)
    axes.set(xlabel=w("predicted_as"), ylabel=w("true_class"))
    return figure


def _shaded(table: ConfusionTable) -> np.ndarray:
    """White for nothing, full colour for a whole class: what is right in one colour, mistakes in another."""
    tones = np.array([[to_rgb(MAIN if cell.correct else WARM) for cell in cells] for cells in table.cells])
    shades = np.array([[[cell.shade] for cell in cells] for cells in table.cells])
    return 1 - shades * (1 - tones)


def intervals(content: ReportContent, w: Words) -> Figure | None:
    """Accuracy with its interval: all inputs, each alone, and the majority guess."""
    if content.evaluation is None:
        return None
    plot = against_simpler(content.evaluation, w)
    figure, axes = _canvas(7.0, 1.0 + 0.42 * len(plot.rows))
    for place, row in enumerate(plot.rows):
        axes.barh(place, row.width, left=row.start, height=0.24, color=PALE)
        if row.point is not None:
            axes.plot(row.point, place, "o", color=MAIN if row.strong else SOFT, markersize=8)
        axes.text(103, place, f"{row.value}  {row.interval}".rstrip(), va="center", color=SOFT)
    axes.set_yticks(range(len(plot.rows)), [_short(row.label) for row in plot.rows])
    axes.set_xticks([place for place, _ in plot.ticks], [text for _, text in plot.ticks])
    axes.set(xlim=(-2, 102), ylim=(len(plot.rows) - 0.4, -0.6), xlabel=f"{w('metric_accuracy')} · {w('interval')}")
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=RULE)
    axes.set_axisbelow(True)
    return figure


def predicted(content: ReportContent, w: Words) -> Figure | None:
    """Predicted against true amounts, one chart a target that is an amount."""
    targets = {} if content.outcome is None else content.outcome.targets
    amounts = [name for name, evaluation in targets.items() if evaluation.task == "regression"]
    found = {name: content.amounts(name if len(targets) > 1 else "") for name in amounts}
    drawn = {name: points for name, points in found.items() if points is not None}
    if not drawn:
        return None
    figure = Figure(figsize=(4.6 * len(drawn), 4.4), layout="constrained")
    for axes, (name, points) in zip(figure.subplots(1, len(drawn), squeeze=False)[0], drawn.items(), strict=True):
        ends = [points.min(), points.max()]
        axes.plot(ends, ends, "--", color=SOFT, linewidth=1)
        axes.scatter(points[:, 0], points[:, 1], 14, color=MAIN, alpha=0.7, linewidths=0)
        axes.set(xlabel=f"{_short(name)} · {w('true_amount')}", ylabel=w("predicted_amount"))
        axes.grid(color=RULE)
        axes.set_axisbelow(True)
    return figure


def reliability(content: ReportContent, w: Words) -> Figure | None:
    """The share of answers that are right against the confidence they were given with."""
    curve = None if content.predictions is None else content.predictions.reliability()
    if curve is None:
        return None
    figure, axes = _canvas(4.6, 4.4)
    low = np.floor(10 * min(curve.confidence.min(), curve.accuracy.min())) / 10
    axes.plot([low, 1], [low, 1], "--", color=SOFT, linewidth=1)
    axes.plot(curve.confidence, curve.accuracy, color=MAIN, linewidth=1.8)
    axes.scatter(curve.confidence, curve.accuracy, 20 + 80 * curve.rows / curve.rows.max(), color=MAIN, zorder=3)
    axes.set(xlabel=w("stated_confidence"), ylabel=w("share_right"), aspect="equal")
    axes.grid(color=RULE)
    return figure


def training(content: ReportContent, w: Words) -> Figure | None:
    """A line of charts a network: loss, and validation accuracy where it was measured."""
    curves = content.curves
    if not curves:
        return None
    judged = any(curve.lines["validation_accuracy"] for curve in curves)
    figure = Figure(figsize=(8.0 if judged else 5.0, 0.4 + 2.6 * len(curves)), layout="constrained")
    grid = figure.subplots(len(curves), 2 if judged else 1, squeeze=False)
    for curve, row in zip(curves, grid, strict=True):
        row[0].set_title(_short(curve.member, 60), loc="left", fontsize=10)
        _lines(row[0], curve, "loss", PALE, w("training_rows"))
        _lines(row[0], curve, "validation_loss", MAIN, w("validation_rows"))
        row[0].set(xlabel=w("epoch"), ylabel=w("loss"), ylim=(0, None))
        row[0].legend(frameon=False, labelcolor=SOFT)
        if judged:
            _lines(row[1], curve, "validation_accuracy", MAIN, w("validation_rows"))
            row[1].set(xlabel=w("epoch"), ylabel=w("validation_accuracy"))
    return figure


def _lines(axes: Axes, curve: Curve, quantity: str, colour: str, name: str) -> None:
    """One line a fold; the first carries the name."""
    for number, points in enumerate(curve.lines[quantity].values()):
        # One epoch alone is a point, which only a dot can show.
        marker = "o" if len(points) == 1 else ""
        axes.plot(*zip(*points, strict=True), color=colour, marker=marker, label="" if number else name)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(color=RULE)


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure of some inches with one chart."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def _short(name: object, letters: int = _LETTERS) -> str:
    text = " ".join(str(name).split())
    return text if len(text) <= letters else f"{text[: letters - 1]}…"
