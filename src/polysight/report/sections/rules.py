"""Rules: what the model does as a few if-then rules, and how well they tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.explain.rule_words import rule_lines
from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.words import Words

#: Rules that are listed, those that cover most rows.
MOST = 20


class Rules(Section):
    """The study ``rules``."""

    kind: ClassVar[str] = "rules"
    chapter: ClassVar[str] = "explanations"
    heading: ClassVar[str] = "rules"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {
            "rules": "What it does, as rules",
            "read_rules": "A small tree that imitates the model, fitted on some of these rows and judged on others. "
            "Covered: rows in which the conditions hold. Rules tell what the model does, not why the world is so.",
        },
        "zh": {
            "rules": "用规则概括它的做法",
            "read_rules": "一棵模仿模型的小决策树，在部分行上拟合，在其余行上评判。覆盖：条件成立的行。"
            "规则说明模型怎么做，而不说明世界为何如此。",
        },
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The verdict on the rules, and the rules."""
        found = content.study("rules")
        if not found.get("rules"):
            return None
        shown = rule_lines({**found, "rules": found["rules"][:MOST]}, w.lang)
        more = max(len(found["rules"]) - MOST, 0)
        return {"verdict": shown[0], "rules": shown[1:], "faithful": bool(found.get("faithful")), "more": more}
