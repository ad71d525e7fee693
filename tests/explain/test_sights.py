"""Every encoder that says where to look can be looked into: maps over its places, gradients that sum to the change."""

import numpy as np
import pytest
import torch

from polysight.data.samples import Samples
from polysight.data.view import View
from polysight.explain.feature_maps import layers
from polysight.explain.grad_cam import GradCam, grad_cam
from polysight.explain.integrated_gradients import IntegratedGradients, integrated_gradients
from polysight.explain.trained import TrainedNetwork
from polysight.learners.assembly import assemble
from polysight.modalities import ENCODERS
from polysight.modalities.audio.modality import Audio
from polysight.modalities.image.modality import Image
from polysight.modalities.sequence.modality import Sequence
from polysight.modalities.series.modality import Series
from polysight.modalities.tabular.modality import Tabular
from polysight.modalities.text.modality import Text
from polysight.modalities.volume.modality import Volume

RNG = np.random.default_rng(0)
COLUMNS = ("one", "two")
#: The second row lacks its second slot.
PRESENT = np.array([[True, True], [True, False]])
KEYS = np.array([b"1", b"2"])


def noise(*shape):
    values = RNG.integers(0, 256, (2, 2, *shape)).astype(np.uint8)
    values[1, 1] = 0
    return values


def images():
    return Image(columns=COLUMNS, size=32), {"pixels": noise(32, 32, 3)}


def sounds():
    logmel = -80 * RNG.random((2, 2, 16, 24)).astype(np.float16)
    length = np.array([[24, 16], [24, 0]], dtype=np.int32)
    return Audio(columns=COLUMNS, rate=8000, seconds=1.0, bands=16, frames=24), {"logmel": logmel, "length": length}


def scans():
    size = np.full((2, 2, 3), 10.0, dtype=np.float32)
    return Volume(columns=COLUMNS, shape=(6, 16, 16)), {"voxels": noise(6, 16, 16), "cell": size, "extent": size}


def films():
    frames = noise(3, 16, 16, 3)
    frames[0, 1, 2] = 0
    length = np.array([[3, 2], [3, 0]], dtype=np.int32)
    return Sequence(columns=COLUMNS, frames=3, size=16), {"frames": frames, "length": length}


def recordings():
    values = RNG.normal(size=(2, 2, 2, 20)).astype(np.float32)
    length = np.array([[20, 12], [20, 0]], dtype=np.int32)
    return Series(columns=COLUMNS, channels=("x", "y"), interval=1.0, steps=20), {"values": values, "length": length}


def texts():
    text = np.array([["red shoes", "a blue hat"], ["soft sole", ""]], dtype=object)
    return Text(columns=COLUMNS, max_length=4), {"text": text}


def cells():
    numbers, levels = RNG.normal(size=(2, 2)), np.array([["a"], ["b"]], dtype=object)
    return Tabular(columns=("n", "m", "c"), categorical=("c",)), {"numbers": numbers, "categories": levels}


MADE = {
    "article_conv": images, "audio_convnet": sounds, "cnn": images, "image_convnet": images, "sequence_gru": films,
    "sequence_lstm": films, "sequence_transformer": films, "series_convnet": recordings, "tabular_mlp": cells,
    "text_lstm": texts, "text_transformer": texts, "volume_convnet": scans, "volume_slices": scans,
}  # fmt: skip
OPTIONS = {"article_conv": {"size": 32, "channels": 4}}
PLACES = {"image": (32, 32), "audio": (16, 24), "volume": (6, 16, 16), "sequence": (3, 16, 16)}


class Model:
    """The least that explainers need."""

    classes_ = np.array(["a", "b", "c"])

    def __init__(self, network, modalities):
        self.inputs_, self.trained = modalities, TrainedNetwork(network, modalities)

    def networks(self, rows):
        return (self.trained,)


def looked(kind):
    modality, arrays = MADE[kind]()
    present = PRESENT if len(modality.columns) == 2 else np.ones((2, 1), dtype=bool)
    view = View(arrays, present, KEYS, blanks={"text": ""} if "text" in arrays else {})
    fitted = {"it": modality.fit(view)}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        spec = {"it": {"kind": kind, **OPTIONS.get(kind, {})}}
        network = assemble(
            fitted, 3, encoders=spec, fusion="concat", width=8, modality_dropout=0.0, own_answers=False
        ).eval()
    return Model(network, fitted), Samples({"it": view})


def test_all_that_offer_something_are_looked_into():
    offering = set()
    for kind in ENCODERS:
        if kind in MADE:
            assert looked(kind)[0].trained.encoder("it").sight is not None
            offering.add(kind)
        else:
            assert ENCODERS.load(kind).sight is None, kind
    assert offering == set(MADE)


@pytest.mark.parametrize("kind", [k for k in MADE if MADE[k] not in (texts, cells, recordings)])
def test_heat_lies_on_the_places_of_what_is_there(kind):
    model, rows = looked(kind)
    heat = grad_cam(model.trained, rows, "it", np.array([0, 2]))
    assert heat.shape == (2, 2, *PLACES[ENCODERS.load(kind).modality])
    assert heat[0].any() or heat[1].any()
    assert not heat[1, 1].any()
    for row in range(2):
        alone = grad_cam(model.trained, rows.take([row]), "it", np.array([[0, 2][row]]))
        np.testing.assert_allclose(alone[0], heat[row], rtol=1e-3, atol=1e-6)
    told = GradCam().explain(model, rows.take([1]), "it", 1, seed=0)
    assert told.heat.shape[1] / told.heat.shape[0] == pytest.approx(told.picture.shape[1] / told.picture.shape[0])
    assert told.values.sum() == pytest.approx(0.0 if told.facts["nothing_found"] else 1.0)
    assert layers(model.trained, rows.take([0]), "it")


@pytest.mark.parametrize("kind", MADE)
def test_gradients_sum_to_the_change(kind):
    model, rows = looked(kind)
    before = {name: value.clone() for name, value in model.trained.network.state_dict().items()}
    for row in range(2):
        found = integrated_gradients(model.trained, rows.take([row]), "it", 1)
        assert found.complete
        assert found.values.any()
        told = IntegratedGradients().explain(model, rows.take([row]), "it", 1, seed=0)
        assert told.values.sum() == pytest.approx(found.values.sum(), abs=1e-9)
        assert len(told.labels) == len(told.values)
    assert all(torch.equal(before[name], value) for name, value in model.trained.network.state_dict().items())


def test_words_and_columns_have_their_names():
    model, rows = looked("text_lstm")
    assert IntegratedGradients().explain(model, rows.take([0]), "it", 1, seed=0).labels == (
        "red", "shoes", "a", "blue", "hat",
    )  # fmt: skip
    model, rows = looked("tabular_mlp")
    assert IntegratedGradients().explain(model, rows.take([0]), "it", 1, seed=0).labels == ("n", "m", "c")
