"""Slices: the parts of the rows the model is worst on, by values of columns and by which inputs are missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.evaluation.study_verdict import clearly_worse
from polysight.report.content import ReportContent
from polysight.report.intervals_plot import interval_plot
from polysight.report.numbers import estimate_of
from polysight.report.sections.base import Section
from polysight.report.words import Words

#: Slices that are listed, the worst.
MOST = 30


class Slices(Section):
    """The study ``slices``."""

    kind: ClassVar[str] = "slices"
    chapter: ClassVar[str] = "slices"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {
            "slice": "rows with",
            "slice_value": "{column} = {value}",
            "difference": "against the other rows, points",
            "p_value": "p",
            "clear_slices": "Slices that are clearly worse than the other rows: {count}.",
            "no_clear_slice": "No slice is clearly worse than the other rows.",
            "read_slices": "The worst slices first, with the interval of their accuracy. Long bars mean few rows. "
            "With many slices a few look bad by chance: a small p says which ones are not chance.",
            "skipped_columns": "Columns not looked at",
            "slice_missing inputs": "missing inputs",
            "within_(none)": "(none)",
            "within_(missing)": "(missing)",
            "skipped_too_many_values": "too many values",
            "skipped_one_value": "one value only",
            "skipped_too_few_rows": "no value with rows enough",
            "skipped_too_many_columns": "too many columns",
            "skipped_identifier": "numbers the rows",
            "skipped_target": "the target itself",
            "skipped_empty": "empty",
        },
        "zh": {
            "slice": "满足条件的行",
            "slice_value": "{column} = {value}",
            "difference": "与其余行相比（百分点）",
            "p_value": "p 值",
            "clear_slices": "明显差于其余行的切片：{count} 个。",
            "no_clear_slice": "没有切片明显差于其余行。",
            "read_slices": "最差的切片在前，附准确率的区间。横条长说明行数少。切片很多时，总有几个仅凭偶然就显得差："
            "p 值小，才说明并非偶然。",
            "skipped_columns": "未考察的列",
            "slice_missing inputs": "缺失的输入",
            "within_(none)": "（无）",
            "within_(missing)": "（缺失）",
            "skipped_too_many_values": "取值太多",
            "skipped_one_value": "只有一个取值",
            "skipped_too_few_rows": "没有行数足够的取值",
            "skipped_too_many_columns": "列太多",
            "skipped_identifier": "是行的编号",
            "skipped_target": "即目标本身",
            "skipped_empty": "空列",
        },
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The worst slices on one scale."""
        found = content.study("slices")
        slices = list(found.get("slices") or ())
        if not slices:
            return None
        shown = slices[:MOST]
        plot = interval_plot([(slice_name(one, w), estimate_of(one.get("accuracy"))) for one in shown])
        worse = [one for one in slices if clearly_worse(one)]
        return {
            "rows": list(zip(plot.rows, shown, strict=True)),
            "clear": len(worse),
            "skipped": [(str(one.get("column", "")), str(one.get("reason", ""))) for one in found.get("skipped") or ()],
        }


def slice_name(one: Mapping[str, Any], w: Words) -> str:
    """What the rows of a slice have in common."""
    return w(
        "slice_value",
        column=w.known("slice", str(one.get("column", ""))),
        value=w.known("within", str(one.get("value", ""))),
    )
