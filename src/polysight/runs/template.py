"""Template: a commented polysight.yaml that trains what would have been inferred, and says why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from polysight.data.role import Role
from polysight.modalities.base import Modality
from polysight.runs.config import RunConfig, relative_path
from polysight.runs.understand import specs_of


def commented(config: RunConfig, inputs: Mapping[str, Modality], roles: Mapping[str, Role], path: Path) -> str:
    """The text of ``polysight.yaml``, to be written at ``path``: settings, inputs with reasons, what is not used."""
    head = {
        "table": relative_path(config.table, path.parent),
        "test": relative_path(config.test, path.parent) if config.test else None,
        "root": relative_path(config.root, path.parent) if config.root else None,
    }
    lines = [
        "# polysight: what to learn from, and how.",
        f"# To train: polysight train --config {path}",
        *(_setting(name, value) for name, value in head.items() if value is not None),
        _setting("target", config.target if isinstance(config.target, str) else list(config.target)),
    ]
    if config.group is not None:
        lines.append(_setting("group", config.group) + "  # rows of one group stay on one side of every split")
    else:
        lines.append("# group: patient_id  # if rows belong together (one patient, one device), name their column")
    if config.ignore:
        lines.append(_setting("ignore", list(config.ignore)))
    if config.task != "auto":
        lines.append(_setting("task", config.task))
    lines += ["", "inputs:"]
    for name, spec in specs_of(inputs).items():
        lines += [f"  # {_one_line(column)}: {_reason(roles[column])}" for column in spec["columns"]]
        lines.append(f"  {_inline(name)}: {_inline(spec)}")
    lines += _not_used(roles, {column for modality in inputs.values() for column in modality.columns})
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
    refused = {n: role for n, role in roles.items() if n not in used and role.role not in ("target", "group")}
    if not refused:
        return []
    # Refused columns stay out because every input is named above; the list tells the reader why.
    told = [f"#   {_one_line(name)}: {role.role}, {_reason(role)}" for name, role in refused.items()]
    return ["", "# Not used:", *told]


def _reason(role: Role) -> str:
    return _one_line(f"{role.reason} - LOOK: {role.warning}" if role.warning else role.reason)


def _one_line(text: str) -> str:
    """The text without line breaks, which would end a comment."""
    return " ".join(text.split())


def _setting(name: str, value: Any) -> str:
    return f"{name}: {_inline(value)}"


def _inline(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")
