"""How the shared data sets are measured: train to test, draws of few rows, or pooled over the folds they come with."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from polysight import MultimodalClassifier, read_table
from polysight.evaluation.metrics import metric_values

DATA = Path(__file__).parents[1] / "../shared/data"


@dataclass(frozen=True)
class Part:
    """What one fit gave.

    Attributes:
        truth: The class of each test row.
        answers: The answers with every input ("") and with each one missing.
        seconds: The seconds of the fit, reading included.
        planned: The seconds the plan expected of it.
        late: Whether the time limit cut the plan short.
    """

    truth: np.ndarray
    answers: dict[str, np.ndarray]
    seconds: float
    planned: float
    late: bool

    @property
    def accuracy(self) -> float:
        """The share of rows answered rightly, with every input."""
        return float((self.answers[""].argmax(axis=1) == self.truth).mean())


@dataclass(frozen=True)
class Result:
    """What one protocol gave.

    Attributes:
        parts: One a fold or draw.
        accuracy: Pooled over all test rows.
        spread: Standard deviation of accuracy over parts; None of one part.
        without: Pooled accuracy with each input missing.
        seconds: The mean of a fit.
        planned: The mean a plan expected.
        values: Every metric, pooled.
    """

    parts: list[Part]
    accuracy: float
    spread: float | None
    without: dict[str, float]
    seconds: float
    planned: float
    values: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Protocol:
    """A data set, its inputs, its grouping, and which rows teach.

    Attributes:
        name: The folder under the shared data.
        group: The group column.
        ignore: Columns that must not be inputs.
        pooled: Pool the folds of data.csv; otherwise train.csv to test.csv.
        rows: Teach with so many random rows of train.csv (``draws`` times).
        per_class: Teach with so many random rows of each class (``draws`` times).
        draws: How many times.
        inputs: The inputs; None: those that are inferred.
    """

    name: str
    group: str | None
    ignore: tuple[str, ...] = ()
    pooled: bool = True
    rows: int | None = None
    per_class: int | None = None
    draws: int = 1
    inputs: Mapping[str, Any] | None = None

    @property
    def there(self) -> bool:
        """Whether the data set is."""
        return (DATA / self.name).exists()

    def splits(self) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        """Training and test table of each part."""
        folder = DATA / self.name
        if self.pooled:
            table = read_table(folder / "data.csv")
            for fold in sorted(table["fold"].unique()):
                yield table[table["fold"] != fold], table[table["fold"] == fold]
            return
        train, test = read_table(folder / "train.csv"), read_table(folder / "test.csv")
        for draw in range(self.draws):
            yield train.iloc[self._drawn(train["label"].to_numpy(), np.random.default_rng(draw))], test

    def _drawn(self, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        order = rng.permutation(len(labels))
        if self.per_class is not None:
            order = np.concatenate([order[labels[order] == c][: self.per_class] for c in np.unique(labels)])
        return np.sort(order if self.rows is None else order[: self.rows])

    def run(self, preset: str, *, limit: str | None = None, seed: int = 0) -> Result:
        """Fit and measure; test rows are judged by a model that saw none of them."""
        common = {"preset": preset, "time_limit": limit, "group": self.group, "ignore": self.ignore}
        common |= {} if self.inputs is None else {"inputs": self.inputs}
        models = (MultimodalClassifier(**common, random_state=seed + i) for i in itertools.count())
        return pool([self._part(model, *tables) for model, tables in zip(models, self.splits(), strict=False)])

    def _part(self, model: MultimodalClassifier, train: pd.DataFrame, test: pd.DataFrame) -> Part:
        start = time.perf_counter()
        model.fit(train, "label")
        seconds = time.perf_counter() - start
        samples = model.read(test)
        truth = np.searchsorted(model.classes_, test["label"].to_numpy(dtype=model.classes_.dtype))
        answers = {"": model.predict_samples(samples)}
        answers |= {name: model.predict_samples(samples.hide({name})) for name in samples.names}
        return Part(truth, answers, seconds, model.plan_.seconds, model.stopped_by_time_)


def pool(parts: list[Part]) -> Result:
    """All test rows together; each part counts by its rows."""
    truth = np.concatenate([part.truth for part in parts])
    answers = {name: np.concatenate([part.answers[name] for part in parts]) for name in parts[0].answers}
    correct = {name: float((p.argmax(axis=1) == truth).mean()) for name, p in answers.items()}
    return Result(
        parts=parts,
        accuracy=correct.pop(""),
        spread=float(np.std([part.accuracy for part in parts], ddof=1)) if len(parts) > 1 else None,
        without=correct,
        seconds=float(np.mean([part.seconds for part in parts])),
        planned=float(np.mean([part.planned for part in parts])),
        values=metric_values(truth, answers[""]),
    )
