"""Faithfulness: the stamp of each input's explanations - whether what they put first is what the answer hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.words import Words

#: The page of one explained row, if it stands in the run folder.
PAGE = "explanation.html"

_STAMPS: Mapping[bool | None, str] = {True: "passed", False: "failed", None: "open"}


class Faithfulness(Section):
    """The study ``faithfulness``, and the way to an explained row."""

    kind: ClassVar[str] = "faithfulness"
    chapter: ClassVar[str] = "explanations"
    heading: ClassVar[str] = "faithfulness"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {
            "faithfulness": "Can its explanations be believed?",
            "stamp": "stamp",
            "stamp_passed": "passed",
            "stamp_failed": "not faithful",
            "stamp_open": "cannot tell",
            "explained_by": "explained by",
            "deletion": "deletion",
            "insertion": "insertion",
            "random_order": "random order",
            "order_gain": "gain",
            "edge_detector": "gain of an edge detector",
            "unlearned": "likeness without learning",
            "read_faithfulness": "Parts of a row are taken away in the order of the explanation (deletion: the "
            "answer should fall, so low is good), and given back in it (insertion: high is good); an order of "
            "chance lies between. A map must also beat an edge detector, and change when what the network has "
            "learned is gone. {rows} rows.",
            "failed_line": "Do not read the explanations of {names}: they failed the test.",
            "page_of_a_row": "One row, explained",
        },
        "zh": {
            "faithfulness": "它的解释可信吗？",
            "stamp": "检验结果",
            "stamp_passed": "通过",
            "stamp_failed": "不忠实",
            "stamp_open": "无法判断",
            "explained_by": "解释方法",
            "deletion": "删除",
            "insertion": "插入",
            "random_order": "随机顺序",
            "order_gain": "增益",
            "edge_detector": "边缘检测的增益",
            "unlearned": "与未学习网络的相似度",
            "read_faithfulness": "按解释给出的顺序逐一去掉一行的各部分（删除：回答应当减弱，数值低为好），"
            "再按该顺序逐一放回（插入：数值高为好）；随机顺序介于两者之间。热图还必须优于边缘检测，"
            "并且在抹去网络所学之后应当改变。共 {rows} 行。",
            "failed_line": "不要采信 {names} 的解释：它们未通过检验。",
            "page_of_a_row": "对一行的解释",
        },
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """A line for each explainer of each input."""
        found = {name: stamp for name, stamp in content.study("faithfulness").items() if isinstance(stamp, Mapping)}
        page = PAGE if content.folder is not None and (content.folder / PAGE).exists() else ""
        if not found and not page:
            return None
        lines = [
            (name, stamp, w(f"stamp_{_STAMPS[stamp.get('passed')]}"))
            for name, one in found.items()
            for stamp in (one.get("methods") or {"": one}).values()
        ]
        return {
            "lines": lines,
            "failed": [name for name, one in found.items() if one.get("passed") is False],
            "rows": max((stamp.get("rows") or 0 for _, stamp, _ in lines), default=0),
            "of_another": any(one.get("of_another") for one in found.values()),
            "page": page,
        }
