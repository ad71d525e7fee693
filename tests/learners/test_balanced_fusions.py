"""Balances with fusions of tokens and of answers, while rows are mixed and several batches make a step."""

import numpy as np
import pytest
import torch
from vectors import Vector, samples_of

from polysight.core.randomness import derived_seed
from polysight.fusion import FUSIONS
from polysight.learners.assembly import assemble
from polysight.learners.neural import NeuralClassifier
from polysight.modalities import ENCODERS, MODALITIES
from polysight.objectives import BALANCES

NAMES = ("a", "b", "c")
#: Four steps of two batches an epoch, and a running mean of the weights; only a gradient may move a weight.
OPTIONS = {"width": 8, "epochs": 1, "batch_size": 3, "accumulate": 2, "ema": 0.5, "mixup": 0.3, "weight_decay": 0.0}
#: Where the defaults would not get past their beginning in so short a training.
BALANCE_OPTIONS = {
    "g_blending": {"balance": {"kind": "g_blending", "every": 1}, "epochs": 3},
    "staged": {"balance": {"kind": "staged", "alone": 0.25}},
}
#: What can matter to a balance: tokens or answers fused, with weights of the fusion's own or none, with a penalty.
KINDS = ("concat", "mean", {"kind": "mixture", "top_k": 1}, "confidence", "evidential")
#: Every balance with each kind; every other fusion with the balance that takes gradients apart.
PAIRS = [(balance, fusion) for balance in sorted(BALANCES) for fusion in KINDS]
PAIRS += [("mmpareto", fusion) for fusion in sorted(FUSIONS) if fusion not in KINDS]


@pytest.fixture(autouse=True)
def _vector_modality(monkeypatch):
    monkeypatch.setitem(MODALITIES._entries, "vector", "vectors:Vector")
    monkeypatch.setitem(ENCODERS._entries, "vector_mlp", "vectors:VectorMLP")


def problem():
    """Rows of three inputs, each missing in one row of four, but never all."""
    rng = np.random.default_rng(0)
    codes = np.arange(24) % 3
    samples = samples_of(**{name: np.eye(3)[codes] + 0.3 * rng.normal(size=(24, 3)) for name in NAMES})
    hidden = rng.random((24, 3)) < 0.25
    hidden[hidden.all(axis=1), 0] = False
    return samples.hide_where(hidden), codes


def untrained(learner):
    """The network as its training began."""
    torch.manual_seed(derived_seed(0, "weights"))
    options = {"encoders": None, "width": learner.width, "modality_dropout": learner.modality_dropout}
    return assemble(learner.modalities_, 3, fusion=learner.fusion, **options)


@pytest.mark.parametrize(("balance", "fusion"), PAIRS, ids=str)
def test_every_balance_trains_all_of_a_fusion(balance, fusion):
    samples, codes = problem()
    learner = NeuralClassifier(**{**OPTIONS, "balance": balance, **BALANCE_OPTIONS.get(balance, {})}, fusion=fusion)
    inputs = {name: Vector(columns=(name,)) for name in NAMES}
    learner.set_params(device="cpu").fit_samples(samples, codes, inputs=inputs, classes=3, validation=(samples, codes))
    start, trained = untrained(learner).state_dict(), learner.network_.state_dict()
    assert all(value.isfinite().all() for value in trained.values())
    still = {name for name, value in trained.items() if torch.equal(value, start[name])}
    # With one token to look at it does not matter what is looked for.
    assert not {name for name in still if "looks" not in name or "queries" not in name}
