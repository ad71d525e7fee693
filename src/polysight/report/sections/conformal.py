"""Conformal sets: how many classes must be named to hold the true one as often as promised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.report.content import ReportContent
from polysight.report.numbers import estimate_of
from polysight.report.sections.base import Section
from polysight.report.words import Words

#: Classes listed of each level, the least covered.
LISTED = 3


class Conformal(Section):
    """The study ``conformal``."""

    kind: ClassVar[str] = "conformal"
    chapter: ClassVar[str] = "calibration"
    heading: ClassVar[str] = "conformal"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {
            "conformal": "Sets of classes that hold the truth",
            "promised": "promised",
            "holds": "sets that hold the truth",
            "mean_size": "classes in a set",
            "singletons": "sets of one class",
            "empty": "empty sets",
            "least_covered": "least often held",
            "read_conformal": "In place of one class a set of them, made so that it holds the true class at least "
            "as often as promised. Small sets and many of one class are good. Method: {method}; thresholds from "
            "{chosen_on}.",
            "chosen_out_of_fold": "training rows answered by models that had not seen them",
        },
        "zh": {
            "conformal": "包含真实类别的集合",
            "promised": "承诺",
            "holds": "包含真实类别的集合",
            "mean_size": "集合中的类别数",
            "singletons": "只含一个类别",
            "empty": "空集合",
            "least_covered": "最少被包含的类别",
            "read_conformal": "不给出单个类别，而给出一个类别集合，使其至少以承诺的频率包含真实类别。集合越小、"
            "单元素集合越多越好。方法：{method}；阈值来自{chosen_on}。",
            "chosen_out_of_fold": "训练行（由未见过这些行的模型作答）",
        },
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """One line a level."""
        found = content.study("conformal")
        levels = found.get("levels")
        if not levels:
            return None
        rows = [(level, _least_covered(level.get("per_class") or {})) for level in levels]
        return {"levels": rows, "method": found.get("method", ""), "chosen_on": found.get("chosen_on", "")}


def _least_covered(per_class: Mapping[str, Any]) -> list[tuple[str, float]]:
    """The classes whose truth is held least often, and how often."""
    shares = {label: estimate_of(held).value for label, held in per_class.items()}
    known = [(label, share) for label, share in shares.items() if share is not None]
    return sorted(known, key=lambda item: item[1])[:LISTED]
