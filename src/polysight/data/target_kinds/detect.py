"""Which kind of target a column is, when nobody says so."""

from __future__ import annotations

import pandas as pd

#: A target of more distinct whole numbers than this is an amount, not a class.
MOST_NUMBER_CLASSES = 20


def kind_of(cells: pd.Series) -> str:
    """``classification`` for text, truth values and few whole numbers, else ``regression``.

    Several labels a row are never guessed: text with a separator may be one class.
    """
    present = cells.dropna()
    if not len(present) or present.map(lambda cell: isinstance(cell, bool | list | tuple | set)).any():
        return "classification"
    numbers = pd.to_numeric(present, errors="coerce")
    if numbers.isna().any():
        return "classification"
    whole = bool((numbers % 1 == 0).all())
    return "classification" if whole and numbers.nunique() <= MOST_NUMBER_CLASSES else "regression"
