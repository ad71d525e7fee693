"""Conformal sets: how many classes must be named to hold the true one as often as promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
            "method_lac": "As small as possible (LAC)",
            "method_aps": "Equally good for hard rows (APS)",
            "read_conformal": "In place of one class a set of them, made so that it holds the true class at least "
            "as often as promised. Small sets and many of one class are good. Thresholds come from "
            "{chosen_on}.",
        },
        "zh": {
            "conformal": "包含真实类别的集合",
            "promised": "承诺",
            "holds": "包含真实类别的集合",
            "mean_size": "集合中的类别数",
            "singletons": "只含一个类别",
            "empty": "空集合",
            "least_covered": "最少被包含的类别",
            "method_lac": "尽可能小（LAC）",
            "method_aps": "对困难的行同样可靠（APS）",
            "read_conformal": "不给出单个类别，而给出一个类别集合，使其至少以承诺的频率包含真实类别。集合越小、"
            "单元素集合越多越好。阈值来自{chosen_on}。",
        },
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """A table a method, one line a level."""
        found = content.study("conformal")
        methods = [one for one in (found, found.get("adaptive") or {}) if one.get("levels")]
        if not methods:
            return None
        return {
            "methods": [(str(one.get("method", "")), _rows(one["levels"])) for one in methods],
            "chosen_on": w.known("chosen", str(found.get("chosen_on", ""))),
        }


def _rows(levels: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[tuple[str, float]]]]:
    return [(level, _least_covered(level.get("per_class") or {})) for level in levels]


def _least_covered(per_class: Mapping[str, Any]) -> list[tuple[str, float]]:
    """The classes whose truth is held least often, and how often."""
    shares = {label: estimate_of(held).value for label, held in per_class.items()}
    known = [(label, share) for label, share in shares.items() if share is not None]
    return sorted(known, key=lambda item: item[1])[:LISTED]
