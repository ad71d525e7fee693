"""Feature maps are what the layer gives; the picture shows each of them; unknown layers are named."""

import io

import numpy as np
import PIL.Image
import pytest
import torch
from planted_patches import patched, trained

from polysight.core.errors import ConfigError
from polysight.explain.feature_maps import FeatureMaps, ShownMaps, feature_maps, layers
from polysight.training.batches import Rows


@pytest.fixture(scope="module")
def seen():
    model, (samples, _, _) = trained(), patched(2, seed=1)
    return model, model.networks(samples)[0], samples.take([0])


def test_maps_are_what_the_layer_gives(seen):
    model, network, row = seen
    encoder = model.network_.encoders[0].eval()
    pixels = Rows.of(row, model.modalities_).batch(slice(None)).arrays["photo"]["pixels"].flatten(0, 1)
    with torch.no_grad():
        stem = encoder.stem(pixels.permute(0, 3, 1, 2) / 127.5 - 1.0)
    found = feature_maps(network, row, "photo", "stem")
    np.testing.assert_allclose(found.values, stem[0][list(found.channels)], rtol=1e-5)
    activity = found.values.mean(axis=(1, 2))
    assert (np.diff(activity) <= 1e-9).all()
    shapes = layers(network, row, "photo")
    assert shapes["stem"] == tuple(stem.shape[1:])
    assert list(shapes).index("stem") < list(shapes).index("stages")
    assert feature_maps(network, row, "photo").layer == "stages"
    assert len(feature_maps(network, row, "photo", most=5).channels) == 5


def test_the_picture_shows_each_map_from_black_to_white():
    values = np.stack([np.array([[0.0, 1.0], [2.0, 4.0]]), np.full((2, 2), 7.0)])
    picture = FeatureMaps("layer", (3, 1), values).picture()
    expected = np.full((4, 7), 128, dtype=np.uint8)
    expected[1:3, 1:3] = [[0, 64], [128, 255]]
    expected[1:3, 4:6] = 0
    np.testing.assert_array_equal(picture, expected)
    large = FeatureMaps("layer", (3, 1), values)
    reread = np.asarray(PIL.Image.open(io.BytesIO(large.to_png(3))))
    np.testing.assert_array_equal(reread, large.picture(3))
    assert reread.shape == (8, 15)


def test_a_wrong_layer_is_named_with_the_nearest(seen):
    _, network, row = seen
    with pytest.raises(ConfigError, match="stages"):
        feature_maps(network, row, "photo", "stage")
    with pytest.raises(ConfigError, match="choose one of"):
        feature_maps(network, row, "photo", "nothing like it")


def test_an_explanation_shows_them(seen):
    model, _, row = seen
    found = ShownMaps("stages.0").explain(model, row, "photo", 0, seed=0)
    assert found.facts["layer"] == "stages.0"
    assert found.picture.ndim == 3
    assert found.labels[0].startswith("channel")
    assert ShownMaps().explain(model, row.hide(["photo"]), "photo", 0, seed=0) is None
