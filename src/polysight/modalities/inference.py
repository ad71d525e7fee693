"""Which columns are inputs, and of what kind: each column's role with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from polysight.modalities.base import Modality


@dataclass(frozen=True)
class Role:
    """What a column is used as, why, and whether a person should look at it."""

    role: str
    reason: str
    warning: str = ""


@dataclass(frozen=True, eq=False)
class Inference:
    """The roles of all columns and the inputs that follow."""

    roles: Mapping[str, Role]
    inputs: Mapping[str, Modality]


def infer(X: pd.DataFrame, labels: pd.Series, root: Path, *, ignore: Sequence[str] = ()) -> Inference:
    """Infer the role of every column of a table without its target and group."""
    raise NotImplementedError
