"""Fairness: how often each group of rows gets a class rightly, and wrongly, and how far groups are apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.evaluation.verdict import share
from polysight.report.content import ReportContent
from polysight.report.numbers import estimate_of
from polysight.report.sections.base import Section
from polysight.report.words import Words

#: Columns and groups of a column that are listed.
MOST_COLUMNS, MOST_GROUPS = 10, 20


class Fairness(Section):
    """The second half of the study ``slices``."""

    kind: ClassVar[str] = "fairness"
    chapter: ClassVar[str] = "slices"
    heading: ClassVar[str] = "fairness"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {
            "fairness": "Is it equally good to every group?",
            "tpr": "found (TPR)",
            "fpr": "falsely named (FPR)",
            "gap_line": "Largest gap between groups: {tpr} in what is found, {fpr} in what is falsely named.",
            "read_fairness": "Found: of the rows of a class, how many get it. Falsely named: of the other rows, how "
            "many get it all the same; means over classes. An interval of a gap that holds 0 shows no clear "
            "difference. Equal numbers alone do not make a use fair.",
        },
        "zh": {
            "fairness": "对每个群体是否同样好？",
            "tpr": "找到的比例（TPR）",
            "fpr": "误报的比例（FPR）",
            "gap_line": "各组之间的最大差距：找到的比例相差 {tpr}，误报的比例相差 {fpr}。",
            "read_fairness": "找到的比例：属于某类的行中有多少被判为该类；误报的比例：其余行中有多少也被判为该类；"
            "均为各类别的平均。差距的区间包含 0 时，没有明显差异。仅有数字相等并不意味着使用是公平的。",
        },
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """A table a column."""
        every = content.study("slices").get("fairness") or ()
        columns = [one for one in every if _measured(one)][:MOST_COLUMNS]
        if not columns:
            return None

        def gap(plain: Any) -> str:
            estimate = estimate_of(plain)
            return share(estimate, w.lang) if estimate.value is not None else w.known("why", estimate.reason)

        return {"columns": [(one, list(one.get("groups") or ())[:MOST_GROUPS]) for one in columns], "gap": gap}


def _measured(column: Mapping[str, Any]) -> bool:
    """Whether any group has rows enough for a rate."""
    return any(estimate_of(group.get("tpr")).value is not None for group in column.get("groups") or ())
