"""Grad-CAM: where in a picture, a spectrogram, a volume or frames a network finds what speaks for a class.

Source: Selvaraju et al., "Grad-CAM: Visual explanations from deep networks via gradient-based localization", ICCV 2017.
Departures: maps of any number of axes; the maps of several networks are each brought to a sum of one and averaged, so
that every network which finds something has the same say, however steep its logits are. Only the networks of an
ensemble are looked into; what its other members see is for methods that ask the whole model.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from polysight.data.samples import Samples
from polysight.explain.base import Explained, Explainer, Within
from polysight.explain.hooks import answering, batch_of, logits_of, seen
from polysight.explain.on_picture import picture_of, side_by_side, upper_names
from polysight.explain.trained import TrainedNetwork, networks_of

#: How maps of so many axes are brought to the size of what was seen.
_SMOOTH = {1: "linear", 2: "bilinear", 3: "trilinear"}


class GradCam(Explainer):
    """A heat map from the last convolutions of the model's networks, on the picture as they saw it."""

    kind = "grad_cam"

    def explain(self, model: Explained, row: Samples, name: str, target: int, seed: int) -> Within | None:
        """Where the networks find the class; None for models without convolutions over this input."""
        networks = [one for one in networks_of(model, row, name) if one.encoder(name).sight.maps]
        if not networks:
            return None
        heat = mean_grad_cam(networks, row, name, np.array([target]))[0]
        flat = side_by_side(heat)
        return Within(
            self.kind,
            "region",
            upper_names(len(heat)),
            heat.reshape(len(heat), -1).sum(axis=1),
            picture=picture_of(networks[0], row, name),
            heat=flat,
            facts={"networks": len(networks), "found": bool(heat.any())},
        )


def mean_grad_cam(
    networks: Sequence[TrainedNetwork], rows: Samples, name: str, targets: Int[np.ndarray, " row"]
) -> Float[np.ndarray, "row slot *place"]:
    """The mean map of several networks, each of sum one where it finds anything; see ``grad_cam``."""
    maps = [_of_sum_one(grad_cam(one, rows, name, targets)) for one in networks]
    mean: np.ndarray = np.mean(maps, axis=0)
    return mean


def grad_cam(
    trained: TrainedNetwork, rows: Samples, name: str, targets: Int[np.ndarray, " row"]
) -> Float[np.ndarray, "row slot *place"]:
    """How much each place of an input speaks for a class, by one network; never negative.

    Args:
        trained: The network.
        rows: Some rows.
        name: The input; its encoder's ``sight`` names maps.
        targets: The class of each row.

    Returns:
        A map for each slot (and frame or slice), at the size the network was shown; zeros where nothing is there.
    """
    encoder, batch = trained.encoder(name), batch_of(trained, rows)
    array = batch.arrays[name][encoder.sight.array]
    shown = encoder.looked_at(batch.arrays[name], batch.present[name])
    with answering(trained.network), seen(encoder.get_submodule(encoder.sight.maps)) as outputs:
        logits = logits_of(trained, batch)
        chosen = logits.gather(1, torch.as_tensor(targets, device=logits.device)[:, None]).sum()
        found = [_weighted(maps, slope) for maps, slope in zip(outputs, _slopes(chosen, outputs), strict=True)]
    if not found:
        return np.zeros(tuple(array.shape[: shown.ndim]) + (1,))
    small = torch.cat(found)
    axes = small.ndim - 1
    size = tuple(array.shape[shown.ndim : shown.ndim + axes])
    large = functional.interpolate(small[:, None], size, mode=_SMOOTH[axes], align_corners=False)[:, 0]
    heat = large.new_zeros((*shown.shape, *size))
    heat[shown] = large
    present = batch.present[name].reshape(*batch.present[name].shape, *[1] * (heat.ndim - 2))
    result: np.ndarray = (heat * present).double().cpu().numpy()
    return result


def _slopes(chosen: Tensor, outputs: Sequence[Tensor]) -> Sequence[Tensor]:
    if not chosen.requires_grad:
        return [torch.zeros_like(output) for output in outputs]
    slopes = torch.autograd.grad(chosen, list(outputs), allow_unused=True)
    return [torch.zeros_like(o) if s is None else s for o, s in zip(outputs, slopes, strict=True)]


def _weighted(maps: Float[Tensor, "place channel *axes"], slope: Float[Tensor, "place channel *axes"]) -> Tensor:
    """The channels weighed by how steeply the answer rises with each, and what speaks for the class of their sum."""
    weights = slope.flatten(2).mean(dim=2).reshape(*slope.shape[:2], *[1] * (slope.ndim - 2))
    return torch.relu((weights * maps).sum(dim=1)).detach()


def _of_sum_one(heat: Float[np.ndarray, "row *place"]) -> Float[np.ndarray, "row *place"]:
    total = heat.reshape(len(heat), -1).sum(axis=1).reshape(-1, *[1] * (heat.ndim - 1))
    return heat / np.where(total > 0, total, 1.0)
