"""Which inputs a table is seen through: those the user names, or else those inferred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from polysight.core.config import build
from polysight.core.errors import ConfigError, DataError, MissingColumnError
from polysight.data.role import Role
from polysight.modalities import MODALITIES
from polysight.modalities.base import Modality
from polysight.modalities.inference import Inference, infer


def choose(
    specs: Mapping[str, Any] | None, X: pd.DataFrame, labels: pd.Series, *, taken: Mapping[str, Role], root: Path
) -> tuple[dict[str, Modality], dict[str, Role]]:
    """The inputs, and the role of every column of the table.

    Args:
        specs: The inputs as users write them, by name; None or empty: infer them.
        X: The whole table.
        labels: The label of each row.
        taken: Columns that have another role (``columns_taken``).
        root: The folder that relative paths start from.

    Raises:
        ConfigError: A spec does not fit, or names a column that is taken.
        MissingColumnError: A column that the table does not have.
        DataError: Nothing can be inferred, or no file named in the table is there.
    """
    features = X.drop(columns=[name for name, role in taken.items() if name in X.columns and role.code != "asked"])
    if specs:
        chosen = _resolve(specs, X, taken)
        roles = _named_roles(chosen, features, labels, root)
    else:
        ignore = [name for name, role in taken.items() if role.code == "asked"]
        inference = infer(features, labels, root, ignore=ignore)
        _check_inference(inference, root)
        chosen, roles = dict(inference.inputs), dict(inference.roles)
    return chosen, {name: taken.get(name) or roles[name] for name in X.columns}


def columns_taken(target: str | Sequence[str] | None, group: str | None, ignore: Sequence[str]) -> dict[str, Role]:
    """The columns that cannot be inputs, because the user gave them another role."""
    targets = [target] if isinstance(target, str) else list(target or ())
    if group is not None and group in targets:
        raise ConfigError(f"{group!r} is both the target and the group", fix="name two columns, or leave the group out")
    taken = {name: Role("ignored", "as asked", code="asked") for name in ignore}
    taken |= {} if group is None else {group: Role("group", "named as the group")}
    return taken | {name: Role("target", "named as the target") for name in targets}


def _resolve(specs: Mapping[str, Any], X: pd.DataFrame, taken: Mapping[str, Role]) -> dict[str, Modality]:
    resolved = {}
    for name, spec in specs.items():
        modality: Modality = build(MODALITIES, spec, where=f"inputs.{name}")
        columns = modality.columns or (name,)
        for column in columns:
            if column in taken:
                raise ConfigError(
                    f"the {taken[column].role} column {column!r} is also an input", where=f"inputs.{name}"
                )
            if column not in X.columns:
                raise MissingColumnError(column, X.columns, where=f"inputs.{name}: the table")
        resolved[name] = modality.with_columns(columns)
    return resolved


def _named_roles(
    chosen: Mapping[str, Modality], features: pd.DataFrame, labels: pd.Series, root: Path
) -> dict[str, Role]:
    """The roles that follow from inputs named by the user; what inference would have refused is a warning."""
    roles = {name: Role("ignored", "not among the inputs named") for name in features.columns}
    for name, modality in chosen.items():
        inferred = infer(features[list(modality.columns)], labels, root).roles
        for column in modality.columns:
            found = inferred[column]
            role = type(modality).sniff(features[column], root).role or modality.kind
            warning = f"would not be inferred: {found.reason}" if found.code else found.warning
            roles[column] = Role(role, f"named as input {name!r}", warning)
    return roles


def _check_inference(inference: Inference, root: Path) -> None:
    if inference.lost:
        raise DataError(
            f"no file named in column {', '.join(inference.lost)} is there",
            where=str(root),
            fix=f"check --root, or leave the column out: --ignore {inference.lost[0]}",
        )
    if not inference.inputs:
        reasons = "; ".join(f"{name}: {role.reason}" for name, role in inference.roles.items())
        raise DataError(
            f"no column can serve as an input ({reasons})", fix="name the inputs with inputs= or in the YAML file"
        )
