"""A finished run that is asked to go on: its metrics, if what it is asked for is what it did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from polysight.core.errors import ConfigError, DataError
from polysight.runs.config import RunConfig, read_yaml, settings_seen_from
from polysight.runs.folder import RunFolder


def finished_metrics(folder: RunFolder, config: RunConfig, data: Mapping[str, Any]) -> dict[str, Any]:
    """The metrics of a finished run.

    Args:
        folder: The folder of the run.
        config: What is asked for now, every input named.
        data: What the training table is now (see ``description``).

    Raises:
        ConfigError: The run had other settings or learned from other data.
        DataError: A file of the run is damaged.
    """
    earlier = RunConfig.from_mapping(read_yaml(folder / "config.yaml"), where=str(folder / "config.yaml"))
    then, now = (settings_seen_from(folder.path, settings) for settings in (earlier, config))
    differing = [name for name in now if now[name] != then[name]]
    if _read(folder, "data.json").get("fingerprint") != data["fingerprint"]:
        differing.append("the data")
    if differing:
        raise ConfigError(
            f"this run is finished, and what is asked for differs in: {', '.join(differing)}",
            where=str(folder.path),
            fix="leave out --resume to train anew in its place, or choose another folder with --out",
        )
    return _read(folder, "metrics.json")


def _read(folder: RunFolder, name: str) -> dict[str, Any]:
    try:
        content = json.loads((folder / name).read_text(encoding="utf-8"))
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise DataError("is damaged", where=str(folder / name), fix="leave out --resume to train anew in its place")
    return content
