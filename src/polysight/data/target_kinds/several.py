"""Targets: one or several targets side by side, their truths and answers as columns of one matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from polysight.core.errors import ConfigError, did_you_mean
from polysight.data.target_kinds import TARGETS
from polysight.data.target_kinds.base import Answers, Target, Truth


class Part(NamedTuple):
    """One target and where it stands.

    Attributes:
        target: The target.
        columns: Its columns of the truth.
        answers: Its columns of the answers.
    """

    target: Target
    columns: slice
    answers: slice

    def known(self, truth: Truth) -> Bool[np.ndarray, " row"]:
        """The rows whose cell is not missing."""
        return ~np.isnan(truth[:, self.columns]).any(axis=1)


@dataclass(frozen=True)
class Targets:
    """Everything one model predicts, in order."""

    targets: tuple[Target, ...]

    @classmethod
    def learn(cls, cells: pd.DataFrame, kinds: Sequence[str]) -> Self:
        """The targets that the columns of a table describe, one kind a column; missing cells are None.

        Raises:
            LabelError: A column is no target of its kind.
        """
        learned = [TARGETS.load(kind).learn(str(name), cells[name]) for name, kind in zip(cells, kinds, strict=True)]
        return cls(tuple(learned))

    def __iter__(self) -> Iterator[Part]:
        columns = pairwise(accumulate((t.columns for t in self.targets), initial=0))
        answers = pairwise(accumulate((t.answers for t in self.targets), initial=0))
        return (Part(t, slice(*c), slice(*a)) for t, c, a in zip(self.targets, columns, answers, strict=True))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that are predicted."""
        return tuple(target.name for target in self.targets)

    @property
    def single(self) -> Target | None:
        """The target, if there is but one."""
        return self.targets[0] if len(self.targets) == 1 else None

    @property
    def answers(self) -> int:
        """How many numbers the answer to a row is."""
        return sum(target.answers for target in self.targets)

    def find(self, about: str) -> tuple[Part, int | None]:
        """The target of a name; else the one of which a class or label has that name, and its place in the answer.

        Raises:
            ConfigError: Nothing is called so, or the classes of several targets are.
        """
        by_name = {part.target.name: part for part in self}
        if about in by_name:
            return by_name[about], None
        written = [(part, [str(name) for name in part.target.names]) for part in self]
        found = [(part, names.index(about)) for part, names in written if about in names]
        if len(found) == 1:
            return found[0]
        known = [name for name in dict.fromkeys([*by_name, *(n for _, names in written for n in names)]) if name]
        if found:
            homes = ", ".join(part.target.name for part, _ in found)
            raise ConfigError(f"{about!r} is an answer to {homes}", where="about", fix="name one of these targets")
        fix = did_you_mean(about, known) or f"choose one of: {', '.join(known)}"
        raise ConfigError(f"nothing that is predicted is called {about!r}", where="about", fix=fix)

    def encode(self, cells: pd.DataFrame) -> Truth:
        """Cells as numbers, NaN where a cell is missing."""
        return np.hstack([target.encode(cells[target.name]) for target in self.targets])

    def decode(self, answers: Answers) -> pd.DataFrame:
        """The cells that answers mean, one column a target."""
        return pd.DataFrame({p.target.name: p.target.decode(answers[:, p.answers]) for p in self})

    def prior(self, truth: Truth) -> Float[np.ndarray, " answer"]:
        """What is said about a row in which nothing can be read."""
        return np.concatenate([p.target.prior(truth[p.known(truth)][:, p.columns]) for p in self])

    def strata(self, truth: Truth) -> Int[np.ndarray, " row"]:
        """A number a row whose proportions splits keep: that of its first target that is not missing."""
        strata = np.full(len(truth), -1, dtype=np.int64)
        for part in self:
            rows = part.known(truth) & (strata < 0)
            if rows.any():
                strata[rows] = part.target.strata(truth[rows][:, part.columns]) + strata.max(initial=-1) + 1
        return np.unique(strata, return_inverse=True)[1]

    def to_state(self) -> list[dict[str, Any]]:
        """The targets as JSON and arrays."""
        return [target.to_state() for target in self.targets]

    @classmethod
    def from_state(cls, state: Sequence[Mapping[str, Any]]) -> Self:
        """The way back from ``to_state``."""
        return cls(tuple(TARGETS.load(target["kind"]).from_state(target) for target in state))
