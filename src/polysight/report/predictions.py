"""Predictions of a run, read in chunks into a few numbers a row, so that a million rows fit as well as a hundred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from polysight.evaluation.calibration import Calibration, Reliability

#: Rows that are in memory as text at once.
CHUNK = 50_000
#: Amounts kept of a target; of more rows so many, evenly spaced in order of the truth.
MOST_DOTS = 1_500
_PROBABILITY = "probability_"


@dataclass(frozen=True, eq=False)
class Predictions:
    """What was said of rows that have one class each.

    Attributes:
        labels: The classes.
        rows: The position of each row in its table.
        truth: Its class as a position in ``labels``; -1 for one that is not among them.
        said: The class said of it.
        likeliest: The class with the highest probability, which a remedy against imbalance need not say.
        confidence: That probability; NaN where the file holds none.
        belief: The probability of the true class; 0 for one the model does not know.
    """

    labels: tuple[str, ...]
    rows: Int[np.ndarray, " row"]
    truth: Int[np.ndarray, " row"]
    said: Int[np.ndarray, " row"]
    likeliest: Int[np.ndarray, " row"]
    confidence: Float[np.ndarray, " row"]
    belief: Float[np.ndarray, " row"]

    @property
    def wrong(self) -> Bool[np.ndarray, " row"]:
        """Which rows were answered wrongly."""
        return (self.truth < 0) | (self.truth != self.said)

    def reliability(self) -> Reliability | None:
        """Share right by stated confidence; None where no row has probabilities."""
        usable = np.isfinite(self.confidence)
        if not usable.any():
            return None
        right = (self.truth == self.likeliest)[usable]
        return Calibration(self.confidence[usable].astype(np.float64), right).reliability()


def read_predictions(path: Path) -> Predictions | None:
    """Read ``predictions.csv`` of a classification; None where there is none, or it holds something else.

    Raises:
        ValueError: The file is damaged.
    """
    columns = _header(path)
    probabilities = [name for name in columns if name.startswith(_PROBABILITY)]
    if not probabilities or not {"target", "prediction"} <= set(columns):
        return None
    labels = tuple(name.removeprefix(_PROBABILITY) for name in probabilities)
    rows = ["row"] if "row" in columns else []
    chunks = pd.read_csv(
        path,
        usecols=[*rows, "target", "prediction", *probabilities],
        dtype={"target": str, "prediction": str, **dict.fromkeys(rows, np.int64), **_numbers(probabilities)},
        keep_default_na=False,
        na_values={name: ["", "nan"] for name in probabilities},
        index_col=False,
        chunksize=CHUNK,
    )
    parts = [_digest(chunk, labels, probabilities) for chunk in chunks]
    joined = [np.concatenate(parts) for parts in zip(*parts, strict=True)]
    if "row" not in columns:
        joined[0] = np.arange(len(joined[0]))
    return Predictions(labels, *joined)


def read_amounts(path: Path, name: str = "") -> Float[np.ndarray, "row two"] | None:
    """True and predicted amounts in order of the truth, ``MOST_DOTS`` at most; None where the file holds none.

    Args:
        path: ``predictions.csv``.
        name: The target, where there are several.
    """
    columns = [f"{column}_{name}" if name else column for column in ("target", "prediction")]
    if not set(columns) <= set(_header(path)):
        return None
    chunks = pd.read_csv(path, usecols=columns, dtype=str, keep_default_na=False, index_col=False, chunksize=CHUNK)
    pairs = np.concatenate([chunk[columns].apply(pd.to_numeric, errors="coerce").to_numpy(float) for chunk in chunks])
    pairs = pairs[np.isfinite(pairs).all(axis=1)]
    if not len(pairs):
        return None
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    return pairs[np.unique(np.linspace(0, len(pairs) - 1, MOST_DOTS).astype(int))] if len(pairs) > MOST_DOTS else pairs


def _header(path: Path) -> list[str]:
    if not path.exists():
        return []
    return [str(name) for name in pd.read_csv(path, nrows=0, dtype=str, index_col=False).columns]


def _numbers(names: Sequence[str]) -> dict[str, Any]:
    return dict.fromkeys(names, np.float32)


def _codes(names: pd.Series, labels: Sequence[str]) -> Int[np.ndarray, " row"]:
    """Positions in ``labels``; -1 for what is not among them."""
    place = {name: code for code, name in enumerate(labels)}
    return names.map(place).fillna(-1).to_numpy(np.int32)


def _digest(chunk: pd.DataFrame, labels: Sequence[str], probabilities: Sequence[str]) -> tuple[np.ndarray, ...]:
    """What is kept of some rows, in the order of the fields of ``Predictions``."""
    values = chunk[list(probabilities)].to_numpy(np.float32)
    truth, said = (_codes(chunk[name], labels) for name in ("target", "prediction"))
    known = np.isfinite(values).all(axis=1)
    filled = np.where(known[:, None], values, 0.0)
    belief = np.where(truth >= 0, filled[np.arange(len(filled)), truth], 0.0)
    rows = chunk["row"].to_numpy() if "row" in chunk else np.zeros(len(chunk), dtype=np.int64)
    confidence = np.where(known, filled.max(axis=1), np.nan)
    return rows, truth, said, filled.argmax(axis=1).astype(np.int32), confidence, np.where(known, belief, np.nan)
