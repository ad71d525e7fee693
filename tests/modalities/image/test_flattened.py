"""Plain convolutional networks against the textbook order of layers, slots, absence and sizes."""

import pytest
import torch
from torch.nn import functional

from polysight.core.config import build
from polysight.core.errors import ConfigError
from polysight.modalities import ENCODERS
from polysight.modalities.encoder import parameters_of
from polysight.modalities.image.flattened import CNN, ArticleConv
from polysight.modalities.image.modality import Image

WIDTH = 6


def network(kind, size=16, **options):
    torch.manual_seed(0)
    sized = {"size": size} if kind == "article_conv" else {}
    spec = {"kind": kind, **sized, **options}
    return build(ENCODERS, spec, modality=Image(size=size), width=WIDTH).double()


def pixels(rows, slots=1, size=16, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (rows, slots, size, size, 3), dtype=torch.uint8, generator=generator)


def there(rows, slots=1):
    return torch.ones(rows, slots, dtype=torch.bool)


@pytest.mark.parametrize(("kind", "padding"), [("article_conv", 0), ("cnn", 1)])
def test_convolution_relu_pooling_flattened_through_a_matrix(kind, padding):
    encoder, images = network(kind), pixels(3)
    maps = images[:, 0].permute(0, 3, 1, 2).double() / 255
    for convolution in encoder.convolutions:
        maps = functional.conv2d(maps, convolution.weight, convolution.bias, padding=padding)
        maps = functional.max_pool2d(maps.relu(), 2)
    flat = maps.permute(0, 2, 3, 1).reshape(3, -1)
    tokens = encoder({"pixels": images}, there(3))
    torch.testing.assert_close(tokens.values[:, 0], flat @ encoder.dense.weight.T)


def test_sizes_of_layers():
    # 16 -> 14 -> 7 x 7 x 32 without padding; 16 -> 8 -> 4 x 4 x 64 with it.
    assert parameters_of(network("article_conv")) == 3 * 3 * 3 * 32 + 32 + 7 * 7 * 32 * WIDTH
    expected = 3 * 9 * 32 + 32 + 32 * 9 * 64 + 64 + 4 * 4 * 64 * WIDTH
    assert parameters_of(network("cnn")) == expected
    assert network("cnn", channels=[4]).convolutions[0].weight.shape == (4, 3, 3, 3)


@pytest.mark.parametrize("kind", ["article_conv", "cnn"])
def test_absent_slots_have_no_influence_and_no_token(kind):
    encoder, images = network(kind), pixels(3, 2)
    present = torch.tensor([[True, False], [False, False], [True, True]])
    dirty = torch.where(present[..., None, None, None], images, pixels(3, 2, seed=9))
    clean, littered = encoder({"pixels": images}, present), encoder({"pixels": dirty}, present)
    assert torch.equal(clean.values, littered.values)
    assert torch.equal(clean.present, present)
    alone = encoder({"pixels": images[:, :1]}, present[:, :1])
    torch.testing.assert_close(clean.values[:, 0], alone.values[:, 0])


def test_images_read_at_another_size_are_resized():
    torch.manual_seed(0)
    encoder = ArticleConv(Image(size=32), WIDTH, size=16).double()
    even = torch.full((1, 1, 32, 32, 3), 100, dtype=torch.uint8)
    torch.testing.assert_close(
        encoder({"pixels": even}, there(1)).values,
        network("article_conv")({"pixels": even[:, :, :16, :16]}, there(1)).values,
    )
    assert parameters_of(encoder) == parameters_of(network("article_conv"))


def test_more_images_than_a_portion_are_encoded_as_few_are():
    encoder, images = network("cnn"), pixels(70)
    together = encoder({"pixels": images}, there(70)).values
    torch.testing.assert_close(together[65:], encoder({"pixels": images[65:]}, there(5)).values)
    assert encoder({"pixels": images[:0]}, there(0)).values.shape == (0, 1, WIDTH)


def test_the_same_network_in_training_and_after():
    encoder, images = network("cnn"), pixels(2)
    torch.testing.assert_close(
        encoder.train()({"pixels": images}, there(2)).values, encoder.eval()({"pixels": images}, there(2)).values
    )


@pytest.mark.parametrize("channels", [(), (2, 2, 2, 2)])
def test_blocks_that_do_not_fit_are_refused(channels):
    with pytest.raises(ConfigError, match="do not fit an image of 8 pixels"):
        CNN(Image(size=8), WIDTH, channels=channels)


@pytest.mark.parametrize("spec", [{"kind": "article_conv", "size": 4}, {"kind": "cnn", "channels": [0]}])
def test_options_are_checked(spec):
    with pytest.raises(ConfigError):
        build(ENCODERS, spec, modality=Image(size=16), width=WIDTH)
