"""Sections: the facts of a run arranged as the report's sections show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from polysight.evaluation.calibration import Calibration, Reliability
from polysight.evaluation.intervals import Estimate
from polysight.evaluation.result import Evaluation
from polysight.report.charts import Axis, Line, line_chart
from polysight.report.content import ReportContent
from polysight.report.curves import Curve
from polysight.report.intervals_plot import IntervalPlot, interval_plot
from polysight.report.words import Words

#: Rows of set-aside cells that are printed.
SHOWN = 50


def against_simpler(evaluation: Evaluation, words: Words) -> IntervalPlot:
    """All inputs, each input alone, and the majority guess, by accuracy."""
    everything, majority = words("all_inputs"), words("majority")
    alone = [(words.only(name), e) for name, e in evaluation.baselines.items() if name != "majority"]
    alone.sort(key=lambda item: -(item[1].value or 0.0))
    rows = [(everything, evaluation["accuracy"]), *alone, (majority, evaluation.baselines["majority"])]
    return interval_plot(rows, frozenset({everything}))


def with_missing(evaluation: Evaluation, words: Words) -> IntervalPlot:
    """All inputs and each one missing, by accuracy."""
    everything = words("all_inputs")
    rows = [(words.without(name), metrics["accuracy"]) for name, metrics in evaluation.missing.items()]
    rows.sort(key=lambda item: -(item[1].value or 0.0))
    return interval_plot([(everything, evaluation["accuracy"]), *rows], frozenset({everything}))


def leaderboard(
    content: ReportContent, plot: Callable[[Sequence[tuple[str, Estimate]]], IntervalPlot] = interval_plot
) -> tuple[list[Mapping[str, Any]], IntervalPlot]:
    """The members as they stand in ``metrics.json`` and their scores on one scale."""
    members = list(content.metrics.get("leaderboard", ()))
    named = [(str(m.get("member", "")), Estimate(m.get("score"), m.get("low"), m.get("high"))) for m in members]
    return members, plot(named)


def remedy_rows(content: ReportContent, words: Words) -> list[tuple[str, Mapping[str, Any], int | None]]:
    """What a remedy against imbalance did: a label, recall without and with it and its gain, rows of the class.

    Classes come from the rarest of the training table to the commonest, then their mean and all rows.
    """
    effect = content.metrics.get("imbalance")
    if not effect:
        return []
    taught = content.data.get("classes", {})
    classes = sorted(effect["recall"].items(), key=lambda item: taught.get(item[0], 0))
    rows = [(label, found, taught.get(label)) for label, found in classes]
    return [
        *rows,
        (words("mean_of_classes"), effect["recall_macro"], None),
        (words("all_rows"), effect["accuracy"], None),
    ]


def parts_of(splits: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Each part of the split: its name, its rows and its groups."""
    if not {"part", "group"} <= set(splits.columns):
        return []
    return [
        (str(part), len(rows), rows["group"][rows["group"] != ""].nunique())
        for part, rows in splits.groupby("part", sort=False)
    ]


def groups_on_both_sides(splits: pd.DataFrame) -> int:
    """How many groups have rows in more than one part; set-aside rows do not count."""
    if not {"part", "group"} <= set(splits.columns):
        return 0
    used = splits[(splits["group"] != "") & (splits["part"] != "set_aside")]
    places = used[["group", "part"]].drop_duplicates()
    return int(places["group"].value_counts().gt(1).sum())


def set_aside_counts(set_aside: pd.DataFrame) -> list[tuple[str, str, int]]:
    """Column, code and number of cells that could not be read, the commonest first."""
    if not {"column", "code"} <= set(set_aside.columns):
        return []
    pairs = Counter(zip(set_aside["column"], set_aside["code"], strict=True))
    return [(column, code, number) for (column, code), number in pairs.most_common()]


def training_charts(curve: Curve, words: Words) -> list[Markup]:
    """Loss and validation accuracy of one member over epochs; one line a fold."""
    epochs = Axis(words("epoch"))
    losses = _lines(curve, "loss", "quiet") + _lines(curve, "validation_loss", "main")
    accuracies = _lines(curve, "validation_accuracy", "main")
    charts = ((losses, Axis(words("loss"), low=0.0)), (accuracies, Axis(words("validation_accuracy"))))
    return [line_chart(lines, epochs, y, f"{curve.member}: {y.label}") for lines, y in charts if lines]


def _lines(curve: Curve, quantity: str, style: str) -> list[Line]:
    # One epoch alone is a point, which only a dot can show.
    return [Line(p, style, (3.0,) if len(p) == 1 else ()) for p in curve.lines[quantity].values() if p]


def reliability_of(predictions: pd.DataFrame) -> Reliability | None:
    """Share right by stated confidence; None where the predictions do not hold what it takes."""
    columns = [name for name in predictions.columns if name.startswith("probability_")]
    if not columns or not {"target", "prediction"} <= set(predictions.columns):
        return None
    values = predictions[columns].apply(pd.to_numeric, errors="coerce").to_numpy(float)
    usable = np.isfinite(values).all(axis=1)
    if not usable.any():
        return None
    # Of the most probable class, which under a remedy against imbalance need not be the one predicted.
    likeliest = np.array([name.removeprefix("probability_") for name in columns])[values[usable].argmax(axis=1)]
    right = predictions["target"].to_numpy()[usable] == likeliest
    return Calibration(values[usable].max(axis=1), right).reliability()


def reliability_chart(predictions: pd.DataFrame, words: Words) -> Markup | None:
    """Share right against stated confidence; None where there is nothing to draw."""
    curve = reliability_of(predictions)
    if curve is None:
        return None
    points = list(zip(curve.confidence.tolist(), curve.accuracy.tolist(), strict=True))
    sizes = (2 + 4 * np.sqrt(curve.rows / curve.rows.max())).tolist()
    low = np.floor(10 * min(min(point) for point in points)) / 10
    ends = [(low, low), (1.0, 1.0)]
    x, y = Axis(words("stated_confidence"), low, 1.0), Axis(words("share_right"), low, 1.0)
    return line_chart([Line(ends, "ideal"), Line(points, "main", sizes)], x, y, words("calibration"))


def flattened(facts: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Nested facts as rows of a table; absent ones left out."""
    rows: list[tuple[str, str]] = []
    for name, value in facts.items():
        if isinstance(value, Mapping):
            rows += flattened(value, f"{prefix}{name} ")
        elif value not in (None, "", []):
            rows.append((f"{prefix}{name}", _listed(value)))
    return rows


def _listed(value: Any) -> str:
    parts: Sequence[Any] = value if isinstance(value, list) else [value]
    return ", ".join(str(part) for part in parts)
