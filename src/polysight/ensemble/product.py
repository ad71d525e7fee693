"""Product of experts: each modality's evidence multiplied, the prior counted once.

Source: Hinton, "Products of Experts", ICANN 1999; as a logarithmic opinion pool, Genest and Zidek 1986.
If modalities are independent given the class, the posterior is p(y | all) ~ p(y) * prod_m p(y | m) / p(y): the
product corrected for the prior. Departures: an exponent for each modality, shrunk towards the one that theory
gives (Gaussian penalty), because experts are neither independent nor perfectly calibrated. A missing modality
contributes nothing, exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from polysight.learners.calibration import log_probabilities


class ProductOfExperts:
    """Combine one expert a modality.

    Args:
        prior: Class probabilities in training, [class].
        exponents: Exponent of each expert; None means 1 until ``fit`` finds better ones.
        shrinkage: Strength of the pull towards 1, in rows.
    """

    def __init__(
        self,
        prior: Float[np.ndarray, " class"],
        exponents: Mapping[str, float] | None = None,
        shrinkage: float = 10.0,
    ) -> None:
        self.prior = prior
        self.shrinkage = shrinkage
        self.exponents_ = dict(exponents or {})

    def fit(self, experts: Mapping[str, Float[np.ndarray, "row class"]], codes: Int[np.ndarray, " row"]) -> Self:
        """Find the exponents (at least 0, at most 3) by log-loss on out-of-fold rows."""
        names = list(experts)
        evidence = np.stack([self._evidence(experts[name]) for name in names])
        rows = np.arange(len(codes))
        truth = evidence[:, rows, codes]

        def loss(exponents: Float[np.ndarray, " expert"]) -> tuple[float, Float[np.ndarray, " expert"]]:
            log_p = log_softmax(np.log(self.prior) + np.einsum("e,erc->rc", exponents, evidence), axis=1)
            expected = np.einsum("rc,erc->er", np.exp(log_p), evidence)
            pull = exponents - 1.0
            value = -log_p[rows, codes].sum() + 0.5 * self.shrinkage * float(pull @ pull)
            return float(value), (expected - truth).sum(axis=1) + self.shrinkage * pull

        found = minimize(loss, np.ones(len(names)), jac=True, method="L-BFGS-B", bounds=[(0.0, 3.0)] * len(names))
        self.exponents_ = {name: float(exponent) for name, exponent in zip(names, found.x, strict=True)}
        return self

    def transform(self, experts: Mapping[str, Float[np.ndarray, "row class"]]) -> Float[np.ndarray, "row class"]:
        """The corrected product of the given experts; those not given are missing."""
        total = np.log(self.prior) + sum(
            self.exponents_.get(name, 1.0) * self._evidence(expert) for name, expert in experts.items()
        )
        return softmax(total, axis=1)

    def _evidence(self, probabilities: Float[np.ndarray, "row class"]) -> Float[np.ndarray, "row class"]:
        return log_probabilities(probabilities) - np.log(self.prior)
