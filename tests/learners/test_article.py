"""The article's networks: as many weights as counted by hand, what they leave out, mistakes not repeated, YAML."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image as Picture
from torch import nn
from torch.nn import functional

from polysight.core.config import build
from polysight.core.errors import ConfigError
from polysight.learners import LEARNERS
from polysight.learners.article import article, cnn
from polysight.learners.neural import NeuralClassifier
from polysight.modalities.encoder import parameters_of
from polysight.modalities.image.modality import Image
from polysight.modalities.text.modality import Text

INPUTS = {"photo": Image(columns=["photo"], size=12), "note": Text(columns=["note"], augment=())}
COLOURS = {"red": (220, 30, 30), "blue": (30, 30, 220)}
SMALL = {"image": {"kind": "article_conv", "size": 12, "channels": 4}, "text": "article_lstm"}


@pytest.fixture(scope="module")
def table():
    """Two colours and two words; the class is their combination."""
    rng, rows = np.random.default_rng(0), []
    for i in range(200):
        colour, word = ("red", "blue")[i % 2], ("cold", "warm")[i // 2 % 2]
        pixels = rng.integers(0, 30, (12, 12, 3)) + np.array(COLOURS[colour])
        rows.append((Picture.fromarray(pixels.clip(0, 255).astype(np.uint8)), f"a {word} day {i}", f"{colour} {word}"))
    return pd.DataFrame(rows, columns=["photo", "note", "label"])


def small(learner, **options):
    return learner.set_params(inputs=INPUTS, encoders=SMALL, device="cpu", **options)


def test_as_many_weights_as_the_article_s_network_has():
    torch.manual_seed(0)
    modalities = {"photo": Image(size=224), "note": dataclasses.replace(Text(), vocabulary=("a", "b"))}
    network = article()._assembled(modalities, 10)
    convolution = 3 * 3 * 3 * 32 + 32
    flattened = ((224 - 2) // 2) ** 2 * 32
    embedding, lstm = 10_000 * 16, 4 * (16 * 64 + 64 * 64 + 64)
    dense, softmax = (flattened + 64) * 64 + 64, 64 * 10 + 10
    assert flattened == 394_272
    assert parameters_of(network) == convolution + embedding + lstm + dense + softmax == 25_419_850
    # Nothing is there besides but the bias that PyTorch's LSTM has twice.
    assert sum(p.numel() for p in network.parameters()) == 25_419_850 + 4 * 64


def test_cnn_has_two_blocks_and_a_dense_layer():
    network = cnn()._assembled({"photo": Image(size=32)}, 10)
    blocks = 3 * 9 * 32 + 32 + 32 * 9 * 64 + 64
    assert parameters_of(network) == blocks + (8 * 8 * 64) * 64 + 64 + 64 * 10 + 10


def test_it_is_the_network_of_the_article_written_out(table):
    learner = small(article(optimizer="adam", epochs=1)).fit(table, "label")
    samples = learner.read(table.iloc[:5])
    image, text = (learner.network_.encoders[learner.network_.names.index(name)] for name in ("photo", "note"))
    with torch.no_grad():
        pixels = torch.from_numpy(samples.views["photo"].arrays["pixels"][:, 0].copy()).permute(0, 3, 1, 2) / 255
        (convolution,) = image.convolutions
        maps = functional.max_pool2d(convolution(pixels).relu(), 2)
        ids = torch.from_numpy(learner.modalities_["note"].transform(samples.views["note"])["ids"])
        _, (last, _) = text.lstm(text.embed(ids[:, 0, : int((ids[0, 0] != 0).sum())]))
        both = torch.cat([maps.permute(0, 2, 3, 1).flatten(1), last[0]], dim=1)
        dense = nn.Linear(both.shape[1], 64)
        dense.weight.copy_(torch.cat([image.dense.weight, text.dense.weight], dim=1))
        dense.bias.copy_(learner.network_.fusion.bias)
        expected = learner.network_.head(dense(both).relu()).softmax(dim=1)
    np.testing.assert_allclose(learner.predict_proba(table.iloc[:5]), expected.numpy(), atol=1e-5)


def test_both_views_are_learned_and_either_may_be_missing(table):
    learner = small(article(optimizer="adam", learning_rate=0.01, epochs=8)).fit(table, "label")
    assert learner.score(table, "label") > 0.9
    assert len(learner.history_) == 8
    for absent in ("photo", "note"):
        part = learner.predict_proba(table.drop(columns=absent))
        assert np.isfinite(part).all()
        assert len(np.unique(part.argmax(axis=1))) > 1
    loaded = NeuralClassifier.from_state(learner.to_state())
    np.testing.assert_allclose(loaded.predict_proba(table), learner.predict_proba(table), atol=1e-6)


def test_the_vocabulary_is_of_training_rows_alone(table):
    learner = small(article(epochs=1)).fit(table, "label")
    known = set(learner.modalities_["note"].vocabulary)
    numbers = {word for word in known if word.isdigit()}
    # A fifth of the rows only chooses the epoch; each row has a number of its own among its words.
    assert 150 <= len(numbers) <= 170


def test_plain_steps_with_a_constant_learning_rate():
    rows = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}
    for kind, theirs in rows.items():
        network = nn.Linear(3, 2)
        made = article(optimizer=kind)._optimizer()
        group = made.build(network).param_groups[0]
        reference = theirs(network.parameters(), lr=0.001).param_groups[0]
        assert isinstance(made.build(network), theirs)
        shared = {"lr", "weight_decay", "betas", "eps", "momentum", "nesterov", "dampening"} & reference.keys()
        assert {name: group[name] for name in shared} == {name: reference[name] for name in shared}
        assert made.clip >= 1e6


@pytest.mark.parametrize("kind", ["article", "cnn"])
def test_reachable_by_kind_with_the_options_of_the_article(kind):
    learner = build(LEARNERS, {"kind": kind, "epochs": 3, "optimizer": {"kind": "adamw", "clip": 0.5}})
    assert isinstance(learner, NeuralClassifier)
    options = learner.get_params()
    expected = {"fusion": "dense", "schedule": "constant", "batch_size": 32, "validation_fraction": 0.2, "epochs": 3}
    assert {name: options[name] for name in expected} == expected
    assert (options["auxiliary"], options["modality_dropout"], options["learning_rate"]) == (0.0, 0.0, 0.001)
    assert options["objective"] == {"kind": "cross_entropy", "label_smoothing": 0.0}
    assert learner._optimizer().clip == 0.5
    with pytest.raises(ConfigError, match="did you mean 'epochs'"):
        build(LEARNERS, {"kind": kind, "epoch": 3})


def test_encoders_by_kind_give_way_to_encoders_by_input(table):
    learner = NeuralClassifier(
        encoders={"image": "cnn", "photo": {"kind": "cnn", "channels": [2]}}, device="cpu", epochs=1
    )
    learner.fit(table, "label")
    assert learner.network_.encoders[learner.network_.names.index("photo")].channels == (2,)
