"""Calibration: whether stated confidence comes true, beside what noise alone would show, and what the model mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, sqrt
from typing import Any, ClassVar

from markupsafe import Markup

from polysight.report.charts import Axis, Band, Line, line_chart
from polysight.report.content import ReportContent
from polysight.report.predictions import Predictions
from polysight.report.sections.base import Section
from polysight.report.words import Words

#: What is compared before and after the calibration step.
STEPS = ("log_loss", "brier", "ece")


class CalibrationSection(Section):
    """The study ``calibration``; the curve alone where it did not run."""

    kind: ClassVar[str] = "calibration"
    chapter: ClassVar[str] = "calibration"
    heading: ClassVar[str] = "calibration_curve"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {
            "calibration_curve": "Stated confidence against what came true",
            "ece_if_calibrated": "Pure chance would show {value} {interval} on this many rows of a perfectly "
            "calibrated model.",
            "read_calibration_band": "The band is the 95 % interval of the share right: only where it leaves the "
            "dashed line is the confidence surely off.",
            "brier_parts": "What the Brier score is made of",
            "brier_value": "Brier score",
            "brier_reliability": "miscalibration",
            "brier_resolution": "resolution",
            "brier_uncertainty": "uncertainty of the classes",
            "read_brier": "Score = miscalibration − resolution + uncertainty. Miscalibration should be near 0; "
            "resolution is what the model knows; uncertainty is how hard the classes are to guess.",
            "calibration_step": "What the model's own calibration changed",
            "before": "before",
            "after": "after",
            "read_step": "On training rows answered by models that had not seen them. Less is better in every line.",
        },
        "zh": {
            "calibration_curve": "置信度与实际正确率",
            "ece_if_calibrated": "即使模型完全校准，在这么多行上仅凭随机也会显示 {value} {interval}。",
            "read_calibration_band": "色带是正确比例的 95 % 区间：只有色带离开虚线之处，置信度才确实有偏差。",
            "brier_parts": "Brier 分数的构成",
            "brier_value": "Brier 分数",
            "brier_reliability": "失准",
            "brier_resolution": "分辨力",
            "brier_uncertainty": "类别本身的不确定性",
            "read_brier": "分数 = 失准 − 分辨力 + 不确定性。失准应接近 0；分辨力是模型所掌握的信息；"
            "不确定性是类别本身有多难猜。",
            "calibration_step": "模型自身的校准改变了什么",
            "before": "校准前",
            "after": "校准后",
            "read_step": "在训练行上，由未见过这些行的模型作答。每一项都是越小越好。",
        },
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The curve, the error beside its value under perfect calibration, the parts of the score, the step."""
        evaluation, found = content.evaluation, content.study("calibration")
        if evaluation is None:
            return None
        bins = list(found.get("reliability", ()))
        before, after = found.get("before"), found.get("after")
        return {
            "ece": evaluation["ece"],
            "by_chance": found.get("ece_if_calibrated"),
            "banded": bool(bins),
            "chart": reliability_chart(bins or bins_of(content.predictions), w),
            "brier": found.get("brier") or {},
            "steps": [(name, before.get(name), after.get(name)) for name in STEPS] if before and after else [],
        }


def bins_of(predictions: Predictions | None) -> list[Mapping[str, Any]]:
    """Confidence, share right and rows of each bin, from the predictions; empty where they hold no probabilities."""
    curve = None if predictions is None else predictions.reliability()
    if curve is None:
        return []
    columns = zip(curve.confidence.tolist(), curve.accuracy.tolist(), curve.rows.tolist(), strict=True)
    return [{"confidence": c, "accuracy": a, "rows": r} for c, a, r in columns]


def reliability_chart(bins: Sequence[Mapping[str, Any]], w: Words) -> Markup | None:
    """Share right against stated confidence; None where there is nothing to draw."""
    if not bins:
        return None
    points = [(float(b["confidence"]), float(b["accuracy"])) for b in bins]
    band = [(float(b["confidence"]), float(b["low"]), float(b["high"])) for b in bins if b.get("low") is not None]
    most = max(b["rows"] for b in bins)
    sizes = [2 + 4 * sqrt(b["rows"] / most) for b in bins]
    least = min([*(min(point) for point in points), *(low for _, low, _ in band)])
    low = max(floor(10 * least) / 10, 0.0)
    x, y = Axis(w("stated_confidence"), low, 1.0), Axis(w("share_right"), low, 1.0)
    lines = [Line([(low, low), (1.0, 1.0)], "ideal"), Line(points, "main", sizes)]
    return line_chart(lines, x, y, w("calibration"), [Band(band)])
