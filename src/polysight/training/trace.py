"""Trace: the losses and gradient norms of an epoch's steps, and what to say when one is not finite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from polysight.core.errors import TrainingError
from polysight.objectives.balance.base import Terms


@dataclass(eq=False)
class Trace:
    """What the steps of an epoch gave.

    It is looked at once an epoch: asking after each step would make an accelerator wait for its answers.

    Attributes:
        names: The modalities, in sorted order.
        losses: The joint loss of each batch.
        terms: The fused and each own loss of each batch.
        norms: The gradient norm of each parameter that had a gradient, in each step.
        owners: Which modality's encoder each of these is of, by position; None for all else.
        batches: How many batches there were up to the end of each step.
    """

    names: Sequence[str] = ()
    losses: list[Float[Tensor, ""]] = field(default_factory=list)
    terms: list[Float[Tensor, " term"]] = field(default_factory=list)
    norms: list[Float[Tensor, " parameter"]] = field(default_factory=list)
    owners: list[Sequence[int | None]] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)

    def saw(self, terms: Terms) -> None:
        """Take down a batch."""
        self.losses.append(terms.joint.detach())
        self.terms.append(terms.every())

    def stepped(self, norms: Float[Tensor, " parameter"], owners: Sequence[int | None]) -> None:
        """Take down a step, after its batches."""
        self.norms.append(norms)
        self.owners.append(owners)
        self.batches.append(len(self.losses))

    def mean(self) -> float:
        """The mean loss of the batches."""
        return float(torch.stack(self.losses).mean())

    def mean_terms(self) -> list[float]:
        """The mean over batches of the fused loss and of each modality's own."""
        means: list[float] = torch.stack(self.terms).double().mean(dim=0).tolist()
        return means

    def check(self, epoch: int, kept: Path | None) -> None:
        """Refuse an epoch in which a number was not finite.

        Args:
            epoch: Which one it was.
            kept: Where the last good epoch is kept.

        Raises:
            TrainingError: It names the first bad step, and the modalities whose own loss or gradient it was.
        """
        losses = torch.stack(self.losses).isfinite().cpu()
        steps = torch.stack([norms.sum() for norms in self.norms]).isfinite().cpu()
        for step, end in enumerate(self.batches):
            start = self.batches[step - 1] if step else 0
            where = f"epoch {epoch}, step {step + 1} of {len(self.batches)}"
            if not losses[start:end].all():
                own = torch.stack(self.terms[start:end]).isfinite().all(dim=0).cpu()[1:]
                raise not_finite(f"the loss{self._of(own)}", epoch, where, kept)
            if not steps[step]:
                raise not_finite(f"the gradient{self._of(self._good_gradients(step))}", epoch, where, kept)

    def _good_gradients(self, step: int) -> Bool[Tensor, " modality"]:
        good = torch.ones(len(self.names), dtype=torch.bool)
        for owner, finite in zip(self.owners[step], self.norms[step].isfinite().tolist(), strict=True):
            if owner is not None and not finite:
                good[owner] = False
        return good

    def _of(self, good: Bool[Tensor, " modality"]) -> str:
        """The modalities that went wrong, where others did not; what is wrong in all comes from the fused answer."""
        bad = [name for name, fine in zip(self.names, good.tolist(), strict=False) if not fine]
        return f" of {', '.join(map(repr, bad))}" if bad and len(bad) < len(self.names) else ""


def not_finite(what: str, epoch: int, where: str, kept: Path | None) -> TrainingError:
    """The error for a number that is not finite in an epoch; it names the last good one and where that is kept."""
    last = f"the last good epoch is {epoch - 1}" if epoch > 1 else "no epoch was finished"
    place = f", kept in {kept}" if kept is not None and epoch > 1 else ""
    return TrainingError(
        f"{what} is not a finite number; {last}{place}",
        where=where,
        fix="lower the learning rate, use precision='fp32', or look for extreme values in the table (polysight check)",
    )
