"""Content: everything a report shows, read from the files of a run folder; what is not there is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from jaxtyping import Float

from polysight.core.errors import DataError, MissingFileError
from polysight.evaluation.result import Evaluation
from polysight.evaluation.target_result import TargetsEvaluation
from polysight.report.curves import Curve, curves_of
from polysight.report.predictions import Predictions, read_amounts, read_predictions

#: What was said of each row, in a run folder.
PREDICTIONS = "predictions.csv"


@dataclass(frozen=True, eq=False)
class ReportContent:
    """What a report shows. Only ``name`` is needed; sections whose facts are missing do not appear.

    Attributes:
        name: The name of the run.
        evaluation: The numbers of a classification; None for a run that has not come so far.
        outcome: The numbers of another task.
        metrics: ``metrics.json`` as it is (leaderboard, seconds, what it was evaluated on).
        data: ``data.json``.
        environment: ``environment.json``.
        settings: ``config.yaml`` as data.
        config: ``config.yaml`` as text.
        splits: Part and group of each row, from ``splits.csv``.
        set_aside: ``set_aside.csv``, all cells text.
        health: ``health.json``.
        curves: Training curves, from ``events.jsonl``.
        folder: Where the run stands; predictions are read from there when a section asks for them.
    """

    name: str
    evaluation: Evaluation | None = None
    outcome: TargetsEvaluation | None = None
    metrics: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    config: str = ""
    splits: pd.DataFrame = field(default_factory=pd.DataFrame)
    set_aside: pd.DataFrame = field(default_factory=pd.DataFrame)
    health: Mapping[str, Any] = field(default_factory=dict)
    curves: Sequence[Curve] = ()
    folder: Path | None = None

    @cached_property
    def predictions(self) -> Predictions | None:
        """What was said of each row; None for another task, or where the file is not there.

        Raises:
            DataError: The file is damaged.
        """
        if self.folder is None or self.outcome is not None:
            return None
        try:
            return read_predictions(self.folder / PREDICTIONS)
        except ValueError as error:
            raise _damaged(self.folder / PREDICTIONS, str(error)) from None

    def amounts(self, name: str = "") -> Float[np.ndarray, "row two"] | None:
        """True and predicted amounts of a target; see ``read_amounts``."""
        return None if self.folder is None else read_amounts(self.folder / PREDICTIONS, name)

    def table(self, name: str) -> pd.DataFrame:
        """A table of the run with all cells text; empty where it is not there.

        Raises:
            DataError: The file is damaged.
        """
        return pd.DataFrame() if self.folder is None else _read_csv(self.folder / name)

    def study(self, kind: str) -> Mapping[str, Any]:
        """The answer of a study, empty where it did not run."""
        found = self.metrics.get(kind)
        return found if isinstance(found, dict) else {}

    @property
    def title(self) -> str:
        """What the report is about: the target, or the run where the target is not known."""
        target = self.settings.get("target") or self.name
        return ", ".join(str(name) for name in target) if isinstance(target, list) else str(target)


def read_run(folder: Path | str) -> ReportContent:
    """Read a run folder, finished or not.

    Raises:
        MissingFileError: There is no such folder, or it holds none of the files of a run.
        DataError: A file in it is damaged.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise MissingFileError("there is no such run folder", where=str(folder))
    if not any((folder / name).exists() for name in ("config.yaml", "metrics.json", "events.jsonl", "data.json")):
        raise MissingFileError("is not a run folder", where=str(folder), fix="give the folder that train wrote")
    metrics = _read_json(folder / "metrics.json")
    config = folder / "config.yaml"
    text = config.read_text(encoding="utf-8") if config.exists() else ""
    return ReportContent(
        name=folder.resolve().name,
        evaluation=None if "task" in metrics else _evaluation(folder, metrics),
        outcome=_outcome(folder, metrics, _read_yaml(config, text)) if "task" in metrics else None,
        metrics=metrics,
        data=_read_json(folder / "data.json"),
        environment=_read_json(folder / "environment.json"),
        settings=_read_yaml(config, text),
        config=text,
        splits=_read_csv(folder / "splits.csv", ["part", "group"]),
        set_aside=_read_csv(folder / "set_aside.csv"),
        health=_read_json(folder / "health.json"),
        curves=curves_of(_read_events(folder / "events.jsonl")),
        folder=folder,
    )


def _evaluation(folder: Path, metrics: Mapping[str, Any]) -> Evaluation | None:
    if not metrics:
        return None
    try:
        return Evaluation.from_json(metrics)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(folder / "metrics.json", f"lacks or garbles {error}") from None


def _outcome(folder: Path, metrics: Mapping[str, Any], settings: Mapping[str, Any]) -> TargetsEvaluation:
    try:
        return TargetsEvaluation.from_json(metrics, str(settings.get("target") or "target"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(folder / "metrics.json", f"lacks or garbles {error}") from None


def _read_json(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _damaged(path, str(error)) from None
    if not isinstance(content, dict):
        raise _damaged(path, "it holds no object")
    return content


def _read_yaml(path: Path, text: str) -> dict[str, Any]:
    try:
        content = yaml.safe_load(text) if text else {}
    except yaml.YAMLError as error:
        raise _damaged(path, " ".join(str(error).split())) from None
    return content if isinstance(content, dict) else {}


def _read_csv(path: Path, columns: Sequence[str] = ()) -> pd.DataFrame:
    """A table as text, or a few of its columns, in which the same values come again and again."""
    if not path.exists():
        return pd.DataFrame()
    kept: dict[str, Any] = {"usecols": lambda name: name in columns, "dtype": "category"} if columns else {"dtype": str}
    try:
        return pd.read_csv(path, keep_default_na=False, index_col=False, **kept)
    except ValueError as error:
        raise _damaged(path, str(error)) from None


def _read_events(path: Path) -> list[dict[str, Any]]:
    """The events in order; a line cut off by a killed run is skipped."""
    events = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else ():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            events.append(event)
    return events


def _damaged(path: Path, why: str) -> DataError:
    return DataError(f"is damaged: {why}", where=str(path), fix="run the training again, or restore the file")
