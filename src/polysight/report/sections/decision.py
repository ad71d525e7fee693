"""Decision curve: whether acting on the model beats acting on everybody or on nobody. Of two classes only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from markupsafe import Markup

from polysight.report.charts import Axis, Band, Line, Point, line_chart
from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.words import Words

#: A benefit below so much of the largest is drawn at the edge: acting on everybody falls without end.
DEPTH = 0.5


class Decision(Section):
    """The study ``decision``."""

    kind: ClassVar[str] = "decision"
    chapter: ClassVar[str] = "calibration"
    heading: ClassVar[str] = "decision"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {
            "decision": "Is acting on it worth more than acting on all, or on none?",
            "decision_threshold": "probability from which one would act",
            "net_benefit": "net benefit",
            "act_on_model": "on the model",
            "act_on_all": "on everybody",
            "act_on_none": "on nobody",
            "read_decision": "Choose the probability from which you would act on {positive}: few false alarms "
            "allowed is far right. The model is worth using where its line is the highest; the band is its 95 % "
            "interval.",
            "line_drawn": "where the line is drawn",
            "acts_from": "acts from",
            "by_youden": "finds and spares alike (Youden)",
            "by_cost": "a miss costs {ratio} false alarms",
            "sensitivity": "finds (sensitivity)",
            "specificity": "spares (specificity)",
            "read_thresholds": "The probability from which to act, by what mistakes cost; it comes from {chosen_on}.",
        },
        "zh": {
            "decision": "依据模型行动，是否优于对所有人或对任何人都不行动？",
            "decision_threshold": "达到多大概率才采取行动",
            "net_benefit": "净获益",
            "act_on_model": "依据模型",
            "act_on_all": "对所有人",
            "act_on_none": "都不行动",
            "read_decision": "先选定达到多大概率才对 {positive} 采取行动：越不能容忍误报，越靠右。"
            "模型的曲线最高之处，才值得使用模型；色带为其 95 % 区间。",
            "line_drawn": "如何划线",
            "acts_from": "行动的起点",
            "by_youden": "兼顾找到与放过（Youden）",
            "by_cost": "一次漏报相当于 {ratio} 次误报",
            "sensitivity": "找到（敏感度）",
            "specificity": "放过（特异度）",
            "read_thresholds": "按错误的代价，从多大概率开始行动；阈值来自{chosen_on}。",
        },
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The curve."""
        found = content.study("decision")
        if not found.get("thresholds"):
            return None
        names = [("main", w("act_on_model")), ("warm", w("act_on_all")), ("ideal", w("act_on_none"))]
        return {
            "chart": benefit_chart(found, w),
            "names": names,
            "positive": found.get("positive", ""),
            "chosen": thresholds(found.get("chosen") or {}, w),
            "chosen_on": w.known("chosen", str((found.get("chosen") or {}).get("chosen_on", ""))),
        }


def thresholds(chosen: Mapping[str, Any], w: Words) -> list[tuple[str, Mapping[str, Any]]]:
    """Rules for drawing the line, and what each of them does."""
    lines = [(w("by_youden"), chosen["youden"])] if chosen.get("youden") else []
    return lines + [(w("by_cost", ratio=f"{one['ratio']:g}"), one) for one in chosen.get("costs") or ()]


def benefit_chart(found: Mapping[str, Any], w: Words) -> Markup:
    """Net benefit of the model, of acting on everybody, and on nobody."""
    model, everybody = (_points(found["thresholds"], found.get(name) or ()) for name in ("model", "all"))
    best = max((value for _, value in model + everybody), default=1.0)
    floor = -DEPTH * max(best, 0.01)
    ends = [float(found["thresholds"][0]), float(found["thresholds"][-1])]
    ends_of_band = (found.get(name) or () for name in ("model_low", "model_high"))
    lows, highs = (dict(_points(found["thresholds"], values)) for values in ends_of_band)
    band = [(x, max(lows[x], floor), max(highs[x], floor)) for x in lows if x in highs]
    lines = [
        Line([(end, 0.0) for end in ends], "ideal"),
        Line([point for point in everybody if point[1] >= floor], "warm"),
        Line([(x, max(y, floor)) for x, y in model], "main"),
    ]
    x, y = Axis(w("decision_threshold")), Axis(w("net_benefit"), floor)
    return line_chart(lines, x, y, w("decision"), [Band(band)])


def _points(thresholds: Sequence[float], values: Sequence[float | None]) -> list[Point]:
    pairs = zip(thresholds, values, strict=False)
    return [(float(threshold), float(value)) for threshold, value in pairs if value is not None]
