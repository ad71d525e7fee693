"""Units of a text: its words; in scripts without blanks between words, its characters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polysight.data.view import View
from polysight.modalities.text.words import word_spans
from polysight.modalities.units import Shown, Units, in_runs, numbered, titled

#: The most words that are told apart; of longer texts a unit is a few neighbours.
MOST = 64


@dataclass(frozen=True, eq=False)
class Words(Units):
    """The words of a row. One that is hidden is taken out, with the punctuation behind it.

    A blank stays in its place, so that its neighbours do not grow together into a word of their own. A text without a
    word left is absent, as an empty cell is.

    Attributes:
        pieces: The slot of each unit, and what stands there from its first character to the next unit's.
    """

    noun: ClassVar[str] = "word"

    pieces: tuple[tuple[int, str], ...]

    def concealed(self, shown: Shown) -> Mapping[str, np.ndarray]:
        """Text and presence."""
        text = np.repeat(self.row.arrays["text"], len(shown), axis=0)
        for slot in range(text.shape[1]):
            mine = [unit for unit, (of, _) in enumerate(self.pieces) if of == slot]
            for place, there in enumerate(shown):
                left = "".join(self.pieces[unit][1] if there[unit] else " " for unit in mine)
                text[place, slot] = left if left.strip() else ""
        return {"text": text, "present": text != ""}


def words_of(row: View, columns: tuple[str, ...]) -> Words:
    """The words of a row; of long texts runs of a few, so that there are at most ``MOST``.

    Args:
        row: A view of length one.
        columns: The column of each slot.
    """
    texts = row.arrays["text"][0]
    spans = [word_spans(text) or [(0, len(text))] * bool(text) for text in texts]
    most = max(1, MOST // max(1, sum(bool(found) for found in spans)))
    labels, pieces = [], []
    for slot, (text, found) in enumerate(zip(texts, spans, strict=True)):
        for number, run in enumerate(in_runs(len(found), most)):
            start, stop = found[run.start][0], found[run.stop - 1][1]
            labels.append(titled(columns, slot, " ".join(text[start:stop].split())))
            # Whatever stands before the first word belongs to it too.
            following = found[run.stop][0] if run.stop < len(found) else len(text)
            pieces.append((slot, text[start if number else 0 : following]))
    return Words(row, numbered(labels), tuple(pieces))
