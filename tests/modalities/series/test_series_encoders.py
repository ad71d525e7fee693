"""Networks over series: tokens, what lies beyond the end, gradients, and that they learn."""

import numpy as np
import pytest
import torch

from polysight.core.errors import ConfigError, NotFittedError
from polysight.modalities import ENCODERS
from polysight.modalities.series.modality import Series

KINDS = ["series_convnet", "series_lstm"]


def settled(steps=40, columns=("a",)):
    return Series(columns=columns, channels=("x", "y"), interval=1.0, steps=steps)


def make(kind, **options):
    torch.manual_seed(0)
    return ENCODERS.load(kind)(settled(**options), 8)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("steps", [1, 40, 200])
def test_what_lies_beyond_the_end_has_no_influence(kind, steps):
    encoder = make(kind, steps=steps).eval()
    length = torch.tensor([[steps], [max(1, steps // 2)], [0]])
    present = length > 0
    values = torch.randn(3, 1, 2, steps)
    values = values.masked_fill(torch.arange(steps) >= length[..., None, None], 0.0)
    with torch.no_grad():
        tokens = encoder({"values": values, "length": length}, present)
        wider = torch.cat([values, torch.zeros(3, 1, 2, 16)], dim=3)
        padded = encoder({"values": wider, "length": length}, present)
    assert tokens.values.shape == (3, 2, 8)
    assert tokens.present.tolist() == [[True] * 2, [True] * 2, [False] * 2]
    torch.testing.assert_close(tokens.values, padded.values, atol=1e-5, rtol=0)
    assert not tokens.values[2].any()


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_reach_every_parameter_and_a_batch_of_nothing_passes(kind):
    encoder = make(kind, columns=("a", "b")).train()
    arrays = {"values": torch.randn(4, 2, 2, 40), "length": torch.full((4, 2), 30)}
    present = torch.tensor([[True, True], [True, False], [False, True], [False, False]])
    (encoder(arrays, present).values * torch.randn(4, 4, 8)).sum().backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in encoder.parameters())
    assert not encoder(arrays, torch.zeros_like(present)).present.any()


@pytest.mark.parametrize("kind", KINDS)
def test_learns_the_order_of_two_bumps(kind):
    rng = np.random.default_rng(0)
    labels = np.arange(48) % 2
    values = rng.normal(0, 0.1, (48, 1, 2, 40)).astype(np.float32)
    values[:, 0, 0, 8] += np.where(labels, 3, -3)
    values[:, 0, 0, 30] += np.where(labels, -3, 3)
    encoder, head = make(kind), torch.nn.Linear(8, 2)
    arrays = {"values": torch.from_numpy(values), "length": torch.full((48, 1), 40)}
    optimizer = torch.optim.Adam([*encoder.parameters(), *head.parameters()], 1e-2)
    for _ in range(30):
        optimizer.zero_grad()
        answers = head(encoder(arrays, torch.ones(48, 1, dtype=torch.bool)).mean())
        torch.nn.functional.cross_entropy(answers, torch.from_numpy(labels)).backward()
        optimizer.step()
    encoder.eval()
    with torch.no_grad():
        answers = head(encoder(arrays, torch.ones(48, 1, dtype=torch.bool)).mean()).argmax(dim=1).numpy()
    assert (answers == labels).mean() > 0.95


@pytest.mark.parametrize("kind", KINDS)
def test_settings_that_do_not_fit_are_refused(kind):
    with pytest.raises(ConfigError):
        ENCODERS.load(kind)(settled(), 8, hidden=0)
    with pytest.raises(NotFittedError):
        ENCODERS.load(kind)(Series(columns=("a",)), 8)
