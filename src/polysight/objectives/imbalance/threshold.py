"""Threshold: nothing is taught otherwise; the class said is the one whose probability is largest for its share.

Source: Menon, Jayasumana, Rawat, Jain, Veit, Kumar, Long-tail Learning via Logit Adjustment, ICLR 2021 (post hoc).
Departures: the power of the share (the paper's tau) is chosen on rows left out, between that of accuracy and that of
macro-recall.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field

from polysight.objectives.imbalance.base import Remedy
from polysight.objectives.imbalance.decision import best_power


@dataclass(frozen=True)
class Threshold(Remedy):
    """Probabilities stay as they are; ``predict`` divides each by a power of its class's share of the training rows.

    Attributes:
        power: 0 says the likeliest class, 1 the best for macro-recall; None chooses on rows left out (``best_power``),
            and takes 1 where there are none.
    """

    kind: ClassVar[str] = "threshold"
    acts_on: ClassVar[tuple[str, ...]] = ("features", "network", "decision")
    retrains: ClassVar[bool] = False

    power: Annotated[float, Field(ge=0, le=1)] | None = None

    @property
    def judges(self) -> bool:
        """Whether the power is to be chosen."""
        return self.power is None

    def decision(
        self,
        prior: Float[np.ndarray, " class"],
        answers: Float[np.ndarray, "row class"] | None = None,
        codes: Int[np.ndarray, " row"] | None = None,
    ) -> Float[np.ndarray, " class"]:
        """``share ^ -power``; see ``Remedy.decision``."""
        power = self.power
        if power is None:
            power = 1.0 if answers is None or codes is None else best_power(answers, codes, prior)
        return prior**-power
