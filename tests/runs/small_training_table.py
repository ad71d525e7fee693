"""A table of one number that tells the class, with groups: learned in a moment."""

from pathlib import Path

import numpy as np
import pandas as pd


def write_small(path: Path, *, groups: list[str], rows: int) -> None:
    rng = np.random.default_rng(rows)
    codes = np.arange(rows) % 2
    table = {
        "width": (codes + rng.normal(size=rows) / 4).round(4),
        "who": rng.choice(groups, rows),
        "label": np.where(codes, "left", "right"),
    }
    pd.DataFrame(table).to_csv(path, index=False)
