"""Classes: how well each class is found, and what a remedy against imbalance did for the rare ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.report.content import ReportContent
from polysight.report.intervals_plot import interval_plot
from polysight.report.sections.base import Section
from polysight.report.words import Words

#: Classes that are listed; of more the worst.
MOST = 100


class Classes(Section):
    """Precision, recall and F1 of each class."""

    kind: ClassVar[str] = "classes"
    chapter: ClassVar[str] = "performance"
    heading: ClassVar[str] = "classes"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {"worst_classes": "The {shown} worst of {classes} classes."},
        "zh": {"worst_classes": "{classes} 个类别中最差的 {shown} 个。"},
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """Scores in the order of the classes; of very many the worst first."""
        evaluation = content.evaluation
        if evaluation is None:
            return None
        scored = [(str(k), s) for k, s in zip(evaluation.classes, evaluation.per_class, strict=True)]
        if len(scored) > MOST:
            scored = sorted(scored, key=lambda item: -1.0 if item[1].f1.value is None else item[1].f1.value)[:MOST]
        plot = interval_plot([(label, scores.f1) for label, scores in scored])
        return {
            "scored": list(zip(plot.rows, (scores for _, scores in scored), strict=True)),
            "classes": len(evaluation.classes),
            "remedy": remedy_rows(content, w),
        }


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
        *rows[:MOST],
        (words("mean_of_classes"), effect["recall_macro"], None),
        (words("all_rows"), effect["accuracy"], None),
    ]
