"""Randomised networks: does a heat map change when everything a network has learned is gone?

Source: Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018 (model parameter randomisation, all layers).
Departures: the weights of each tensor are shuffled instead of drawn anew, which keeps their sizes whatever the module;
heat maps are never negative, so that ranks are compared as they are.
"""

from __future__ import annotations

import copy

import numpy as np
import torch
from jaxtyping import Float
from scipy.stats import rankdata

from polysight.core.randomness import derived_seed
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


def rank_correlations(
    first: Float[np.ndarray, "row *place"], second: Float[np.ndarray, "row *place"]
) -> Float[np.ndarray, " row"]:
    """Spearman's correlation of two maps of each row; zero where one of them is the same everywhere."""
    ranks = [rankdata(maps.reshape(len(maps), -1), axis=1) for maps in (first, second)]
    one, other = (rank - rank.mean(axis=1, keepdims=True) for rank in ranks)
    scale = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    return (one * other).sum(axis=1) / np.where(scale > 0, scale, np.inf)
