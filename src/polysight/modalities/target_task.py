"""From a table to a task whose target is something else than one class a row: an amount, labels, several targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polysight.core.errors import ConfigError, LabelError, MissingColumnError
from polysight.data.columns import missing
from polysight.data.role import Role
from polysight.data.target_kinds.base import Truth
from polysight.data.target_kinds.detect import kind_of
from polysight.data.target_kinds.several import Targets
from polysight.data.targets import groups_of
from polysight.modalities.choice import columns_taken
from polysight.modalities.inference import infer
from polysight.modalities.inputs import Task, check_table, read_inputs, root_of, unusable

#: What the target is called when labels come without a column.
NAMELESS = "target"


@dataclass(frozen=True, eq=False, kw_only=True)
class TargetTask(Task):
    """A table understood, for any target. ``codes`` are the strata that splits keep the proportions of.

    Attributes:
        targets: What is predicted.
        truth: The target cells of each usable row as numbers; NaN where one is missing.
        cells: The target cells of each usable row as written.
    """

    targets: Targets
    truth: Truth
    cells: pd.DataFrame

    @property
    def expected(self) -> Truth:
        """The truth as numbers."""
        return self.truth

    @property
    def written(self) -> dict[str, NDArray[Any]]:
        """The target cells, as columns of a table of predictions."""
        return written_as(self.cells)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by class or label; of several targets, with its name before each."""
        found = {p.target.name: p.target.counts(self.truth[p.known(self.truth)][:, p.columns]) for p in self.targets}
        if self.targets.single:
            return next(iter(found.values()))
        return {f"{target}: {name}": rows for target, counts in found.items() for name, rows in counts.items()}

    def take(self, positions: NDArray[np.integer]) -> Self:
        """The task on some of its usable rows."""
        part: Self = super().take(positions)  # type: ignore[assignment]
        cells = self.cells.iloc[positions].reset_index(drop=True)
        return replace(part, truth=self.truth[positions], cells=cells)


def prepare_targets(  # noqa: PLR0913 - what ``prepare`` takes, and the kinds
    X: pd.DataFrame,
    y: Any,
    *,
    kinds: str | Sequence[str] = "auto",
    inputs: Mapping[str, Any] | None = None,
    group: str | None = None,
    groups: Sequence[Any] | NDArray[Any] | None = None,
    ignore: Sequence[str] = (),
    root: Path | str | None = None,
) -> TargetTask:
    """Understand and read a training table, as ``prepare`` does for classes.

    A row is used if one of its targets is there and something in it can be read.

    Args:
        X: The table.
        y: See ``target_cells``.
        kinds: The kind of each target (a name in ``TARGETS``, or ``auto``), or one for all of them.
        inputs: The inputs; None infers them.
        group: The column that names each row's group.
        groups: One group a row; overrides ``group``.
        ignore: Columns that must not be inputs.
        root: The folder relative paths start from.

    Raises:
        DataError: Empty table, unusable target, an input of which every cell is unreadable.
        ConfigError: A target, the group or an ignored column is also an input; unknown kinds.
    """
    check_table(X)
    cells, group_codes = target_cells(X, y), groups_of(X, group, groups)
    targets, truth, strata = stratified(cells, kinds)
    there = strata.notna().to_numpy()
    folder, named = root_of(X, root), [str(name) for name in cells if name in X.columns]
    taken = columns_taken(named, group, ignore)
    if not inputs:
        taken |= _giving_away(X.drop(columns=list(taken), errors="ignore"), targets, truth, folder)
    read = read_inputs(X, there, inputs, labels=strata, taken=taken, root=folder)
    rows = np.flatnonzero(read.usable)
    codes = targets.strata(truth[rows])
    return TargetTask(
        samples=read.samples.take(rows),
        codes=codes,
        classes=np.arange(codes.max() + 1),
        groups=None if group_codes is None else pd.factorize(group_codes[rows])[0],
        inputs=read.inputs,
        rows=rows,
        set_aside=(*read.samples.problems, *unusable(there, read.usable, ", ".join(str(name) for name in cells))),
        roles=read.roles,
        columns=read.columns,
        targets=targets,
        truth=truth[rows],
        cells=cells.iloc[rows].reset_index(drop=True),
    )


class Stratified(NamedTuple):
    """Targets, their truth, and a class a row that stands for it; None where no target is there."""

    targets: Targets
    truth: Truth
    strata: pd.Series


def stratified(cells: pd.DataFrame, kinds: str | Sequence[str]) -> Stratified:
    """Learn targets from their cells, and put rows into classes by them.

    Raises:
        LabelError: A column is no target of its kind.
    """
    targets = Targets.learn(cells, _kinds(cells, kinds))
    truth = targets.encode(cells)
    there = np.logical_or.reduce([part.known(truth) for part in targets])
    strata = np.full(len(cells), None, dtype=object)
    strata[there] = targets.strata(truth[there])
    return Stratified(targets, truth, pd.Series(strata))


def target_cells(X: pd.DataFrame, y: Any) -> pd.DataFrame:
    """The target cells of each row, one column a target; missing ones are None.

    Args:
        X: The table.
        y: A column name of it, several (a list), a data frame, or one cell a row.

    Raises:
        MissingColumnError: No such column; the nearest name is offered.
        LabelError: There are not as many cells as rows.
    """
    names = [y] if isinstance(y, str) else y
    if isinstance(names, list | tuple) and names and all(isinstance(name, str) for name in names):
        if len(names) < len(X) or set(names) <= set(X.columns):
            return _of_columns(X, list(names))
        y = pd.Series(list(names), dtype=object)
    if not isinstance(y, pd.DataFrame):
        name = y.name if isinstance(y, pd.Series) and isinstance(y.name, str) else NAMELESS
        y = pd.DataFrame({name: pd.Series(list(y), dtype=object)})
    if len(y) != len(X):
        raise LabelError(f"{len(y)} labels for {len(X)} rows", fix="give one label a row")
    return _clean(y)


def written_as(cells: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Target cells as columns of a table of predictions: ``target``, or ``target_<name>`` for several."""
    if cells.shape[1] == 1:
        return {"target": cells.iloc[:, 0].to_numpy()}
    return {f"target_{name}": cells[name].to_numpy() for name in cells}


def _of_columns(X: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    for name in names:
        if name not in X.columns:
            raise MissingColumnError(name, X.columns)
    if len(set(names)) < len(names):
        raise ConfigError("a target is named twice", where=", ".join(names), fix="name each once")
    return _clean(X[names])


def _clean(cells: pd.DataFrame) -> pd.DataFrame:
    columns = {str(name): cells[name].reset_index(drop=True).astype(object) for name in cells.columns}
    return pd.DataFrame({name: column.where(~missing(column), None) for name, column in columns.items()})


def _kinds(cells: pd.DataFrame, kinds: str | Sequence[str]) -> list[str]:
    """One kind a target, guessed where asked for."""
    each = [kinds] * cells.shape[1] if isinstance(kinds, str) else list(kinds)
    if len(each) != cells.shape[1]:
        raise ConfigError(f"{len(each)} kinds for {cells.shape[1]} targets", where="task", fix="give one, or one each")
    return [kind_of(cells[name]) if kind == "auto" else kind for name, kind in zip(cells, each, strict=True)]


def _giving_away(X: pd.DataFrame, targets: Targets, truth: Truth, root: Path) -> dict[str, Role]:
    """The columns that give a target after the first away; inference looks for those of the first itself."""
    found: dict[str, Role] = {}
    for part in list(targets)[1:]:
        known = part.known(truth)
        labels = pd.Series(np.full(len(X), None, dtype=object))
        labels[known] = part.target.strata(truth[known][:, part.columns])
        roles = infer(X, labels, root).roles
        found |= {name: role for name, role in roles.items() if role.code == "copy_of_target"}
    return found
