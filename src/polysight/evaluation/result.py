"""Evaluation: the numbers about one model on one set of rows, each with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Self

import numpy as np
from jaxtyping import Int

from polysight.evaluation.intervals import Estimate
from polysight.evaluation.named_metrics import NamedMetrics, from_plain, to_plain
from polysight.evaluation.sentences import sentence
from polysight.evaluation.studies import STUDIES

#: What is told of a class, with intervals; the last three are unknown in files written before they were told.
_OF_CLASS = ("precision", "recall", "f1", "roc_auc", "average_precision", "prevalence")
_UNKNOWN: Mapping[str, Any] = {"reason": "not_measured"}


@dataclass(frozen=True)
class ClassScores:
    """One class: how it is decided on, how it is ranked, and its rows in the truth and in the predictions.

    Attributes:
        precision: The share of rows said to be of the class that are.
        recall: The share of its rows that are found.
        f1: The harmonic mean of both.
        roc_auc: How often one of its rows has a higher probability of it than another row.
        average_precision: The mean precision down the rows by that probability; by chance it is the prevalence.
        prevalence: The share of rows that are of the class.
        support: Its rows.
        predicted: The rows said to be of it.
    """

    precision: Estimate
    recall: Estimate
    f1: Estimate
    roc_auc: Estimate
    average_precision: Estimate
    prevalence: Estimate
    support: int
    predicted: int

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        estimates = {name: getattr(self, name).to_json() for name in _OF_CLASS}
        return {**estimates, "support": self.support, "predicted": self.predicted}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The way back from ``to_json``."""
        estimates = {name: Estimate.from_json(plain.get(name, _UNKNOWN)) for name in _OF_CLASS}
        return cls(**estimates, support=plain["support"], predicted=plain["predicted"])


@dataclass(frozen=True)
class Note:
    """Something a reader must know about the numbers: a stable word and the facts of its sentence."""

    code: str
    facts: Mapping[str, Any]

    def text(self, lang: str = "en") -> str:
        """The sentence."""
        return sentence(lang, self.code, **self.facts)


@dataclass(frozen=True, eq=False)
class Evaluation(NamedMetrics):
    """Metrics by name (``ev["f1_macro"].low``) and what stands around them.

    Attributes:
        n: Rows evaluated.
        classes: The labels, in the order of every table here.
        metrics: The twelve metrics of the contract.
        per_class: What is told of each class, in the order of ``classes``.
        confusion: Rows by true class (first axis) and predicted class; rows of unseen labels are not in it.
        baselines: Accuracy of guessing the majority class and of each input alone.
        fusion_gain: By how much all inputs together are more accurate than ``best_single`` alone.
        best_single: The input that gain is measured against; empty where there is only one.
        missing: Every metric with one input missing.
        notes: What a reader must know.
        studies: The answers of the studies, by kind, as plain data.
    """

    n: int
    classes: tuple[Any, ...]
    metrics: Mapping[str, Estimate]
    per_class: tuple[ClassScores, ...]
    confusion: Int[np.ndarray, "class class"]
    baselines: Mapping[str, Estimate]
    fusion_gain: Estimate
    best_single: str
    missing: Mapping[str, Mapping[str, Estimate]]
    notes: tuple[Note, ...] = ()
    studies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def to_json(
        self,
        *,
        evaluated_on: str,
        leaderboard: Sequence[Mapping[str, Any]] = (),
        seconds: Mapping[str, float] | None = None,
        stopped_by_time: bool = False,
    ) -> dict[str, Any]:
        """The content of ``metrics.json``.

        Args:
            evaluated_on: ``test``, ``holdout`` or ``nested_cv``.
            leaderboard: What each member scored in selection.
            seconds: How long fitting and predicting took.
            stopped_by_time: Whether the time limit cut the plan short.
        """
        return {
            "n": self.n,
            "metrics": to_plain(self.metrics),
            "per_class": {str(c): s.to_json() for c, s in zip(self.classes, self.per_class, strict=True)},
            "confusion": self.confusion.tolist(),
            "classes": list(self.classes),
            "baselines": to_plain(self.baselines),
            "fusion_gain": {**self.fusion_gain.to_json(), "over": self.best_single},
            "missing": {name: to_plain(metrics) for name, metrics in self.missing.items()},
            "leaderboard": [dict(member) for member in leaderboard],
            "evaluated_on": evaluated_on,
            "stopped_by_time": stopped_by_time,
            "seconds": dict(seconds or {}),
            "notes": [{"code": note.code, "facts": dict(note.facts)} for note in self.notes],
            **self.studies,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The way back from ``to_json``; parts that are not there are empty."""
        classes = tuple(plain["classes"])
        gain = plain.get("fusion_gain", {})
        return cls(
            n=plain["n"],
            classes=classes,
            metrics=from_plain(plain["metrics"]),
            per_class=tuple(ClassScores.from_json(plain["per_class"][str(label)]) for label in classes),
            confusion=np.asarray(plain["confusion"], dtype=np.int64),
            baselines=from_plain(plain.get("baselines", {})),
            fusion_gain=Estimate.from_json(gain),
            best_single=gain.get("over", ""),
            missing={name: from_plain(metrics) for name, metrics in plain.get("missing", {}).items()},
            notes=tuple(Note(note["code"], note["facts"]) for note in plain.get("notes", ())),
            studies={kind: plain[kind] for kind in STUDIES if kind in plain},
        )

    def _repr_html_(self) -> str:
        """The metrics as a table, for notebooks."""
        notes = "".join(f"<li>{escape(note.text())}</li>" for note in self.notes)
        return self._table(f"{self.n} rows, 95 % intervals", ".3f") + f"<ul>{notes}</ul>"
