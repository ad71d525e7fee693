"""Integrated gradients: the change of a network's answer, from seeing nothing in an input, divided among its parts.

Source: Sundararajan, Taly, Yan, "Axiomatic attribution for deep networks", ICML 2017.
Departures: the path is followed with Gauss-Legendre points, doubled until the parts sum to the change (completeness)
within ``TOLERANCE``, and what is missing to that is told. Nothing is seen where a picture has its mean colour
everywhere, a number its middle, a word no vector (``Sight.flat``); all other inputs stay as they are. What is divided
is a probability, so that the mean over networks is exactly the division of their mean probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from polysight.data.samples import Samples
from polysight.explain.base import Explained, Explainer, Within
from polysight.explain.hooks import answering, batch_of, copies_of, given, logits_of, nothing_seen
from polysight.explain.places import by_unit
from polysight.explain.trained import TrainedNetwork, networks_of
from polysight.modalities.units import numbered
from polysight.training.batches import Batch

#: Points of the path at first, and at most.
STEPS, MOST_STEPS = 32, 512
#: Points asked about at once.
AT_ONCE = 64
#: How far the parts may be from summing to the change, in probability.
TOLERANCE = 0.01


@dataclass(frozen=True, eq=False)
class Attribution:
    """What the parts of one input did for one class.

    Attributes:
        values: The share of each place, [slot, place...], in probability; those of absent slots are zero.
        change: The probability with the input as it is, minus that with nothing to see in it.
        steps: The points the path was followed at.
    """

    values: Float[np.ndarray, "slot *place"]
    change: float
    steps: int

    @property
    def gap(self) -> float:
        """How far the parts are from summing to the change."""
        return float(self.values.sum() - self.change)

    @property
    def complete(self) -> bool:
        """Whether the parts sum to the change within the tolerance."""
        return abs(self.gap) <= TOLERANCE


@dataclass(frozen=True)
class IntegratedGradients(Explainer):
    """The change of the networks' mean probability, divided among the parts of an input."""

    kind: ClassVar[str] = "integrated_gradients"
    by_default: ClassVar[bool] = False

    def explain(self, model: Explained, row: Samples, name: str, target: int, seed: int) -> Within | None:
        """What each part did for the class; None for models without networks that look at this input."""
        networks = networks_of(model, row, name)
        view, modality = row.views[name].in_memory(), model.inputs_[name]
        if not networks or not view.any_present.all():
            return None
        found = mean_attribution([integrated_gradients(one, row, name, target) for one in networks])
        facts = {
            "networks": len(networks),
            "change": found.change,
            "gap": found.gap,
            "complete": found.complete,
            "steps": found.steps,
        }
        units, names = modality.units(view), modality.place_names(view)
        if names:
            named = np.flatnonzero([bool(label) for label in names])
            labels = numbered([names[place] for place in named])
            return Within(self.kind, units.noun, labels, found.values.ravel()[named], facts=facts)
        values = by_unit(found.values, units)
        if values is None:
            return None
        return Within(self.kind, units.noun, units.labels, values, units.picture, units.laid_out(found.values), facts)


def integrated_gradients(
    trained: TrainedNetwork, row: Samples, name: str, target: int, *, steps: int = STEPS, most: int = MOST_STEPS
) -> Attribution:
    """Divide the change of one network's probability among the parts of one input.

    Args:
        trained: The network.
        row: One row.
        name: The input, which the row has and whose encoder has a ``sight``.
        target: The class.
        steps: Points of the path at first.
        most: Points of the path at most.
    """
    batch = batch_of(trained, row)
    found = _followed(trained, batch, name, target, steps)
    while not found.complete and 2 * steps <= most:
        steps *= 2
        found = _followed(trained, batch, name, target, steps)
    return found


def mean_attribution(found: Sequence[Attribution]) -> Attribution:
    """The division of the mean probability of several networks that were shown the same array."""
    mean = np.mean([one.values for one in found], axis=0)
    return Attribution(mean, float(np.mean([one.change for one in found])), max(one.steps for one in found))


def _followed(trained: TrainedNetwork, batch: Batch, name: str, target: int, steps: int) -> Attribution:
    points, weights = np.polynomial.legendre.leggauss(steps)
    # The last two points are the ends of the path: they have no weight, and their difference is the change.
    along, weight = np.append((points + 1) / 2, [0.0, 1.0]), np.append(weights / 2, [0.0, 0.0])
    pieces = [slice(start, start + AT_ONCE) for start in range(0, len(along), AT_ONCE)]
    asked = [_asked(trained, batch, name, target, (along[piece], weight[piece])) for piece in pieces]
    answers = np.concatenate([answer for answer, _ in asked])
    parts: np.ndarray = np.sum([part for _, part in asked], axis=0)
    shown = trained.encoder(name).looked_at(batch.arrays[name], batch.present[name])[0].cpu().numpy()
    values = np.zeros((*shown.shape, *parts.shape[1:]))
    values[shown] = parts
    values[~batch.present[name][0].cpu().numpy()] = 0.0
    return Attribution(values, float(answers[-1] - answers[-2]), steps)


def _asked(
    trained: TrainedNetwork,
    batch: Batch,
    name: str,
    target: int,
    path: tuple[Float[np.ndarray, " step"], Float[np.ndarray, " step"]],
) -> tuple[Float[np.ndarray, " step"], Float[np.ndarray, "place *more"]]:
    """The probabilities at some points of the path, and their part of the integral for each place of the array."""
    encoder, copies = trained.encoder(name), copies_of(batch, len(path[0]))
    row = encoder.looked_at(copies.arrays[name], copies.present[name]).nonzero()[:, 0].cpu().numpy()
    differences: list[Tensor] = []

    def placed(full: Tensor) -> Tensor:
        # A module may be called several times for one batch, each time with the next places of it.
        start = sum(len(one) for one in differences)
        nothing = nothing_seen(full, encoder.sight)
        differences.append((full - nothing).detach())
        share = _as_column(path[0][row[start : start + len(full)]], full)
        return (nothing + share * differences[-1]).detach().requires_grad_(True)

    with answering(trained.network), given(encoder.get_submodule(encoder.sight.entry), placed) as inputs:
        answers = logits_of(trained, copies).softmax(dim=1)[:, target]
        slopes = torch.autograd.grad(answers.sum(), inputs) if inputs and answers.requires_grad else []
    answered = answers.detach().double().cpu().numpy()
    if not slopes:
        return answered, np.zeros((len(row) // len(copies), 1))
    weighted = torch.cat([slope * difference for slope, difference in zip(slopes, differences, strict=True)])
    weighted = weighted * _as_column(path[1][row], weighted)
    parts = encoder.gathered(weighted.reshape(len(copies), -1, *weighted.shape[1:]).sum(dim=0))
    return answered, parts.double().cpu().numpy()


def _as_column(values: Float[np.ndarray, " place"], like: Tensor) -> Tensor:
    return torch.as_tensor(values, dtype=like.dtype, device=like.device).reshape(-1, *[1] * (like.ndim - 1))
