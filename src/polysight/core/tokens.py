"""Tokens: what every encoder gives and every fusion takes. Absence is part of the type."""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Bool, Float
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Tokens:
    """A batch of token sequences, each token present or not.

    Attributes:
        values: One vector a token; whatever an absent token holds must never reach a result.
        present: Which tokens are there; a sample with none has this modality missing.
    """

    values: Float[Tensor, "batch token width"]
    present: Bool[Tensor, "batch token"]

    @property
    def any_present(self) -> Bool[Tensor, " batch"]:
        """Which samples have at least one token."""
        return self.present.any(dim=1)

    def zeroed(self) -> Float[Tensor, "batch token width"]:
        """The values with absent tokens set to exactly zero (also where they held NaN)."""
        return self.values.masked_fill(~self.present[..., None], 0.0)

    def mean(self) -> Float[Tensor, "batch width"]:
        """The mean over present tokens; exactly zero where there is none."""
        count = self.present.sum(dim=1, keepdim=True).clamp_min(1)
        return self.zeroed().sum(dim=1) / count
