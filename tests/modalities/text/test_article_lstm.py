"""The article's text branch against the recurrence written out, without padding and with one bias."""

import dataclasses

import numpy as np
import torch
from scipy.special import expit

from polysight.modalities.encoder import parameters_of
from polysight.modalities.text.article import ArticleLSTM
from polysight.modalities.text.modality import Text

FITTED = dataclasses.replace(Text(columns=("note",)), vocabulary=tuple("abcdef"))


def encoder(**options):
    torch.manual_seed(0)
    return ArticleLSTM(FITTED, 5, **{"words": 7, "embedding": 3, "hidden": 4, **options}).double()


def ids(*texts, length=8):
    return torch.tensor([[[*text, *[0] * (length - len(text))]] for text in texts])


def test_equals_the_recurrence():
    net, text = encoder(), [2, 5, 3, 6]
    state = {name: value.numpy() for name, value in net.state_dict().items()}
    h = c = np.zeros(4)
    for word in text:
        gates = state["lstm.weight_ih_l0"] @ state["embed.weight"][word] + state["lstm.weight_hh_l0"] @ h
        i, f, g, o = np.split(gates + state["lstm.bias_ih_l0"], 4)
        c = expit(f) * c + expit(i) * np.tanh(g)
        h = expit(o) * np.tanh(c)
    with torch.no_grad():
        tokens = net({"ids": ids(text, [2])}, torch.ones(2, 1, dtype=torch.bool))
    np.testing.assert_allclose(tokens.values[0, 0].numpy(), state["dense.weight"] @ h, rtol=1e-9, atol=1e-12)


def test_more_padding_changes_nothing_and_a_text_without_words_is_finite():
    net, there = encoder(), torch.ones(2, 1, dtype=torch.bool)
    short, long = net({"ids": ids([2, 3], [], length=2)}, there), net({"ids": ids([2, 3], [], length=30)}, there)
    torch.testing.assert_close(short.values, long.values)
    assert torch.isfinite(short.values).all()


def test_words_beyond_the_table_are_unknown():
    net, there = encoder(words=4), torch.ones(2, 1, dtype=torch.bool)
    tokens = net({"ids": ids([2, 6, 3], [2, 1, 3])}, there)
    torch.testing.assert_close(tokens.values[0], tokens.values[1])


def test_absent_texts_have_no_token():
    tokens = encoder()({"ids": ids([2], [3])}, torch.tensor([[True], [False]]))
    assert tokens.present.tolist() == [[True], [False]]
    assert not tokens.values[1].any()


def test_one_bias_is_learned_as_in_keras():
    net = encoder()
    assert not net.lstm.bias_hh_l0.requires_grad
    assert not net.lstm.bias_hh_l0.any()
    assert parameters_of(net) == 7 * 3 + 4 * (3 * 4 + 4 * 4 + 4) + 4 * 5
