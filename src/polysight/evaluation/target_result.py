"""The numbers about one or several targets on one set of rows, each with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from polysight.evaluation.intervals import Estimate
from polysight.evaluation.named_metrics import NamedMetrics, from_plain, to_plain
from polysight.evaluation.notebook import framed, listed, metric_rows, table
from polysight.evaluation.result import Note


@dataclass(frozen=True, eq=False)
class TargetEvaluation(NamedMetrics):
    """One target: metrics by name (``ev["mae"].low``) and what stands around them.

    Attributes:
        task: ``regression``, ``multilabel`` or ``classification``.
        n: Rows evaluated.
        headline: The metric that baselines and the gain are told in.
        better: 1 if more of it is better, -1 if less is.
        metrics: Every metric.
        baselines: The headline of answers that look at nothing, and at each input alone.
        fusion_gain: By how much all inputs together are better than ``best_single`` alone, in the headline.
        best_single: The input that gain is measured against; empty where there is only one.
        missing: Every metric with one input missing.
        labels: For each label its metrics and rows; empty where there are no labels.
        notes: What a reader must know.
    """

    task: str
    n: int
    headline: str
    better: int
    metrics: Mapping[str, Estimate]
    baselines: Mapping[str, Estimate]
    fusion_gain: Estimate
    best_single: str
    missing: Mapping[str, Mapping[str, Estimate]]
    labels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        plain = {
            "task": self.task,
            "n": self.n,
            "headline": self.headline,
            "better": self.better,
            "metrics": to_plain(self.metrics),
            "baselines": to_plain(self.baselines),
            "fusion_gain": {**self.fusion_gain.to_json(), "over": self.best_single},
            "missing": {name: to_plain(metrics) for name, metrics in self.missing.items()},
            "notes": [{"code": note.code, "facts": dict(note.facts)} for note in self.notes],
        }
        return plain | ({"per_label": dict(self.labels)} if self.labels else {})

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The way back from ``to_json``."""
        return cls(
            task=plain["task"],
            n=plain["n"],
            headline=plain["headline"],
            better=plain["better"],
            metrics=from_plain(plain["metrics"]),
            baselines=from_plain(plain["baselines"]),
            fusion_gain=Estimate.from_json(plain["fusion_gain"]),
            best_single=plain["fusion_gain"]["over"],
            missing={name: from_plain(metrics) for name, metrics in plain["missing"].items()},
            labels=plain.get("per_label", {}),
            notes=tuple(Note(note["code"], note["facts"]) for note in plain["notes"]),
        )


@dataclass(frozen=True, eq=False)
class TargetsEvaluation(NamedMetrics):
    """Everything measured of a model: by metric where it predicts one target, by ``target.metric`` where several.

    Attributes:
        targets: The numbers of each target.
    """

    targets: Mapping[str, TargetEvaluation]

    @cached_property
    def metrics(self) -> Mapping[str, Estimate]:  # type: ignore[override]
        """All metrics by the names they are asked for by."""
        if len(self.targets) == 1:
            return dict(next(iter(self.targets.values())).metrics)
        return {f"{name}.{metric}": e for name, one in self.targets.items() for metric, e in one.metrics.items()}

    def to_json(
        self,
        *,
        evaluated_on: str,
        leaderboard: Sequence[Mapping[str, Any]] = (),
        seconds: Mapping[str, float] | None = None,
        stopped_by_time: bool = False,
    ) -> dict[str, Any]:
        """The content of ``metrics.json``; see ``Evaluation.to_json``. Several targets stand under ``targets``."""
        run = {
            "leaderboard": [dict(member) for member in leaderboard],
            "evaluated_on": evaluated_on,
            "stopped_by_time": stopped_by_time,
            "seconds": dict(seconds or {}),
        }
        if len(self.targets) == 1:
            return next(iter(self.targets.values())).to_json() | run
        parts = {name: one.to_json() for name, one in self.targets.items()}
        rows = max(one.n for one in self.targets.values())
        return {"task": "multitask", "n": rows, "metrics": to_plain(self.metrics), "targets": parts, **run}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any], name: str = "target") -> Self:
        """The way back from ``to_json``; ``name`` names a single target."""
        parts = plain.get("targets", {name: plain})
        return cls({key: TargetEvaluation.from_json(part) for key, part in parts.items()})

    def _repr_html_(self) -> str:
        """The metrics as a table, for notebooks."""
        shown = table("95 % intervals", ("", "value", "95 % interval"), metric_rows(self.metrics, "{:.4g}".format))
        notes = [note.text() for one in self.targets.values() for note in one.notes]
        return framed(listed(notes), shown)
