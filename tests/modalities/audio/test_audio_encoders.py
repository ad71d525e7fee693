"""AudioConvNet: absence, independence of rows, lengths, and that it learns."""

import numpy as np
import pytest
import torch

from polysight.modalities.audio.encoders import AudioConvNet
from polysight.modalities.audio.modality import Audio

BANDS, FRAMES = 16, 40


def encoder(bands: int = BANDS, frames: int = FRAMES, **options) -> AudioConvNet:
    torch.manual_seed(0)
    modality = Audio(columns=("a", "b"), rate=8000, seconds=0.4, bands=bands, frames=frames)
    return AudioConvNet(modality, 12, **({"channels": 4} | options))


def batch(count: int = 5, bands: int = BANDS, frames: int = FRAMES):
    torch.manual_seed(1)
    arrays = {"logmel": torch.randn(count, 2, bands, frames), "length": torch.full((count, 2), frames)}
    present = torch.ones(count, 2, dtype=torch.bool)
    present[0], present[1, 1] = False, False
    return arrays, present


@pytest.mark.parametrize(("bands", "frames"), [(8, 8), (13, 41), (40, 70), (64, 100)])
def test_any_resolution_gives_one_token_a_slot(bands, frames):
    arrays, present = batch(3, bands, frames)
    tokens = encoder(bands, frames).eval()(arrays, present)
    assert tokens.values.shape == (3, 2, 12)
    assert torch.equal(tokens.present, present)


@pytest.mark.parametrize("training", [True, False])
def test_what_absent_slots_hold_reaches_neither_tokens_nor_statistics(training):
    arrays, present = batch()
    litter = {"logmel": arrays["logmel"].masked_fill(~present[..., None, None], float("nan")), "length": present * 40}
    results = []
    for given in (arrays, litter):
        model = encoder(dropout=0.0).train(training)
        results.append((model(given, present).zeroed(), dict(model.named_buffers())))
    (clean, clean_buffers), (dirty, dirty_buffers) = results
    torch.testing.assert_close(clean, dirty)
    for name, buffer in clean_buffers.items():
        torch.testing.assert_close(buffer, dirty_buffers[name])


@pytest.mark.parametrize("training", [True, False])
def test_nothing_present_is_finite(training):
    arrays, present = batch()
    tokens = encoder().train(training)(arrays, torch.zeros_like(present))
    assert not tokens.zeroed().any()
    assert not tokens.present.any()


def test_one_present_clip_can_be_trained_on():
    arrays, present = batch()
    alone = torch.zeros_like(present)
    alone[2, 0] = True
    model = encoder().train()
    model(arrays, alone).mean().square().sum().backward()
    assert all(torch.isfinite(p.grad).all() for p in model.parameters())


def test_what_lies_beyond_the_end_has_no_influence():
    model = encoder().eval()
    arrays, present = batch()
    arrays["length"][:] = 24
    other = {"logmel": arrays["logmel"].clone(), "length": arrays["length"]}
    other["logmel"][..., 24:] = 9.0
    torch.testing.assert_close(model(arrays, present).values, model(other, present).values)


def test_a_gain_in_any_band_has_no_influence():
    model = encoder().eval()
    arrays, present = batch()
    coloured = arrays | {"logmel": arrays["logmel"] + torch.linspace(-3, 3, BANDS)[:, None]}
    torch.testing.assert_close(model(arrays, present).values, model(coloured, present).values, atol=1e-4, rtol=1e-4)


def test_gradients_reach_every_parameter():
    arrays, present = batch()
    model = encoder().train()
    model(arrays, present).mean().square().sum().backward()
    assert [name for name, p in model.named_parameters() if p.grad is None or not p.grad.any()] == []


def test_learns_rising_from_falling_tones_wherever_they_stand():
    rng = np.random.default_rng(0)
    labels = torch.from_numpy(rng.integers(0, 2, 96))
    logmel = rng.normal(0, 0.1, (96, 1, BANDS, FRAMES)).astype(np.float32)
    for row, label in enumerate(labels.tolist()):
        start = rng.integers(0, FRAMES - 12)
        bands = np.arange(2, 14) if label else np.arange(13, 1, -1)
        logmel[row, 0, bands, start + np.arange(12)] += 2
    arrays = {"logmel": torch.from_numpy(logmel), "length": torch.full((96, 1), FRAMES)}
    present = torch.ones(96, 1, dtype=torch.bool)
    model = encoder(channels=8)
    head = torch.nn.Linear(12, 2)
    optimiser = torch.optim.AdamW([*model.parameters(), *head.parameters()], lr=3e-3)
    for step in range(40):
        rows = torch.from_numpy(np.random.default_rng(step).choice(64, 32, replace=False))
        logits = head(model({name: array[rows] for name, array in arrays.items()}, present[rows]).mean())
        loss = torch.nn.functional.cross_entropy(logits, labels[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        guesses = head(model.eval()(arrays, present).mean()).argmax(dim=1)
    assert (guesses[64:] == labels[64:]).float().mean() > 0.9
