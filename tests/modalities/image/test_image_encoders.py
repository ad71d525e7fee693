import pytest
import torch

from polysight.core.errors import ConfigError
from polysight.modalities.image.encoders import ImageConvNet
from polysight.modalities.image.modality import Image

WIDTH = 12


def network(size=28, **options):
    torch.manual_seed(0)
    return ImageConvNet(Image(size=size), WIDTH, channels=4, **options)


def batch(rows, slots=1, size=28, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (rows, slots, size, size, 3), dtype=torch.uint8, generator=generator)


def there(rows, slots=1):
    return torch.ones(rows, slots, dtype=torch.bool)


@pytest.mark.parametrize("size", [8, 16, 28, 32, 48, 64, 96, 128, 224])
@pytest.mark.parametrize("grid", [1, 2])
def test_as_many_tokens_whatever_the_size(size, grid):
    tokens = network(size, grid=grid)({"pixels": batch(2, 1, size)}, there(2))
    assert tokens.values.shape == (2, grid**2 + 1, WIDTH)
    assert torch.isfinite(tokens.values).all()


@pytest.mark.parametrize("size", [28, 64, 128, 224, 512])
def test_the_stem_leaves_some_32_pixels(size):
    maps = network(size).stem(torch.zeros(1, 3, size, size))
    assert 22 <= maps.shape[-1] <= 45


@pytest.mark.parametrize("training", [True, False])
def test_what_absent_slots_hold_has_no_influence_batch_statistics_included(training):
    present = torch.tensor([[True, False], [False, True], [False, False], [True, True]])
    pixels = batch(4, 2)
    dirty = torch.where(present[..., None, None, None], pixels, batch(4, 2, seed=9))
    results = []
    for arrays in (pixels, dirty):
        encoder = network().train(training)
        tokens = encoder({"pixels": arrays}, present)
        statistics = [value.clone() for name, value in encoder.named_buffers() if "running" in name]
        results.append((tokens, statistics))
    (clean, before), (littered, after) = results
    torch.testing.assert_close(clean.zeroed(), littered.zeroed(), rtol=0, atol=0)
    torch.testing.assert_close(before, after, rtol=0, atol=0)


def test_statistics_are_those_of_the_present_images_alone():
    present = torch.tensor([[True], [False], [True]])
    pixels = batch(3)
    some, alone = network().train(), network().train()
    some({"pixels": pixels}, present)
    alone({"pixels": pixels[present[:, 0]]}, there(2))
    torch.testing.assert_close(dict(some.named_buffers()), dict(alone.named_buffers()))


@pytest.mark.parametrize("training", [True, False])
def test_nothing_present_gives_zeros_and_leaves_statistics_alone(training):
    encoder = network().train(training)
    before = {name: value.clone() for name, value in encoder.named_buffers()}
    tokens = encoder({"pixels": batch(3)}, ~there(3))
    assert not tokens.values.any()
    assert not tokens.present.any()
    torch.testing.assert_close(dict(encoder.named_buffers()), before)


def test_tokens_of_a_slot_stand_together_and_are_the_same_in_each_slot():
    encoder = network().eval()
    one, other = batch(2, seed=1), batch(2, seed=2)
    present = torch.tensor([[True, True], [True, False]])
    both = encoder({"pixels": torch.cat([one, other], dim=1)}, present)
    alone = encoder({"pixels": one}, there(2))
    torch.testing.assert_close(both.values[:, :5], alone.values, rtol=0, atol=1e-5)
    assert both.present.tolist() == [[True] * 10, [True] * 5 + [False] * 5]


def test_rows_are_independent_at_prediction():
    encoder = network()
    encoder({"pixels": batch(8)}, there(8))  # statistics that are not the initial ones
    encoder.eval()
    whole = encoder({"pixels": batch(6)}, there(6)).values
    torch.testing.assert_close(encoder({"pixels": batch(6)[2:3]}, there(1)).values, whole[2:3], rtol=0, atol=1e-5)


def test_the_gradient_reaches_every_parameter_and_no_absent_image():
    encoder = network().train()
    tokens = encoder({"pixels": batch(4)}, torch.tensor([[True], [True], [False], [True]]))
    # Not a plain sum: behind a layer norm that is a constant.
    (tokens.values * torch.randn(tokens.values.shape)).sum().backward()
    for name, parameter in encoder.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
        assert parameter.grad.any(), name


def test_where_a_thing_is_survives_the_mean_over_tokens():
    left, right = torch.zeros(2, 1, 1, 28, 28, 3, dtype=torch.uint8)
    left[:, :, 8:20, 2:12] = 255
    right[:, :, 8:20, 16:26] = 255
    means = network().eval()({"pixels": torch.cat([left, right])}, there(2)).mean()
    assert (means[0] - means[1]).abs().max() > 0.02


def test_it_learns_to_tell_left_from_right_in_a_few_steps():
    torch.manual_seed(0)
    encoder, head = network(16), torch.nn.Linear(WIDTH, 2)
    labels = torch.arange(32) % 2
    pixels = torch.randint(0, 100, (32, 1, 16, 16, 3), dtype=torch.uint8)
    pixels[labels == 0, :, :, :8] += 120
    pixels[labels == 1, :, :, 8:] += 120
    optimiser = torch.optim.AdamW([*encoder.parameters(), *head.parameters()], lr=5e-3)
    for _ in range(15):
        loss = torch.nn.functional.cross_entropy(head(encoder({"pixels": pixels}, there(32)).mean()), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss < 0.1


def test_sizes_that_make_no_sense_are_refused():
    with pytest.raises(ConfigError):
        network(grid=0)
