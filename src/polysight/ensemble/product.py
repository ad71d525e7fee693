"""Product of experts: each modality's evidence multiplied, the prior counted once.

Source: Hinton, "Products of Experts", ICANN 1999; as a logarithmic opinion pool, Genest and Zidek 1986.
If modalities are independent given the class, the posterior is p(y | all) ~ p(y) * prod_m p(y | m) / p(y): the
product corrected for the prior. Departures: an exponent for each modality, shrunk towards the one that theory
gives (Gaussian penalty), because experts are neither independent nor perfectly calibrated. A missing modality
contributes nothing, exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from polysight.ensemble.combiner import Ballot, Combiner
from polysight.learners.calibration import log_probabilities


class ProductOfExperts(Combiner):
    """Combine one expert a modality.

    Args:
        prior: Class probabilities in training, [class]; None counts them in ``fit``.
        exponents: Exponent of each expert; 1 for those not named. ``fit`` finds better ones.
        shrinkage: Strength of the pull towards 1, in rows.

    Attributes:
        exponents_: The exponents found, at least 0, at most 3.
    """

    kind: ClassVar[str] = "product"
    must_learn: ClassVar[bool] = False

    def __init__(
        self,
        prior: Float[np.ndarray, " class"] | None = None,
        exponents: Mapping[str, float] | None = None,
        shrinkage: float = 10.0,
    ) -> None:
        self.prior = prior
        self.exponents = exponents
        self.shrinkage = shrinkage

    def weight_of(self, name: str) -> float | None:
        """Its exponent."""
        return dict(getattr(self, "exponents_", self.exponents or {})).get(name, 1.0)

    def _learn(self, ballot: Ballot, codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None) -> None:
        evidence = self._evidence(ballot)
        rows = np.arange(len(codes))
        truth = evidence[:, rows, codes]

        def loss(exponents: Float[np.ndarray, " expert"]) -> tuple[float, Float[np.ndarray, " expert"]]:
            log_p = log_softmax(np.log(self.prior_) + np.einsum("e,erc->rc", exponents, evidence), axis=1)
            expected = np.einsum("rc,erc->er", np.exp(log_p), evidence)
            pull = exponents - 1.0
            value = -log_p[rows, codes].sum() + 0.5 * self.shrinkage * float(pull @ pull)
            return float(value), (expected - truth).sum(axis=1) + self.shrinkage * pull

        members = len(ballot.names)
        found = minimize(loss, np.ones(members), jac=True, method="L-BFGS-B", bounds=[(0.0, 3.0)] * members)
        self.exponents_ = {name: float(exponent) for name, exponent in zip(ballot.names, found.x, strict=True)}

    def _answer(self, ballot: Ballot) -> Float[np.ndarray, "row class"]:
        known = getattr(self, "exponents_", self.exponents or {})
        exponents = np.array([known.get(name, 1.0) for name in ballot.names])
        total = np.einsum("e,erc->rc", exponents, self._evidence(ballot))
        return softmax(np.log(self._known_prior()) + total, axis=1)

    def _evidence(self, ballot: Ballot) -> Float[np.ndarray, "expert row class"]:
        """What each expert adds to the log-prior: nothing where it is missing."""
        evidence = log_probabilities(ballot.values) - np.log(self._known_prior())
        return np.where(ballot.present[..., None], evidence, 0.0)
