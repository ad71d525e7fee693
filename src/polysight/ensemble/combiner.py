"""Combiners: several votes in, one answer out, exact whatever is missing.

A vote is one member's class probabilities for a row. Which votes are there is told by a mask, never by values: what
the mask hides cannot be seen by any combiner, because it is overwritten before a combiner looks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from jaxtyping import Bool, Float, Int
from sklearn.base import BaseEstimator

from polysight.core.errors import DataError, NotFittedError

#: Probabilities by member, all for the same rows and classes.
Votes = Mapping[str, Float[np.ndarray, "row class"]]


@dataclass(frozen=True)
class Refusal:
    """Why a combiner is not fitted on some rows, and what would help."""

    reason: str
    fix: str


@dataclass(frozen=True, eq=False)
class Ballot:
    """Votes stacked in sorted order of members, so that the order they came in cannot matter.

    Attributes:
        names: The members.
        values: Probabilities; zeros where the vote is missing.
        present: Which votes are there.
    """

    names: tuple[str, ...]
    values: Float[np.ndarray, "member row class"]
    present: Bool[np.ndarray, "member row"]

    @classmethod
    def of(cls, votes: Votes, present: Bool[np.ndarray, "row member"] | None = None) -> Ballot:
        """Stack votes; the columns of ``present`` are in the order of ``votes``, None means that nothing is missing.

        Raises:
            DataError: No votes, votes of different shape, a mask that does not fit them, or a present vote that
                is not finite.
        """
        given = list(votes)
        if len({votes[name].shape for name in given}) != 1:
            raise DataError(
                "combining needs at least one vote, and votes of one shape",
                where=f"the votes of {', '.join(given) or 'nobody'}",
                fix="give each member's probabilities for the same rows and classes",
            )
        rows = len(votes[given[0]])
        there = np.ones((rows, len(given)), dtype=bool) if present is None else np.asarray(present, dtype=bool)
        if there.shape != (rows, len(given)):
            raise DataError(
                f"the mask has shape {there.shape}, the votes need {(rows, len(given))}",
                where="present",
                fix="one row a sample, one column a member in the order of the votes",
            )
        names = sorted(given)
        there = there.T[[given.index(name) for name in names]]
        values = np.where(there[..., None], np.stack([votes[name] for name in names]), 0.0)
        broken = ~np.isfinite(values).all(axis=(1, 2))
        if broken.any():
            first = names[int(broken.argmax())]
            raise DataError("a vote is not finite", where=first, fix="mask rows in which a member has no vote")
        return cls(tuple(names), values, there)

    def take(self, rows: Int[np.ndarray, " some"] | Bool[np.ndarray, " row"]) -> Ballot:
        """The votes on some rows."""
        return Ballot(self.names, self.values[:, rows], self.present[:, rows])

    def among(self, members: Sequence[str]) -> Ballot:
        """The votes of these members, in sorted order; a member that did not vote is missing in every row."""
        names = sorted(members)
        _, rows, classes = self.values.shape
        values, present = np.zeros((len(names), rows, classes)), np.zeros((len(names), rows), dtype=bool)
        for place, name in enumerate(names):
            if name in self.names:
                own = self.names.index(name)
                values[place], present[place] = self.values[own], self.present[own]
        return Ballot(tuple(names), values, present)


class Combiner(BaseEstimator, ABC):
    """The common part of every combiner: a scikit-learn style estimator over votes.

    The laws, held for each kind by tests: answers sum to one; rows do not depend on each other; the order of members
    is irrelevant; a missing vote has no influence; where no vote is there the answer is the prior.

    Attributes:
        must_learn: Whether it answers only after ``fit``; the others need no more than a prior.
        prior: Class probabilities in training; None counts them in ``fit``.
    """

    kind: ClassVar[str]
    must_learn: ClassVar[bool] = True
    prior: Float[np.ndarray, " class"] | None

    def fit(
        self,
        votes: Votes,
        codes: Int[np.ndarray, " row"],
        present: Bool[np.ndarray, "row member"] | None = None,
        *,
        groups: Int[np.ndarray, " row"] | None = None,
    ) -> Self:
        """Learn from votes on rows the members were not trained on.

        Args:
            votes: Probabilities by member.
            codes: The class of each row.
            present: Which votes are there, columns in the order of ``votes``; None means all.
            groups: Rows of one group are dependent: inner folds and resamples keep them together.

        Raises:
            DataError: Unusable votes, or rows that ``refusal`` refuses.
        """
        ballot = Ballot.of(votes, present)
        refused = self.refusal(codes, ballot.values.shape[2])
        if refused is not None:
            raise DataError(refused.reason, where=f"the combiner {self.kind!r}", fix=refused.fix)
        classes = ballot.values.shape[2]
        counted = (np.bincount(codes, minlength=classes) + 1.0) / (len(codes) + classes)
        self.prior_ = counted if self.prior is None else np.asarray(self.prior, dtype=np.float64)
        self._learn(ballot, codes, groups)
        return self

    def transform(
        self, votes: Votes, present: Bool[np.ndarray, "row member"] | None = None
    ) -> Float[np.ndarray, "row class"]:
        """One answer a row: probabilities that sum to one.

        A member that is not among ``votes`` is missing in every row.

        Raises:
            DataError: Unusable votes.
            NotFittedError: Something has to be learned first.
        """
        if self.must_learn and not hasattr(self, "prior_"):
            raise NotFittedError(f"this {type(self).__name__} has learned nothing yet", fix="call fit first")
        ballot = Ballot.of(votes, present)
        # Answers for rows without a vote are arbitrary until here.
        anyone = np.logical_or.reduce(ballot.present, axis=0)
        return np.where(anyone[:, None], self._answer(ballot), self._known_prior())

    def refusal(self, codes: Int[np.ndarray, " row"], classes: int) -> Refusal | None:
        """Why these rows are too few to fit this combiner on; None if they are not."""
        return None

    def weight_of(self, name: str) -> float | None:
        """How much a member counts: its weight in a mean, its exponent in a product; None where it has no number."""
        return None

    def to_state(self) -> dict[str, Any]:
        """Options and what was learned, as arrays and JSON."""
        learned = {name: value for name, value in vars(self).items() if name.endswith("_")}
        return {"kind": self.kind, "settings": self.get_params(deep=False), "learned": learned}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        self = cls(**state["settings"])
        for name, value in state["learned"].items():
            setattr(self, name, value)
        return self

    @abstractmethod
    def _learn(
        self, ballot: Ballot, codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None
    ) -> None: ...

    @abstractmethod
    def _answer(self, ballot: Ballot) -> Float[np.ndarray, "row class"]: ...

    def _known_prior(self) -> Float[np.ndarray, " class"]:
        prior = getattr(self, "prior_", self.prior)
        if prior is None:
            raise NotFittedError(f"this {type(self).__name__} has no prior yet", fix="call fit first, or give prior=")
        return np.asarray(prior, dtype=np.float64)
