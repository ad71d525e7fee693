"""Beside: one learner trained and measured on a test table, for showing beside a run; leaves no file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from polysight.core.events import listen
from polysight.evaluation.metrics import metric_values
from polysight.runs.config import RunConfig
from polysight.runs.judged import Judged
from polysight.runs.measure import fitted
from polysight.runs.understand import load, understand


@dataclass(frozen=True)
class Beside:
    """What a learner reached.

    Attributes:
        name: What it is shown as.
        loss: The mean cross-entropy of its answers to the test rows.
        accuracy: The share of them that are right.
        seconds: How long training took.
        epochs: The ``epoch`` events of the training, each with ``epoch``, ``epochs`` and ``loss``; empty for learners
            that train none.
    """

    name: str
    loss: float | None
    accuracy: float | None
    seconds: float
    epochs: list[dict[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def trained_beside(config: RunConfig, name: str) -> Beside:
    """Train the learner of a configuration on its table and judge it on its test table.

    Args:
        config: The settings, with ``learner`` and ``test``.
        name: What the learner is shown as.

    Raises:
        PolysightError: The tables or the settings do not permit it.
    """
    epochs: list[dict[str, Any]] = []

    def hear(event: str, facts: dict[str, Any]) -> None:
        if event == "epoch":
            epochs.append(facts)

    # A checkpoint of some hundred megabytes an epoch would serve nobody: there is nothing to resume.
    unkept = replace(config, learner={**(config.learner or {}), "checkpoint": None})
    task = understand(config, load(config.table, config.root))
    with listen(hear):
        model, seconds = fitted(unkept, task, Path())
    judged = Judged.of_table(model, load(config.test or "", config.root), config.target)
    values = metric_values(judged.codes, model.predict_samples(judged.samples))
    return Beside(name, values["log_loss"], values["accuracy"], seconds, epochs)
