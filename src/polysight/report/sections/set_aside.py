"""Set aside: the cells that could not be read, counted, and the first of them with the way to mend them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

import pandas as pd

from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.words import Words

#: Cells that are listed.
SHOWN = 50


class SetAside(Section):
    """What could not be read."""

    kind: ClassVar[str] = "set_aside"
    chapter: ClassVar[str] = "data"
    heading: ClassVar[str] = "set_aside"

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """Counts by column and code, and the first cells."""
        if not content.data:
            return None
        return {
            "aside_counts": set_aside_counts(content.set_aside),
            "aside_rows": content.set_aside.head(SHOWN).to_dict("records"),
        }


def set_aside_counts(set_aside: pd.DataFrame) -> list[tuple[str, str, int]]:
    """Column, code and number of cells that could not be read, the commonest first."""
    if not {"column", "code"} <= set(set_aside.columns):
        return []
    pairs = Counter(zip(set_aside["column"], set_aside["code"], strict=True))
    return [(column, code, number) for (column, code), number in pairs.most_common()]
