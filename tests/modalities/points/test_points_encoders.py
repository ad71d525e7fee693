"""PointNet: one token a cloud, whatever the order of its points; absent clouds do not teach."""

import numpy as np
import pytest
import torch

from polysight.core.errors import ConfigError
from polysight.modalities.points.encoders import PointNet
from polysight.modalities.points.modality import Points

PRESENT = torch.tensor([[True, True], [True, False], [False, False], [False, True]])


def batch(seed=0):
    rng = np.random.default_rng(seed)
    points, place = rng.normal(size=(4, 2, 40, 4)), rng.normal(size=(4, 2, 5))
    return {"points": torch.from_numpy(points).float(), "place": torch.from_numpy(place).float()}


def network(**options):
    torch.manual_seed(0)
    return PointNet(Points(columns=("a", "b"), count=40), 16, channels=4, **options)


def test_the_order_of_points_plays_no_part():
    arrays, encoder = batch(), network().eval()
    shuffled = {**arrays, "points": arrays["points"][:, :, torch.randperm(40)]}
    torch.testing.assert_close(encoder(arrays, PRESENT).values, encoder(shuffled, PRESENT).values)


def test_absent_clouds_do_not_teach_and_every_part_learns():
    answers = []
    for filled in (0.0, 50.0):
        arrays, encoder = batch(), network(dropout=0.0)
        arrays["points"][~PRESENT] = filled
        tokens = encoder(arrays, PRESENT)
        assert (tokens.values[~PRESENT] == 0).all()
        answers.append(tokens.values)
    torch.testing.assert_close(answers[0], answers[1])
    answers[0].square().sum().backward()
    assert not network()(batch(), torch.zeros_like(PRESENT)).present.any()


def test_networks_without_channels_are_refused():
    with pytest.raises(ConfigError):
        PointNet(Points(columns=("a",)), 8, channels=0)
