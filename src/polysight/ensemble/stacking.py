"""Stacking: multinomial logistic regression on the members' log-odds and on which votes are there.

Source: Wolpert, "Stacked generalization", Neural Networks 1992; regularised as in Ting and Witten, "Issues in
Stacked Generalization", JAIR 1999. Features are centred log-probabilities of each vote (zeros where it is missing)
and one indicator a member of its absence.
Departures: coefficients are pulled towards the geometric mean of the votes instead of zero, so that the most that few
rows can cost is the gain over it; the strength of the pull is chosen by folds (whole groups together); under 300 rows,
or 15 in the rarest class, stacking is refused, because it overfits there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from polysight.core.errors import DataError
from polysight.data.splits import folds
from polysight.ensemble.combiner import Ballot, Combiner, Refusal
from polysight.learners.calibration import FLOOR

#: Fewer rows than these, and stacking is refused.
LEAST_ROWS = 300
LEAST_RAREST = 15
#: Log-odds are kept in these bounds: one sure and wrong vote must not steer the fit.
LIMIT = np.log(1e-4)


class Stacking(Combiner):
    """A linear model of votes.

    Args:
        strengths: Pulls to choose from, in rows: the weight of half the squared distance of all coefficients.
        folds: Folds that choose among them.
        random_state: The seed of the folds.
        prior: Class probabilities in training; None counts them.

    Attributes:
        strength_: The pull that was chosen.
        members_: The members, in the order of the coefficients.
        coefficients_: [feature, class]: each member's log-odds, then each member's absence.
        intercept_: [class].
        left_out_: The answers to the rows fitted on by models of the chosen pull that did not see them; None where
            groups could not be divided. Not saved.
    """

    kind: ClassVar[str] = "stacking"

    def __init__(
        self,
        strengths: Sequence[float] = (3.0, 10.0, 30.0, 100.0, 300.0),
        folds: int = 5,
        random_state: int = 0,
        prior: Float[np.ndarray, " class"] | None = None,
    ) -> None:
        self.strengths = strengths
        self.folds = folds
        self.random_state = random_state
        self.prior = prior

    def refusal(self, codes: Int[np.ndarray, " row"], classes: int) -> Refusal | None:
        """Under 300 rows or 15 of some class."""
        rarest = int(np.bincount(codes, minlength=classes).min())
        if len(codes) >= LEAST_ROWS and rarest >= LEAST_RAREST:
            return None
        return Refusal(
            f"{len(codes)} rows, {rarest} in the rarest class: too few to stack on",
            f"give {LEAST_ROWS} rows and {LEAST_RAREST} of each class, or combine by product, mean or greedy",
        )

    def _learn(self, ballot: Ballot, codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None) -> None:
        self.members_ = list(ballot.names)
        features, pooled = self._features(ballot), _pooled(ballot)
        self.strength_, self.left_out_ = self._choose(features, pooled, codes, groups)
        self.coefficients_, self.intercept_ = fit_offsets(features, pooled, codes, self.strength_)

    def to_state(self) -> dict[str, Any]:
        """Options and what answering needs."""
        state = super().to_state()
        state["learned"].pop("left_out_", None)
        return state

    def _choose(
        self,
        features: Float[np.ndarray, "row feature"],
        pooled: Float[np.ndarray, "row class"],
        codes: Int[np.ndarray, " row"],
        groups: Int[np.ndarray, " row"] | None,
    ) -> tuple[float, Float[np.ndarray, "row class"] | None]:
        strengths = sorted(self.strengths, reverse=True)
        try:
            parts = folds(codes, groups, n=self.folds, seed=self.random_state)
        except DataError:
            # One group tells nothing about others: the strongest pull does least harm.
            return float(strengths[0]), None
        answers = np.zeros((len(strengths), *pooled.shape))
        for train, judge in parts:
            start = None
            for number, strength in enumerate(strengths):
                start = fit_offsets(features[train], pooled[train], codes[train], strength, start)
                answers[number, judge] = softmax(pooled[judge] + features[judge] @ start[0] + start[1], axis=1)
        losses = -np.log(np.maximum(answers[:, np.arange(len(codes)), codes], FLOOR)).mean(axis=1)
        best = int(losses.argmin())
        return float(strengths[best]), answers[best]

    def _answer(self, ballot: Ballot) -> Float[np.ndarray, "row class"]:
        known = ballot.among(self.members_)
        return softmax(_pooled(known) + self._features(known) @ self.coefficients_ + self.intercept_, axis=1)

    def _features(self, ballot: Ballot) -> Float[np.ndarray, "row feature"]:
        odds = log_odds(ballot)
        return np.column_stack([*odds, *~ballot.present]).astype(np.float64)


def log_odds(ballot: Ballot) -> Float[np.ndarray, "member row class"]:
    """Log-probabilities less their mean over classes; zeros where a vote is missing."""
    logs = np.log(np.maximum(ballot.values, np.exp(LIMIT)))
    return np.where(ballot.present[..., None], logs - logs.mean(axis=2, keepdims=True), 0.0)


def _pooled(ballot: Ballot) -> Float[np.ndarray, "row class"]:
    """The logarithm of the geometric mean of the votes that are there, up to a constant."""
    return log_odds(ballot).sum(axis=0) / np.maximum(ballot.present.sum(axis=0), 1)[:, None]


def fit_offsets(
    features: Float[np.ndarray, "row feature"],
    start: Float[np.ndarray, "row class"],
    codes: Int[np.ndarray, " row"],
    strength: float,
    near: tuple[Float[np.ndarray, "feature class"], Float[np.ndarray, " class"]] | None = None,
) -> tuple[Float[np.ndarray, "feature class"], Float[np.ndarray, " class"]]:
    """Penalised multinomial logistic regression on top of scores that are there already.

    Args:
        features: The features.
        start: Scores of each class before anything is learned.
        codes: The class of each row.
        strength: The weight of half the squared coefficients; the intercept goes free but for a thousandth of it.
        near: Coefficients and intercept to begin from, such as those of another strength.

    Returns:
        Coefficients and intercept.
    """
    rows, width, classes = np.arange(len(codes)), features.shape[1], start.shape[1]
    design = np.column_stack([features, np.ones(len(codes))])
    pull = np.append(np.full(width, strength), 1e-3 * strength)[:, None]
    onehot = np.zeros_like(start)
    onehot[rows, codes] = 1.0

    def loss(flat: Float[np.ndarray, " parameter"]) -> tuple[float, Float[np.ndarray, " parameter"]]:
        matrix = flat.reshape(width + 1, classes)
        log_p = log_softmax(start + design @ matrix, axis=1)
        gradient = design.T @ (np.exp(log_p) - onehot) + pull * matrix
        return float(-log_p[rows, codes].sum() + 0.5 * (pull * matrix**2).sum()), gradient.ravel()

    first = np.zeros((width + 1) * classes) if near is None else np.vstack(near).ravel()
    found = minimize(loss, first, jac=True, method="L-BFGS-B", options={"maxiter": 300, "ftol": 1e-7})
    matrix = found.x.reshape(width + 1, classes)
    return matrix[:-1], matrix[-1]
