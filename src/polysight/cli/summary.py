"""Summary: the numbers of a run in the few lines a terminal has room for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

_WHERE = {
    "test": "the test table",
    "holdout": "rows held out before training",
    "nested_cv": "all rows, by nested cross-validation",
}


def summary(metrics: Mapping[str, Any], folder: Path | None) -> str:
    """The main numbers, the best single input, what fusion gains, what a reader must know, and where to look on."""
    from polysight.evaluation.sentences import sentence

    lines = [f"measured on {metrics['n']} rows: {_WHERE[metrics['evaluated_on']]}"]
    for name, part in metrics.get("targets", {"": metrics}).items():
        lines += [f"{name}:"] if name else []
        lines += _target(part) if "task" in part else _classes(part)
        lines += [f"note: {sentence('en', note['code'], **note['facts'])}" for note in part.get("notes", ())]
    if metrics["stopped_by_time"]:
        lines.append("the time limit cut the plan short; a longer --time-limit may do better")
    if folder is not None:
        lines.append(f"report             {folder / 'report.html'}")
    return "\n".join(lines)


def _classes(metrics: Mapping[str, Any]) -> list[str]:
    lines = [
        f"accuracy           {share(metrics['metrics']['accuracy'])}",
        f"F1 (macro)         {share(metrics['metrics']['f1_macro'])}",
    ]
    gain = metrics["fusion_gain"]
    if gain.get("value") is not None:
        alone = metrics["baselines"][f"{gain['over']} only"]
        lines += [
            f"best single input  {share(alone)}: {gain['over']}",
            f"gain from fusion   {points(gain)} points",
            *_justified(gain, metrics["n"]),
        ]
    if remedy := metrics.get("imbalance"):
        mean = remedy["recall_macro"]
        lines.append(
            f"recall by class    mean {mean['with']:.3f} with {remedy['kind']}, {mean['without']:.3f} without: "
            f"{points(mean['gain'])} points"
        )
    return lines


def _justified(gain: Mapping[str, Any], rows: int) -> list[str]:
    """The verdict on fusion, and if these rows cannot tell, about how many could."""
    from polysight.evaluation.intervals import Estimate
    from polysight.evaluation.sentences import sentence
    from polysight.evaluation.verdict import fusion_verdict, rows_needed

    estimate = Estimate.from_json(gain)
    code = fusion_verdict(estimate)
    lines = [f"fusion justified   {sentence('en', f'told_{code}')}"]
    needed = rows_needed(estimate, rows) if code == "fusion_open" else None
    return lines if needed is None else [*lines, f"rows to tell       about {needed:,}, if that gain is real"]


#: The metrics of each kind of target that a terminal shows.
_SHOWN = {
    "classification": ("accuracy", "f1_macro"),
    "multilabel": ("f1_macro", "f1_micro", "average_precision", "exact_match"),
    "regression": ("mae", "rmse", "r2"),
}


def _target(part: Mapping[str, Any]) -> list[str]:
    lines = [f"{name:<18} {number(part['metrics'][name])}" for name in _SHOWN[part["task"]]]
    guess = next(iter(part["baselines"]))
    lines.append(f"{guess + ' alone':<18} {number(part['baselines'][guess])} ({part['headline']})")
    gain = part["fusion_gain"]
    if gain.get("value") is not None:
        alone = part["baselines"][f"{gain['over']} only"]
        lines += [
            f"best single input  {number(alone)}: {gain['over']} ({part['headline']})",
            f"gain from fusion   {number(gain)} ({part['headline']}, more is better)",
        ]
    return lines


def number(estimate: Mapping[str, float | None]) -> str:
    """A number of any size with its 95 % interval."""
    return _with_interval(estimate, 1.0, ".4g")


def share(estimate: Mapping[str, float | None]) -> str:
    """A share with its 95 % interval, as ``0.912 (0.890 to 0.931)``."""
    return _with_interval(estimate, 1.0, ".3f")


def points(estimate: Mapping[str, float | None]) -> str:
    """A difference of shares in percentage points, as ``+12.3 (+8.0 to +16.4)``."""
    return _with_interval(estimate, 100.0, "+.1f")


def _with_interval(estimate: Mapping[str, float | None], scale: float, form: str) -> str:
    value, low, high = (estimate.get(name) for name in ("value", "low", "high"))
    if value is None:
        return "-"
    text = f"{scale * value:{form}}"
    return text if low is None or high is None else f"{text} ({scale * low:{form}} to {scale * high:{form}})"
