"""Which columns are inputs, and of what kind: each column's role with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from polysight.core.errors import MissingColumnError
from polysight.data.facts import Facts, sampled_rows
from polysight.data.identifiers import different_in_every_row
from polysight.data.role import Role
from polysight.data.roles import refuse, warning_of
from polysight.modalities import MODALITIES
from polysight.modalities.base import Match, Modality
from polysight.modalities.table_views import table_views

__all__ = ["Inference", "Role", "infer"]

#: Roles of columns that share one input; the input's name when no column has it, and when one has.
TABLE_ROLES = frozenset({"numeric", "categorical"})
TABLE_NAMES = ("table", "table_columns")
#: Roles of columns whose cells are the content itself, not the name of a file.
_IN_THE_CELL = TABLE_ROLES | {"text"}


@dataclass(frozen=True, eq=False)
class Inference:
    """The roles of all columns and the inputs that follow.

    Attributes:
        roles: What each column is, in the order of the table.
        inputs: The inputs: one for each column of files or text, one for each set of numbered columns (see
            ``table_views``), and one for all other table columns.
        lost: Columns that name files none of which is there, in a table of which no other file is there either:
            the root is probably wrong.
    """

    roles: Mapping[str, Role]
    inputs: Mapping[str, Modality]
    lost: tuple[str, ...] = ()


def infer(X: pd.DataFrame, labels: pd.Series, root: Path, *, ignore: Sequence[str] = ()) -> Inference:
    """Infer the role of every column of a table without its target and group.

    Args:
        X: One row a sample.
        labels: The label of each row; they serve to find columns that give the label away.
        root: The folder that relative paths start from.
        ignore: Columns that are no inputs because the user says so.

    Raises:
        MissingColumnError: ``ignore`` names a column the table does not have.
    """
    for name in ignore:
        if name not in X.columns:
            raise MissingColumnError(name, X.columns, where="ignore: the table")
    rows = sampled_rows(len(X))
    facts = [Facts(X[name], labels, root, rows) for name in X.columns if name not in ignore]
    modalities = [MODALITIES.load(kind) for kind in MODALITIES]
    judged = {fact.name: _judge(fact, modalities) for fact in facts}
    roles = {str(name): Role("ignored", "as asked", code="asked") for name in ignore}
    roles |= {name: role for name, (role, _) in judged.items()}
    kinds = {name: kind for name, (_, kind) in judged.items() if kind is not None}
    found = any(fact.names_files and fact.files_found for fact in facts)
    lost = () if found else tuple(name for name, role in roles.items() if role.code == "lost_files")
    return Inference({str(name): roles[str(name)] for name in X.columns}, _inputs(roles, kinds), lost)


def _judge(facts: Facts, modalities: Sequence[type[Modality]]) -> tuple[Role, type[Modality] | None]:
    """A column's role and the modality that takes it."""
    refused = refuse(facts)
    if refused is not None:
        return refused, None
    match, kind = _best(facts, modalities)
    if kind is None:
        what = f"names files ({_suffix(facts)})" if facts.names_files else "holds something"
        return Role("ignored", f"{what} that no modality reads", code="unread"), None
    if match.role in TABLE_ROLES and (refused := different_in_every_row(facts)) is not None:
        return refused, None
    return Role(match.role, match.reason, warning_of(facts, match.role)), kind


def _best(facts: Facts, modalities: Sequence[type[Modality]]) -> tuple[Match, type[Modality] | None]:
    """The modality most likely to read a column; the first of the registry among equals."""
    best, best_kind = Match(0.0), None
    for modality in modalities:
        match = modality.sniff(facts.seen, facts.root)
        if facts.names_files and match.role in _IN_THE_CELL:
            continue
        if match.score > best.score:
            best, best_kind = match, modality
    return best, best_kind


def _inputs(roles: Mapping[str, Role], kinds: Mapping[str, type[Any]]) -> dict[str, Modality]:
    inputs: dict[str, Modality] = {
        name: kind(columns=(name,)) for name, kind in kinds.items() if roles[name].role not in TABLE_ROLES
    }
    table = [name for name in kinds if roles[name].role in TABLE_ROLES]
    categorical = tuple(name for name in table if roles[name].role == "categorical")
    views = table_views([name for name in table if name not in categorical], categorical)
    for stem, columns in views.items():
        name = stem if stem not in inputs else f"{stem}_columns"
        inputs[name] = kinds[columns[0]](columns=columns, categorical=())
    rest = tuple(name for name in table if not any(name in columns for columns in views.values()))
    if rest:
        free = next(name for name in (*TABLE_NAMES, "table_inputs") if name not in inputs)
        inputs[free] = kinds[rest[0]](columns=rest, categorical=categorical)
    return inputs


def _suffix(facts: Facts) -> str:
    return Path(facts.text.iloc[0]).suffix.lower()
