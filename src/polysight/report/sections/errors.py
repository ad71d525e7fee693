"""Errors: a gallery of the worst mistakes with the cells themselves, filtered by class with the style sheet alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, ClassVar

from polysight.report.content import ReportContent
from polysight.report.gallery import worst_mistakes
from polysight.report.predictions import Predictions
from polysight.report.row_cells import RowCells, cells_of, personal_columns
from polysight.report.sections.base import Section
from polysight.report.words import Words


@dataclass(frozen=True)
class Shown:
    """A mistake as the page shows it; ``truth`` and ``said`` are numbers of classes, -1 for an unknown one."""

    row: int
    truth: int
    said: int
    truth_name: str
    said_name: str
    confidence: float | None
    belief: float | None
    cells: RowCells


class Errors(Section):
    """The worst mistakes on rows the model had not seen."""

    kind: ClassVar[str] = "errors"
    chapter: ClassVar[str] = "errors"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {
            "wrong_rows": "{wrong} of {rows} rows are wrong; {shown} of them are shown: the worst, and some of each "
            "kind.",
            "read_gallery": "The worst first: the model believed least in the truth. Look for wrong labels, "
            "unreadable cells and what the mistakes have in common.",
            "filter_truth": "true class",
            "filter_said": "predicted as",
            "every_class": "all",
            "row_number": "row {row}",
            "taken_for": "{truth} taken for {said}",
            "unknown_class": "a class unknown to the model",
            "stated": "said with {confidence}; truth {belief}",
            "no_cells": "The table of these rows is not where it was, or has changed; so their cells are not shown.",
            "withheld": "Left out, because they seem to hold personal data: {columns}.",
        },
        "zh": {
            "wrong_rows": "{rows} 行中有 {wrong} 行出错；这里显示 {shown} 行：最严重的，以及每一种各若干。",
            "read_gallery": "最严重的在前：模型最不相信真实类别。请留意标错的标签、无法读取的单元格，"
            "以及这些错误的共同点。",
            "filter_truth": "真实类别",
            "filter_said": "预测为",
            "every_class": "全部",
            "row_number": "第 {row} 行",
            "taken_for": "{truth} 被误认为 {said}",
            "unknown_class": "模型不认识的类别",
            "stated": "置信度 {confidence}；真实类别 {belief}",
            "no_cells": "这些行所在的表已不在原处或已更改，因此不显示其单元格。",
            "withheld": "因疑似含有个人数据而未显示：{columns}。",
        },
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The mistakes and the classes among them; nothing where nothing is wrong."""
        said = content.predictions
        if said is None or not said.wrong.any():
            return None
        places = worst_mistakes(said)
        cells = cells_of(content, said.rows[places].tolist())
        shown = [_shown(said, place, cells, w) for place in places.tolist()]
        return {
            "shown": shown,
            "wrong": int(said.wrong.sum()),
            "rows": len(said.rows),
            "truths": _classes((one.truth, one.truth_name) for one in shown),
            "saids": _classes((one.said, one.said_name) for one in shown),
            "cells_found": bool(cells),
            "withheld": sorted(personal_columns(content.health)) if cells else [],
        }

    def style(self, facts: Mapping[str, Any]) -> str:
        """Rules that hide what is not asked for; a browser that does not know them shows everything."""
        rule = ".gallery:has(select.{who} option[value='{code}']:checked) .mistake:not(.{who}{code}){{display:none}}"
        asked = (("t", facts["truths"]), ("s", facts["saids"]))
        return "\n".join(rule.format(who=who, code=code) for who, classes in asked for code, _ in classes)


def _shown(said: Predictions, place: int, cells: Mapping[int, RowCells], w: Words) -> Shown:
    truth, predicted, row = int(said.truth[place]), int(said.said[place]), int(said.rows[place])
    return Shown(
        row=row,
        truth=truth,
        said=predicted,
        truth_name=said.labels[truth] if truth >= 0 else w("unknown_class"),
        said_name=said.labels[predicted] if predicted >= 0 else w("unknown_class"),
        confidence=_known(said.confidence[place]),
        belief=_known(said.belief[place]),
        cells=cells.get(row, RowCells()),
    )


def _known(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _classes(named: Any) -> Sequence[tuple[int, str]]:
    return sorted(set(named), key=lambda item: item[0])
