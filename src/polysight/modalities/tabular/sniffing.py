"""Is a column a number or a category of a table, rather than text or the path of a file?"""

from __future__ import annotations

import pandas as pd

from polysight.data.columns import column_type, missing
from polysight.modalities.base import Match
from polysight.modalities.tabular.cells import days, levels


def table_column(column: pd.Series) -> Match:
    """How likely a column belongs in a table: numbers always, categories the more they repeat."""
    cells = days(column[~missing(column)])
    if not len(cells) or not cells.map(pd.api.types.is_scalar).all():
        return Match(0.0, "", "no plain values")
    if column_type(cells) == "numeric":
        return Match(0.9, "numeric", "numbers")
    distinct = len(set(levels(cells)))
    score = 0.4 + 0.5 * (1 - min(1.0, 2 * distinct / len(cells)))
    return Match(score, "categorical", f"{distinct} levels in {len(cells)} cells")
