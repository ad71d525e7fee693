"""MeanLogits: the mean of the logits of the modalities that are there.

Source: Kittler, Hatef, Duin, Matas, On Combining Classifiers, TPAMI 1998 (the product rule).
Departures: the mean of logits, a geometric mean of probabilities, instead of a product, so that being seen in
more ways does not make surer by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from polysight.fusion.decision import Decision, DecisionFusion, Opinion
from polysight.fusion.masking import equal_weights


class MeanLogits(DecisionFusion):
    """Plain late fusion: every modality that is there has one vote.

    Args:
        names: The modalities.
        classes: The number of classes.
    """

    kind: ClassVar[str] = "mean_logits"

    def forward(self, opinions: Mapping[str, Opinion]) -> Decision:
        """Decide for a batch; the weights are equal over the modalities present."""
        logits, present = self._stacked(opinions)
        weights = equal_weights(present, logits.dtype)
        return Decision((weights[..., None] * logits).sum(dim=1), weights)
