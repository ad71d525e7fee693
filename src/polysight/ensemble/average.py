"""Averages of votes: the plain mean, and what averages with learned weights share."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

import numpy as np
from jaxtyping import Float, Int

from polysight.ensemble.combiner import Ballot, Combiner


class Average(Combiner, ABC):
    """A weighted mean of the votes that are there, their weights scaled to sum to one.

    Where only members without weight are there, it is their plain mean: an answer of little worth is worth more than
    none. Members that ``fit`` has not seen have no weight.

    Attributes:
        weights_: The weights by member; they sum to one, and members without weight are left out.
    """

    weights_: dict[str, float]

    def weight_of(self, name: str) -> float | None:
        """Its weight among all members, whether they voted or not."""
        return self.weights_.get(name, 0.0)

    def _answer(self, ballot: Ballot) -> Float[np.ndarray, "row class"]:
        return weighted_mean(ballot, np.array([self.weights_.get(name, 0.0) for name in ballot.names]))


class Mean(Combiner):
    """The plain mean of the votes that are there; learns nothing but the prior."""

    kind: ClassVar[str] = "mean"
    must_learn: ClassVar[bool] = False

    def __init__(self, prior: Float[np.ndarray, " class"] | None = None) -> None:
        self.prior = prior

    def _learn(
        self, ballot: Ballot, codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None
    ) -> None: ...

    def _answer(self, ballot: Ballot) -> Float[np.ndarray, "row class"]:
        return weighted_mean(ballot, np.ones(len(ballot.names)))


def weighted_mean(ballot: Ballot, weights: Float[np.ndarray, " member"]) -> Float[np.ndarray, "row class"]:
    """The mean of the votes that are there by weight; the plain one in rows where these weigh nothing."""
    share = weights[:, None] * ballot.present
    share = np.where(share.sum(axis=0) > 0, share, ballot.present)
    return np.einsum("mr,mrc->rc", share, ballot.values) / np.maximum(share.sum(axis=0), 1e-300)[:, None]
