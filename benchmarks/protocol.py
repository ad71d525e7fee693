"""How the shared data sets are measured: train to test, or pooled over the folds they come with."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from polysight import MultimodalClassifier, read_table
from polysight.modalities.inputs import prepare

DATA = Path(__file__).parents[1] / "../shared/data"


@dataclass(frozen=True)
class Result:
    """What one protocol gave: accuracy with every input, with each one missing, and the seconds of all fits."""

    accuracy: float
    without: dict[str, float]
    seconds: float
    log_loss: float
    ece: float


@dataclass(frozen=True)
class Protocol:
    """A data set, its inputs and its grouping.

    Attributes:
        name: The folder under the shared data.
        group: The group column.
        ignore: Columns that must not be inputs.
        pooled: Pool the folds of data.csv; otherwise train.csv to test.csv.
    """

    name: str
    group: str | None
    ignore: tuple[str, ...] = ()
    pooled: bool = True

    def run(self, preset: str, *, seed: int = 0) -> Result:
        """Fit and measure; each fold's rows are judged by a model that saw none of them."""
        folder = DATA / self.name
        if not self.pooled:
            train, test = read_table(folder / "train.csv"), read_table(folder / "test.csv")
            return _pool([self._fold(train, test, preset, seed)])
        table = read_table(folder / "data.csv")
        parts = []
        for fold in sorted(table["fold"].unique()):
            held_out = table["fold"] == fold
            parts.append(self._fold(table[~held_out], table[held_out], preset, seed))
        return _pool(parts)

    def _fold(self, train: pd.DataFrame, test: pd.DataFrame, preset: str, seed: int) -> tuple:
        start = time.perf_counter()
        model = MultimodalClassifier(preset, group=self.group, ignore=self.ignore, random_state=seed)
        model.fit(train, "label")
        seconds = time.perf_counter() - start
        samples = model.read(test)
        truth = np.searchsorted(model.classes_, test["label"].to_numpy(dtype=model.classes_.dtype))
        answers = {"": model.predict_samples(samples)}
        answers |= {name: model.predict_samples(samples.hide({name})) for name in samples.names}
        return truth, answers, seconds


def _pool(parts: list[tuple]) -> Result:
    truth = np.concatenate([part[0] for part in parts])
    answers = {name: np.concatenate([part[1][name] for part in parts]) for name in parts[0][1]}
    correct = {name: float((p.argmax(axis=1) == truth).mean()) for name, p in answers.items()}
    from polysight.evaluation.metrics import metric_values

    values = metric_values(truth, answers[""])
    return Result(
        accuracy=correct.pop(""),
        without=correct,
        seconds=sum(part[2] for part in parts),
        log_loss=values["log_loss"],
        ece=values["ece"],
    )


def inputs_of(protocol: Protocol) -> list[str]:
    """The inputs inferred for a protocol."""
    table = read_table(DATA / protocol.name / "train.csv")
    return list(prepare(table, "label", group=protocol.group, ignore=protocol.ignore).inputs)
