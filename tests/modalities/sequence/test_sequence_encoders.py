"""Networks over sequences: tokens, order, gaps, gradients, and that they learn a direction."""

import numpy as np
import pytest
import torch
from tiny_videos import moving

from polysight.core.errors import ConfigError
from polysight.modalities import ENCODERS
from polysight.modalities.sequence.modality import Sequence

KINDS = ["sequence_lstm", "sequence_gru", "sequence_transformer"]


def make(kind, columns=("a",), frames=4, **options):
    torch.manual_seed(0)
    return ENCODERS.load(kind)(Sequence(columns=columns, frames=frames, size=16), 8, channels=4, hidden=16, **options)


def pixels(*shape):
    return torch.from_numpy(np.random.default_rng(0).integers(0, 255, (*shape, 16, 16, 3), dtype=np.uint8))


@pytest.mark.parametrize("kind", KINDS)
def test_frames_beyond_the_end_and_absent_slots_have_no_influence(kind):
    encoder = make(kind, columns=("a", "b")).eval()
    length = torch.tensor([[4, 2], [1, 3], [2, 0]])
    present = torch.tensor([[True, True], [True, False], [True, False]])
    frames = pixels(3, 2, 4)
    known = (torch.arange(4) < length[..., None]) & present[..., None]
    with torch.no_grad():
        tokens = encoder({"frames": frames, "length": length}, present)
        clean = encoder({"frames": frames * known[..., None, None, None], "length": length}, present)
    torch.testing.assert_close(tokens.values, clean.values)
    assert tokens.values.shape == (3, 4, 8)
    assert tokens.present.tolist() == [[True] * 4, [True, True, False, False], [True, True, False, False]]


@pytest.mark.parametrize("kind", KINDS)
def test_order_matters(kind):
    encoder = make(kind).eval()
    frames, length = pixels(1, 1, 4), torch.tensor([[4]])
    with torch.no_grad():
        there, back = (
            encoder({"frames": f, "length": length}, torch.tensor([[True]])).values for f in (frames, frames.flip(2))
        )
    assert not torch.allclose(there, back, atol=1e-4)


def test_slots_of_one_frame_are_one_sequence_without_the_gaps():
    encoder = make("sequence_lstm", columns=("a", "b", "c"), frames=1).eval()
    frames = pixels(2, 3, 1)
    frames[1, 0], frames[1, 1] = frames[0, 0], frames[0, 2]
    present = torch.tensor([[True, False, True], [True, True, False]])
    length = present.int()
    with torch.no_grad():
        tokens = encoder({"frames": frames, "length": length}, present)
    assert tokens.values.shape == (2, 2, 8)
    torch.testing.assert_close(tokens.values[0], tokens.values[1])


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_reach_every_parameter_and_a_batch_of_nothing_passes(kind):
    encoder = make(kind, columns=("a", "b"), dropout=0.0).train()
    arrays = {"frames": pixels(3, 2, 4), "length": torch.full((3, 2), 4)}
    present = torch.tensor([[True, True], [True, False], [False, False]])
    tokens = encoder(arrays, present)
    (tokens.zeroed() * torch.randn(tokens.values.shape)).sum().backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in encoder.parameters())
    assert not encoder(arrays, torch.zeros_like(present)).present.any()


def test_learns_in_which_direction_things_move():
    clips = np.stack([moving(1 if i % 2 else -1, i, count=5, side=16) for i in range(24)])[:, None]
    labels = torch.arange(24) % 2
    encoder = make("sequence_lstm", frames=5, dropout=0.0)
    head = torch.nn.Linear(8, 2)
    arrays = {"frames": torch.from_numpy(clips), "length": torch.full((24, 1), 5)}
    present = torch.ones(24, 1, dtype=torch.bool)
    optimizer = torch.optim.Adam([*encoder.parameters(), *head.parameters()], 1e-2)
    for _ in range(40):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(head(encoder(arrays, present).mean()), labels).backward()
        optimizer.step()
    answers = head(encoder(arrays, present).mean()).argmax(dim=1)
    assert (answers == labels).float().mean() > 0.95


@pytest.mark.parametrize("kind", KINDS)
def test_sizes_that_do_not_fit_are_refused(kind):
    sequence = Sequence(columns=("a",), frames=4, size=16)
    with pytest.raises(ConfigError):
        ENCODERS.load(kind)(sequence, 8, hidden=0)
    if kind == "sequence_transformer":
        with pytest.raises(ConfigError, match="multiple of heads"):
            ENCODERS.load(kind)(sequence, 8, hidden=18)
