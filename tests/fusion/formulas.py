"""Pieces of papers' formulas in float64 NumPy, and batches to try them on; shared by tests of fusions."""

import numpy as np
import torch
from scipy.special import erf

from polysight.core.tokens import Tokens
from polysight.fusion.decision import Opinion

NAMES = ("a", "b", "c")
WIDTH = 8
#: Every way in which three modalities may be there: row by modality.
PRESENT = np.array([[(row >> i) & 1 for i in range(3)] for row in range(8)], dtype=bool)


def ready(fusion):
    """In double precision, without dropout, every parameter random."""
    generator = torch.Generator().manual_seed(0)
    for parameter in fusion.double().eval().parameters():
        parameter.data = torch.randn(parameter.shape, generator=generator, dtype=torch.float64) * 0.5
    return fusion


def token_batch(counts=(1, 3, 2)):
    """Eight rows: for each modality values with NaN where absent, and which tokens are there."""
    rng, batch = np.random.default_rng(0), {}
    for i, (name, count) in enumerate(zip(NAMES, counts, strict=True)):
        present = (rng.random((8, count)) < 0.7) & PRESENT[:, [i]]
        present[:, 0] = PRESENT[:, i]
        values = rng.normal(size=(8, count, WIDTH))
        values[~present] = np.nan
        batch[name] = values, present
    return batch


def fused_by(fusion, batch):
    with torch.no_grad():
        return fusion({n: Tokens(torch.from_numpy(v), torch.from_numpy(p)) for n, (v, p) in batch.items()})


def decided_by(fusion, logits):
    """The decision about logits (row, modality, class) where ``PRESENT`` says."""
    with torch.no_grad():
        opinions = {
            name: Opinion(torch.from_numpy(logits[:, i]), torch.from_numpy(PRESENT[:, i]))
            for i, name in enumerate(NAMES)
        }
        return fusion(opinions)


def agree(ours, expected):
    np.testing.assert_allclose(ours.numpy(), expected, rtol=1e-9, atol=1e-12)


class Weights:
    """The parameters of a module as arrays, and its layers as functions."""

    def __init__(self, module):
        self.state = {name: value.numpy() for name, value in module.state_dict().items()}

    def __getitem__(self, name):
        return self.state[name]

    def linear(self, name, x):
        return x @ self.state[f"{name}.weight"].T + self.state.get(f"{name}.bias", 0.0)

    def norm(self, name, x):
        z = (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
        return z * self.state[f"{name}.weight"] + self.state[f"{name}.bias"]

    def feed_forward(self, name, x):
        """Layer norm, two layers."""
        return self.linear(f"{name}.3", gelu(self.linear(f"{name}.1", self.norm(f"{name}.0", x))))

    def means(self, row, batch):
        """The normed mean of each modality that a row has: index -> vector."""
        found = {}
        for i, name in enumerate(NAMES):
            values, present = batch[name]
            if present[row].any():
                found[i] = self.norm(f"means.norms.{i}", values[row][present[row]].mean(axis=0))
        return found


def side_by_side(vectors):
    """The vectors of a row, zeros where a modality is absent."""
    return np.concatenate([vectors.get(i, np.zeros(WIDTH)) for i in range(3)])


def weights_of(shares):
    """The weights of a row, zero where a modality is absent."""
    return np.array([shares.get(i, 0.0) for i in range(3)])


def gelu(x):
    return x * (1 + erf(x / np.sqrt(2))) / 2


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attention(queries, keys, contents, heads):
    """softmax(Q K' / sqrt(d)) V in each head: (query, width), (token, width) twice -> gathered, mean looks."""
    d = queries.shape[1] // heads
    parts, looks = [], []
    for h in range(heads):
        cut = slice(h * d, (h + 1) * d)
        looks.append(softmax(queries[:, cut] @ keys[:, cut].T / np.sqrt(d)))
        parts.append(looks[-1] @ contents[:, cut])
    return np.concatenate(parts, axis=1), np.mean(looks, axis=0)
