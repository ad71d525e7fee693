"""Texts that are nearly the same: copied, or changed in a word or two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polysight.health.base import Check
from polysight.health.examination import Examination
from polysight.health.finding import Finding
from polysight.health.pairs import NO_PAIRS, Pairs, findings
from polysight.health.shingles import nearly_equal

#: Texts looked at of each table.
MOST_TEXTS = 5_000


@dataclass(frozen=True)
class DuplicateTexts(Check):
    """Texts of a column that share most of what is written in them."""

    kind: ClassVar[str] = "duplicate_texts"

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """Warn of pairs within training, across labels and across the tables."""
        found: list[Pairs] = []
        columns: list[str] = []
        seen = False
        for name in table.task.samples.names:
            texts = _texts(table, name)
            if texts is None:
                continue
            seen = True
            for slot, column in enumerate(table.columns_of(name)):
                pairs = nearly_equal(texts[:, slot].tolist())
                found.append(pairs)
                columns += [column] if len(pairs) else []
        if not seen:
            return ()
        pairs = np.unique(np.concatenate([NO_PAIRS, *found]), axis=0)
        return tuple(findings(self.kind, pairs, table, tuple(columns)))


def _texts(table: Examination, name: str) -> np.ndarray | None:
    """The texts of an input [row, slot], those of the test table after those of training; None if it has none."""
    texts = table.task.samples.views[name].arrays.get("text")
    if texts is None:
        return None
    texts = texts.copy()
    texts[MOST_TEXTS:] = ""  # An empty text is like no other.
    if table.test is None:
        return texts
    return np.concatenate([texts, table.test.samples.views[name].arrays["text"][:MOST_TEXTS]])
