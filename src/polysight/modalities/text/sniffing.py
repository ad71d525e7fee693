"""Is a column free text, or rather categories, numbers, names or paths?"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from polysight.modalities.base import Match
from polysight.modalities.text.words import count_unspaced, words

#: Enough cells to judge a column by.
_SAMPLE = 500
#: A text of this many words is no category, however often it returns.
_LONG = 12
_PATH = re.compile(r"[/\\][^/\\]*\.\w{1,5}$")


def free_text(column: pd.Series) -> Match:
    """How likely a column is free text: words a cell, and how seldom cells repeat."""
    cells = [value for value in column.dropna().tolist() if isinstance(value, str) and value.strip()]
    if not cells or len(cells) < 0.5 * column.notna().sum():
        return Match(0.0, "text", "not strings")
    distinct = list(dict.fromkeys(cells))
    sample = [distinct[i] for i in np.linspace(0, len(distinct) - 1, min(_SAMPLE, len(distinct)), dtype=int)]
    if np.mean([bool(_PATH.search(cell)) for cell in sample]) > 0.5:
        return Match(0.0, "text", "paths")
    length = float(np.mean([_wordiness(cell) for cell in sample]))
    varied = min(1.0, 2 * len(distinct) / len(cells))
    if length >= _LONG and len(distinct) > 20:
        varied = 1.0
    score = 0.95 * float(np.clip((length - 1) / 3, 0, 1)) * varied
    return Match(score, "text", f"{length:.0f} words a cell, {len(distinct)} of {len(cells)} cells distinct")


def _wordiness(cell: str) -> float:
    """Words with letters in them; a run without a blank is one, two Chinese characters are one."""
    unspaced = count_unspaced(cell)
    spaced = sum(any(c.isalpha() for c in chunk) for chunk in cell.split()) if words(cell) else 0
    return spaced + max(0.0, unspaced / 2 - 1) if unspaced else float(spaced)
