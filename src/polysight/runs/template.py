"""Template: a commented polysight.yaml that trains what would have been inferred, and says why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from polysight.core.errors import MissingColumnError
from polysight.data.table import read_table
from polysight.modalities.inference import Inference, Role, infer
from polysight.modalities.inputs import root_of
from polysight.runs.config import RunConfig, relative_path
from polysight.runs.understand import refuse_amounts, specs_of


def look_at(config: RunConfig) -> tuple[pd.DataFrame, Inference]:
    """Read a table and infer what its columns are.

    Raises:
        DataError: The table, its target or its group are not usable.
    """
    frame = read_table(config.table, root=config.root)
    special = [name for name in (config.target, config.group) if name is not None]
    for column in special:
        if column not in frame.columns:
            raise MissingColumnError(column, frame.columns, where=config.table)
    if config.task == "auto":
        refuse_amounts(frame[config.target])
    found = infer(frame.drop(columns=special), frame[config.target], root_of(frame), ignore=config.ignore)
    return frame, found


def commented(config: RunConfig, frame: pd.DataFrame, found: Inference, path: Path) -> str:
    """The text of ``polysight.yaml``, to be written at ``path``: settings, inputs with reasons, what is not used."""
    labels = frame[config.target]
    head = {
        "table": relative_path(config.table, path.parent),
        "test": relative_path(config.test, path.parent) if config.test else None,
        "root": relative_path(config.root, path.parent) if config.root else None,
    }
    lines = [
        "# polysight: what to learn from, and how.",
        f"# To train: polysight train --config {path}",
        *(_setting(name, value) for name, value in head.items() if value is not None),
        _setting("target", config.target) + f"  # {labels.nunique()} classes in {len(frame)} rows",
    ]
    if config.group is not None:
        lines.append(_setting("group", config.group) + "  # rows of one group stay on one side of every split")
    else:
        lines.append("# group: patient_id  # if rows belong together (one patient, one device), name their column")
    lines += ["", "inputs:"]
    for name, spec in specs_of(found.inputs).items():
        lines += [f"  # {column}: {_reason(found.roles[column])}" for column in spec["columns"]]
        lines.append(f"  {_inline(name)}: {_inline(spec)}")
    lines += _not_used(found.roles, {column for m in found.inputs.values() for column in m.columns})
    lines += [
        "",
        f"preset: {config.preset}  # quick, good or best",
        _setting("time_limit", config.time_limit) if config.time_limit else "# time_limit: 10m",
        f"seed: {config.seed}",
        "# Without a learner the preset chooses and combines several. To train one network instead:",
        "# learner: {kind: neural, fusion: {kind: gated}, epochs: 20}",
    ]
    return "\n".join(lines) + "\n"


def _not_used(roles: Mapping[str, Role], used: set[str]) -> list[str]:
    refused = {name: role for name, role in roles.items() if name not in used}
    if not refused:
        return []
    # Refused columns stay out because every input is named above; the list tells the reader why.
    return ["", "# Not used:", *(f"#   {name}: {role.role}, {_reason(role)}" for name, role in refused.items())]


def _reason(role: Role) -> str:
    text = f"{role.reason} - LOOK: {role.warning}" if role.warning else role.reason
    return " ".join(text.split())


def _setting(name: str, value: Any) -> str:
    return f"{name}: {_inline(value)}"


def _inline(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")
