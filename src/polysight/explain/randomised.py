"""Randomised networks: does a heat map change when everything a network has learned is gone?

Source: Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018 (model parameter randomisation, all layers).
Departures: the weights of each tensor are shuffled instead of drawn anew, which keeps their sizes whatever the module;
heat maps are never negative, so that ranks are compared as they are.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy.stats import rankdata

from polysight.core.randomness import derived_seed
from polysight.data.samples import Samples
from polysight.explain.grad_cam import grad_cam
from polysight.explain.trained import TrainedNetwork


def without_learning(trained: TrainedNetwork, seed: int) -> TrainedNetwork:
    """A copy of a network with the numbers of each of its tensors in random order."""
    network = copy.deepcopy(trained.network)
    dice = torch.Generator().manual_seed(derived_seed(seed, "randomised"))
    with torch.no_grad():
        for parameter in network.parameters():
            order = torch.randperm(parameter.numel(), generator=dice).to(parameter.device)
            parameter.copy_(parameter.flatten()[order].reshape(parameter.shape))
    return TrainedNetwork(network, trained.modalities)


def likeness_without_learning(
    networks: Sequence[TrainedNetwork], rows: Samples, name: str, targets: Int[np.ndarray, " row"], seed: int
) -> float:
    """The mean rank correlation of the heat maps of networks with those of the same networks without learning.

    Args:
        networks: Networks that ``grad_cam`` looks into.
        rows: Some rows.
        name: The input.
        targets: The class of each row.
        seed: Same seed, same result.

    Returns:
        -1 to 1; near 1 says that the maps show what is in the picture, not what was learned.
    """
    found = [
        rank_correlations(
            grad_cam(one, rows, name, targets), grad_cam(without_learning(one, seed), rows, name, targets)
        )
        for one in networks
    ]
    return float(np.mean(found))


def rank_correlations(
    first: Float[np.ndarray, "row *place"], second: Float[np.ndarray, "row *place"]
) -> Float[np.ndarray, " row"]:
    """Spearman's correlation of two maps of each row; zero where one of them is the same everywhere."""
    ranks = [rankdata(maps.reshape(len(maps), -1), axis=1) for maps in (first, second)]
    one, other = (rank - rank.mean(axis=1, keepdims=True) for rank in ranks)
    scale = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    return (one * other).sum(axis=1) / np.where(scale > 0, scale, np.inf)
