"""Confusion: who is taken for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.report.confusion import confusion_table, most_confused
from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.words import Words


class Confusion(Section):
    """The confusion table and the commonest mistakes."""

    kind: ClassVar[str] = "confusion"
    chapter: ClassVar[str] = "performance"
    heading: ClassVar[str] = "confusion"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {"most_confused": "The {shown} of {classes} classes that are most often confused."},
        "zh": {"most_confused": "{classes} 个类别中最常被混淆的 {shown} 个。"},
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The table; of very many classes those that are confused most."""
        evaluation = content.evaluation
        if evaluation is None:
            return None
        labels, counts = most_confused([str(label) for label in evaluation.classes], evaluation.confusion)
        return {"confusion": confusion_table(labels, counts), "classes": len(evaluation.classes)}
