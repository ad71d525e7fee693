import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from polysight.core.errors import ConfigError, NotFittedError
from polysight.core.tokens import Tokens
from polysight.data.view import Cells
from polysight.modalities.contract import check_modality
from polysight.modalities.text.modality import Text
from polysight.modalities.text.transformer import TextTransformer, positions

FITTED = dataclasses.replace(Text(columns=("note",), max_length=30), vocabulary=tuple("abcdef"))


def encoder(modality=FITTED, **options):
    torch.manual_seed(0)
    return TextTransformer(modality, 8, **options).eval()


def ids(*texts, length=10):
    return torch.tensor([[[*text, *[0] * (length - len(text))]] for text in texts])


ALL = torch.ones(3, 1, dtype=torch.bool)
TEXTS = ([2, 3], [4], [5, 6, 7])


def test_a_text_has_two_tokens():
    tokens = encoder()({"ids": ids(*TEXTS)}, ALL)
    assert tokens.values.shape == (3, 2, 8)
    assert tokens.present.all()


def test_more_padding_changes_nothing():
    net = encoder()
    short, long = net({"ids": ids(*TEXTS, length=3)}, ALL), net({"ids": ids(*TEXTS, length=30)}, ALL)
    torch.testing.assert_close(short.values, long.values)


def test_padding_left_out_in_training_changes_nothing():
    net = encoder(dropout=0.0)
    for texts in (TEXTS, ([], [], [])):
        judged = net.eval()({"ids": ids(*texts)}, ALL)
        torch.testing.assert_close(net.train()({"ids": ids(*texts)}, ALL).values, judged.values)


def test_the_summaries_are_those_of_the_text_run_alone_without_padding():
    net = encoder()
    together = net({"ids": ids(*TEXTS)}, ALL).values
    for row, text in enumerate(TEXTS):
        alone = net({"ids": ids(text, length=len(text))}, ALL[:1]).values
        torch.testing.assert_close(together[[row]], alone)


def test_attention_equals_the_formula():
    net = encoder(depth=1, heads=2, embedding=8)
    block, states = net.blocks[0], torch.randn(1, 4, 8, generator=torch.Generator().manual_seed(0))
    known = torch.tensor([[True, True, False, True]])
    found = block(states, known).detach().numpy()[0]
    x = block.before_attention(states)[0]
    q, k, v = (block.queries_keys_values(x)).detach().double().numpy().reshape(4, 3, 2, 4).transpose(1, 2, 0, 3)
    scores = q @ k.transpose(0, 2, 1) / 2.0
    scores[:, :, 2] = -np.inf
    weights = np.exp(scores) / np.exp(scores).sum(axis=2, keepdims=True)
    gathered = torch.from_numpy((weights @ v).transpose(1, 0, 2).reshape(4, 8)).float()
    after = states[0] + block.after_attention(gathered)
    expected = (after + block.network(after)).detach().numpy()
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_positions_are_waves():
    found = positions(5, 6).numpy()
    for position in range(5):
        for i in range(3):
            angle = position / 10_000 ** (i / 3)
            np.testing.assert_allclose(found[position, [i, i + 3]], [np.sin(angle), np.cos(angle)], atol=1e-6)


def test_the_order_of_words_matters():
    tokens = encoder()({"ids": ids([2, 3, 4], [4, 3, 2], [2, 3, 4])}, ALL)
    assert not torch.allclose(tokens.values[0], tokens.values[1], atol=1e-3)
    torch.testing.assert_close(tokens.values[0], tokens.values[2])


def test_a_present_text_without_words_is_finite():
    tokens = encoder()({"ids": ids([], [2], [])}, ALL)
    assert torch.isfinite(tokens.values).all()


def test_the_ids_given_are_left_alone():
    given = ids(*TEXTS)
    before = given.clone()
    encoder()({"ids": given}, ALL)
    assert torch.equal(given, before)


def test_columns_can_be_told_apart_and_absent_ones_have_no_tokens():
    net = encoder(dataclasses.replace(FITTED, columns=("title", "note")))
    with torch.no_grad():
        net.column[1] = 1.0
    both = ids([2, 3], [2, 3]).transpose(0, 1)
    tokens = net({"ids": both}, torch.tensor([[True, False]]))
    assert tokens.present.tolist() == [[True] * 2 + [False] * 2]
    torch.testing.assert_close(tokens.values[0, 2:], tokens.values[0, :2] + 1)


def test_the_gradient_reaches_every_parameter():
    net = encoder()
    net({"ids": ids(*TEXTS)}, ALL).values.square().mul(torch.arange(8)).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


def test_it_learns_the_order_of_two_words():
    rng = np.random.default_rng(0)
    order = rng.integers(2, size=96)
    texts = [[*rng.integers(4, 8, size=2), *((2, 3) if o else (3, 2)), *rng.integers(4, 8, size=2)] for o in order]
    net = encoder(embedding=16, depth=1, dropout=0.0).train()
    head = torch.nn.Linear(8, 2)
    optimiser = torch.optim.AdamW([*net.parameters(), *head.parameters()], lr=1e-2)
    present, targets = torch.ones(96, 1, dtype=torch.bool), torch.from_numpy(order)
    for _ in range(60):
        tokens: Tokens = net({"ids": ids(*texts)}, present)
        loss = torch.nn.functional.cross_entropy(head(tokens.mean()), targets)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss < 0.1


def test_it_keeps_the_laws_of_encoders(monkeypatch):
    monkeypatch.setattr(Text, "default_encoder", "text_transformer")
    cells = ["a red watch", "防水手表 watch", "a blue one", "nothing at all", "red", None, "a a a a", "blue watch"]
    check_modality(Text(columns=("note",), max_length=12), Cells(pd.DataFrame({"note": cells}), Path()))


def test_what_does_not_fit_is_refused():
    with pytest.raises(NotFittedError):
        TextTransformer(Text(columns=("note",)), 8)
    with pytest.raises(ConfigError, match="heads"):
        encoder(embedding=18, heads=4)
