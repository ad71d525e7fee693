"""Robustness: what happens when inputs are missing, cells are missing or spoiled, or rows are foreign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, ClassVar

from markupsafe import Markup

from polysight.evaluation.intervals import Estimate
from polysight.report.charts import Axis, Band, Line, line_chart
from polysight.report.content import ReportContent
from polysight.report.intervals_plot import IntervalPlot, interval_plot
from polysight.report.numbers import estimate_of
from polysight.report.sections.base import Section
from polysight.report.words import Words

#: Patterns and charts that are drawn.
MOST_PATTERNS, MOST_CHARTS = 40, 24


class Robustness(Section):
    """The study ``robustness``."""

    kind: ClassVar[str] = "robustness"
    chapter: ClassVar[str] = "robustness"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {
            "every_pattern": "Every combination of missing inputs",
            "read_every_pattern": "Accuracy when these inputs are taken away from every row, the hardest last.",
            "missing_rate": "Ever more cells missing",
            "share_missing": "share of cells taken away at random",
            "read_missing_rate": "Each cell is taken away with this probability. A line that falls slowly is a "
            "model that lives with gaps.",
            "spoiled": "Spoiled cells",
            "severity": "severity",
            "read_spoiled": "Accuracy when one input is spoiled in every row, from undamaged (0) on, the others as "
            "they are. All charts have the same scale.",
            "foreign": "Does it notice what is foreign to it?",
            "foreign_rows": "rows",
            "auroc": "AUROC",
            "read_foreign": "How well low confidence tells foreign rows from its own: 0.5 is chance, 1 perfect.",
            "robustness_rows": "Measured on {rows} rows.",
            "not_tried": "Not tried",
            "why_costly": "would take too long",
            "all_corrupted": "every input spoiled",
            "shuffled_rows": "cells of different rows put together",
            "corruption_noise": "noise",
            "corruption_blur": "blur",
            "corruption_occlusion": "occlusion",
            "corruption_gap": "gap",
            "corruption_drop": "dropped",
            "corruption_jitter": "jitter",
            "corruption_frame_drop": "frames dropped",
            "corruption_freeze": "frozen",
            "corruption_permute": "dealt out anew",
            "corruption_word_drop": "words dropped",
            "corruption_slice_drop": "slices dropped",
        },
        "zh": {
            "every_pattern": "每一种输入缺失的组合",
            "read_every_pattern": "把这些输入从每一行去掉后的准确率，最难的在最后。",
            "missing_rate": "缺失的单元格越来越多",
            "share_missing": "随机去掉的单元格比例",
            "read_missing_rate": "每个单元格以此概率被去掉。曲线下降得慢，说明模型经得起缺失。",
            "spoiled": "被破坏的单元格",
            "severity": "破坏程度",
            "read_spoiled": "把每一行的某个输入加以破坏（0 为未破坏），其余不变时的准确率。所有图的刻度相同。",
            "foreign": "它能察觉陌生的数据吗？",
            "foreign_rows": "行的种类",
            "auroc": "AUROC",
            "read_foreign": "低置信度区分陌生行与自身数据的能力：0.5 为随机，1 为完美。",
            "robustness_rows": "在 {rows} 行上测得。",
            "not_tried": "未尝试",
            "why_costly": "耗时过长",
            "all_corrupted": "所有输入都被破坏",
            "shuffled_rows": "由不同行的单元格拼成",
            "corruption_noise": "噪声",
            "corruption_blur": "模糊",
            "corruption_occlusion": "遮挡",
            "corruption_gap": "缺口",
            "corruption_drop": "丢失",
            "corruption_jitter": "抖动",
            "corruption_frame_drop": "丢帧",
            "corruption_freeze": "画面冻结",
            "corruption_permute": "打乱取值",
            "corruption_word_drop": "丢词",
            "corruption_slice_drop": "丢失切片",
        },
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """A plot of patterns, a curve, small charts of corruptions, a table of foreign rows."""
        found = content.study("robustness")
        if not found:
            return None
        everything = None if content.evaluation is None else content.evaluation["accuracy"].value
        return {
            "patterns": pattern_plot(found.get("patterns") or (), w),
            "rate": rate_chart(found.get("missing_rate") or (), w),
            "spoiled": corruption_charts(found.get("corruptions") or (), everything, w)[:MOST_CHARTS],
            "foreign": foreign_rows(found.get("out_of_distribution") or {}, w),
            "rows": found.get("rows"),
            "skipped": [skipped(one, w) for one in found.get("skipped") or ()],
        }


def pattern_plot(patterns: Sequence[Mapping[str, Any]], w: Words) -> IntervalPlot | None:
    """Accuracy by what is missing; None where nothing was tried."""
    named = [(_pattern(one["missing"], w), estimate_of(one.get("accuracy"))) for one in patterns[:MOST_PATTERNS]]
    named.sort(key=lambda item: -(item[1].value or 0.0))
    return interval_plot(named, frozenset({w("all_inputs")})) if named else None


def rate_chart(rates: Sequence[Mapping[str, Any]], w: Words) -> Markup | None:
    """Accuracy against the share of cells taken away."""
    known = [(float(one["rate"]), estimate_of(one.get("accuracy"))) for one in rates]
    return _accuracy_chart(known, Axis(w("share_missing"), 0.0, 1.0), w("missing_rate"), w, least=2)


def corruption_charts(
    corruptions: Sequence[Mapping[str, Any]], everything: float | None, w: Words
) -> list[tuple[str, str, Markup]]:
    """Input, corruption, and a chart of accuracy against severity; all on one scale."""

    def key(one: Mapping[str, Any]) -> tuple[str, str]:
        return str(one["modality"]), str(one["corruption"])

    charts = []
    for (modality, corruption), group in groupby(sorted(corruptions, key=key), key=key):
        known = [(float(one["severity"]), estimate_of(one.get("accuracy"))) for one in group]
        known.sort(key=lambda item: item[0])
        if everything is not None and known and known[0][0] > 0:
            known.insert(0, (0.0, estimate_of(everything)))
        chart = _accuracy_chart(known, Axis(w("severity"), 0.0), f"{modality}: {corruption}", w)
        if chart is not None:
            charts.append((modality, w.known("corruption", corruption), chart))
    return charts


def _accuracy_chart(
    known: Sequence[tuple[float, Estimate]], x: Axis, title: str, w: Words, least: int = 1
) -> Markup | None:
    """Accuracy with its interval against a number; None where it is known of fewer than ``least``."""
    points = [(place, e.value) for place, e in known if e.value is not None]
    if len(points) < least:
        return None
    band = [(place, e.low, e.high) for place, e in known if e.low is not None and e.high is not None]
    line = Line(points, "main", [3.0] * len(points))
    return line_chart([line], x, Axis(w("metric_accuracy"), 0.0, 1.0), title, [Band(band)])


def foreign_rows(found: Mapping[str, Any], w: Words) -> list[tuple[str, Any]]:
    """What the model was shown, and how well it told it from its own rows."""
    if not found:
        return []
    rows = [(w("all_corrupted"), found)]
    if found.get("shuffled"):
        rows.append((w("shuffled_rows"), found["shuffled"]))
    single = found.get("corruptions") or ()
    named = [(f"{one['modality']} · {w.known('corruption', one['corruption'])}", one.get("auroc")) for one in single]
    known = [(name, {"value": plain.get("auroc"), **plain} if "auroc" in plain else plain) for name, plain in rows]
    return [*known, *named[:MOST_CHARTS]]


def skipped(one: Mapping[str, Any], w: Words) -> str:
    """What was not tried, and why."""
    parts = [str(one[key]) for key in ("part", "modality", "corruption", "severity") if one.get(key) is not None]
    return f"{' · '.join(parts)}: {w.known('why', str(one.get('reason', '')))}"


def _pattern(missing: Sequence[str], w: Words) -> str:
    return w("input_without", name=" + ".join(map(str, missing))) if missing else w("all_inputs")
