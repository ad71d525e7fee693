"""Selective prediction: how good the answers are if the least confident ones are handed to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from markupsafe import Markup

from polysight.report.charts import Axis, Band, Line, line_chart
from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.sections.curves import thinned
from polysight.report.words import Words


class Selective(Section):
    """The study ``selective``."""

    kind: ClassVar[str] = "selective"
    chapter: ClassVar[str] = "calibration"
    heading: ClassVar[str] = "selective"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {
            "selective": "If it may say “I do not know”",
            "coverage": "share of rows answered",
            "risk": "share wrong among them",
            "read_selective": "From right to left the least confident rows are left to a person, and mistakes among "
            "the rest should fall. A flat line means confidence does not tell right from wrong. The band is the 95 "
            "% interval.",
            "aurc_line": "Area under the curve: {aurc}; {excess} above that of a perfect order.",
            "wanted": "wanted accuracy",
            "threshold": "confidence asked for",
            "reached": "accuracy reached",
            "read_operating": "Thresholds come from {chosen_on}, and were then tried on these rows.",
        },
        "zh": {
            "selective": "如果允许它说“不知道”",
            "coverage": "作答的行的比例",
            "risk": "其中出错的比例",
            "read_selective": "自右向左，把置信度最低的行交给人处理，其余的错误率应当下降。若曲线平坦，"
            "说明置信度无法区分对错。色带为 95 % 区间。",
            "aurc_line": "曲线下面积：{aurc}；比完美排序高 {excess}。",
            "wanted": "期望的准确率",
            "threshold": "要求的置信度",
            "reached": "达到的准确率",
            "read_operating": "阈值来自{chosen_on}，然后用于这里的行。",
        },
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The curve and what some thresholds do."""
        found = content.study("selective")
        if not found.get("curve"):
            return None
        return {
            "found": found,
            "chart": risk_chart(found["curve"], w),
            "operating": found.get("operating") or (),
            "chosen_on": w.known("chosen", str(found.get("chosen_on", ""))),
        }


def risk_chart(curve: Sequence[Mapping[str, Any]], w: Words) -> Markup:
    """Share wrong against share answered."""
    ordered = thinned(sorted(curve, key=lambda point: point["coverage"]))
    points = [(float(p["coverage"]), float(p["risk"])) for p in ordered]
    band = [(float(p["coverage"]), float(p["low"]), float(p["high"])) for p in ordered if p.get("low") is not None]
    x, y = Axis(w("coverage"), 0.0, 1.0), Axis(w("risk"), 0.0)
    return line_chart([Line(points, "main")], x, y, w("selective"), [Band(band)])
