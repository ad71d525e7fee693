"""Encoders of volumes: laws of presence, in training as well, and every part learns."""

import numpy as np
import pytest
import torch

from polysight.core.errors import ConfigError
from polysight.modalities.volume.encoders import VolumeConvNet, strides_of
from polysight.modalities.volume.modality import Volume
from polysight.modalities.volume.slices import VolumeSlices

ENCODERS = [VolumeConvNet, VolumeSlices]


def batch(grid, slots=2, rows=4, seed=0):
    rng = np.random.default_rng(seed)
    return {
        "voxels": torch.from_numpy(rng.integers(0, 256, (rows, slots, *grid), dtype=np.uint8)),
        "size": torch.from_numpy(rng.normal(size=(rows, slots, 6)).astype(np.float32)),
    }


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("grid", [(8, 16, 16), (4, 48, 40), (12, 12, 12)])
def test_a_scan_becomes_one_token(encoder, grid):
    torch.manual_seed(0)
    network = encoder(Volume(columns=("a", "b"), shape=grid), 16, channels=4)
    present = torch.tensor([[True, True], [True, False], [False, False], [False, True]])
    tokens = network(batch(grid), present)
    assert tokens.values.shape == (4, 2, 16)
    assert torch.equal(tokens.present, present)
    assert (tokens.values[~present] == 0).all()
    tokens.values.square().sum().backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in network.parameters())


@pytest.mark.parametrize("encoder", ENCODERS)
def test_absent_scans_do_not_teach(encoder):
    present = torch.tensor([[True, True], [True, False], [False, False], [False, True]])
    answers = []
    for filled in (0, 255):
        torch.manual_seed(0)
        network = encoder(Volume(columns=("a", "b"), shape=(8, 16, 16)), 8, channels=4, dropout=0.0)
        arrays = batch((8, 16, 16))
        arrays["voxels"][~present] = filled
        answers.append(network(arrays, present).values)
        answers.append(network.eval()(arrays, present).values)
        assert not network.train()(arrays, torch.zeros_like(present)).present.any()
    torch.testing.assert_close(answers[0], answers[2])
    torch.testing.assert_close(answers[1], answers[3])


def test_long_sides_are_halved_first():
    assert strides_of((8, 48, 48)) == [(1, 2, 2), (1, 2, 2), (2, 2, 2)]
    assert strides_of((32, 32, 32)) == [(2, 2, 2)] * 3
    assert strides_of((4, 4, 4)) == [(2, 2, 2)]


@pytest.mark.parametrize("encoder", ENCODERS)
def test_networks_without_channels_are_refused(encoder):
    with pytest.raises(ConfigError):
        encoder(Volume(columns=("a",), shape=(8, 16, 16)), 8, channels=0)
