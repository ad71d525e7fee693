import dataclasses

import pytest
import torch

from polysight.core.errors import NotFittedError
from polysight.modalities.text.encoders import TextLSTM
from polysight.modalities.text.modality import Text

FITTED = dataclasses.replace(Text(columns=("note",)), vocabulary=tuple("abcdef"))


def encoder(modality=FITTED, **options):
    torch.manual_seed(0)
    return TextLSTM(modality, 8, **options).eval()


def ids(*texts, length=10):
    return torch.tensor([[[*text, *[0] * (length - len(text))]] for text in texts])


ALL = torch.ones(3, 1, dtype=torch.bool)


def test_a_text_has_three_tokens():
    tokens = encoder()({"ids": ids([2, 3], [4], [5, 6, 7])}, ALL)
    assert tokens.values.shape == (3, 3, 8)
    assert tokens.present.all()


def test_more_padding_changes_nothing():
    net, texts = encoder(), ([2, 3], [4], [5, 6, 7])
    short, long = net({"ids": ids(*texts, length=3)}, ALL), net({"ids": ids(*texts, length=30)}, ALL)
    torch.testing.assert_close(short.values, long.values)


def test_the_summaries_are_those_of_the_text_run_alone_without_padding():
    net, text = encoder(), [2, 5, 3, 7]
    last, strongest, attended = net._summaries(ids(text, [4])[:, 0])
    states, (final, _) = net.lstm(net.embed(torch.tensor([text])))
    weights = net.attend(states).softmax(dim=1)
    torch.testing.assert_close(last[0], torch.cat([final[0, 0], final[1, 0]]))
    torch.testing.assert_close(strongest[0], states[0].max(dim=0).values)
    torch.testing.assert_close(attended[0], (weights * states).sum(dim=1)[0])


def test_the_order_of_words_matters():
    tokens = encoder()({"ids": ids([2, 3, 4], [4, 3, 2], [2, 3, 4])}, ALL)
    assert not torch.allclose(tokens.values[0], tokens.values[1], atol=1e-3)
    torch.testing.assert_close(tokens.values[0], tokens.values[2])


def test_a_present_text_without_words_is_finite():
    tokens = encoder()({"ids": ids([], [2], [])}, ALL)
    assert torch.isfinite(tokens.values).all()


def test_columns_can_be_told_apart_and_absent_ones_have_no_tokens():
    net = encoder(dataclasses.replace(FITTED, columns=("title", "note")))
    with torch.no_grad():
        net.column[1] = 1.0
    both = ids([2, 3], [2, 3]).transpose(0, 1)
    tokens = net({"ids": both}, torch.tensor([[True, False]]))
    assert tokens.present.tolist() == [[True] * 3 + [False] * 3]
    torch.testing.assert_close(tokens.values[0, 3:], tokens.values[0, :3] + 1)


def test_the_gradient_reaches_every_parameter():
    net = encoder()
    net({"ids": ids([2, 3], [4], [5, 6, 7])}, ALL).values.square().mul(torch.arange(8)).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


def test_an_unfitted_text_cannot_be_encoded():
    with pytest.raises(NotFittedError):
        TextLSTM(Text(columns=("note",)), 8)
