import dataclasses

import numpy as np
import pytest
import torch

from polysight.core.errors import NotFittedError
from polysight.modalities.tabular.encoders import TabularMLP
from polysight.modalities.tabular.modality import Tabular

BARE = Tabular(columns=("a", "b", "x", "y"), categorical=("x", "y"))
FITTED = dataclasses.replace(BARE, quantiles=np.zeros((2, 2)), levels=(("u", "v"), ("w",)))
PRESENT = torch.ones(2, 1, dtype=torch.bool)


def encode(net, numbers=((0.0, 1.0), (0.0, 1.0)), missing=((False, False),) * 2, categories=((2, 2), (2, 2))):
    arrays = {
        "numbers": torch.tensor(numbers),
        "missing": torch.tensor(missing),
        "categories": torch.tensor(categories),
    }
    return net(arrays, PRESENT).values[:, 0]


@pytest.fixture
def net():
    torch.manual_seed(0)
    return TabularMLP(FITTED, 8).eval()


def test_a_table_is_one_token(net):
    assert encode(net).shape == (2, 8)


@pytest.mark.parametrize(
    "change",
    [
        {"numbers": ((0.0, 1.0), (0.5, 1.0))},
        {"missing": ((False, False), (True, False))},
        {"categories": ((2, 2), (3, 2))},
        {"categories": ((2, 2), (0, 2))},
        {"categories": ((2, 2), (2, 1))},
    ],
)
def test_every_kind_of_cell_counts(net, change):
    values = encode(net, **change)
    assert not torch.allclose(values[0], values[1], atol=1e-3)


def test_columns_do_not_share_the_vectors_of_their_levels(net):
    columns = [net.embed(torch.tensor([[code, code]]) + net.start) for code in range(3)]
    assert torch.stack([vector for pair in columns for vector in pair[0]]).unique(dim=0).shape[0] == 6
    assert net.embed.num_embeddings == 4 + 3


@pytest.mark.parametrize(("columns", "categorical", "levels"), [(("a",), (), ()), (("x",), ("x",), (("u",),))])
def test_numbers_alone_and_categories_alone_will_do(columns, categorical, levels):
    modality = Tabular(columns=columns, categorical=categorical, levels=levels, quantiles=np.zeros((2, len(columns))))
    numeric = len(columns) - len(categorical)
    arrays = {
        "numbers": torch.zeros(2, numeric),
        "missing": torch.zeros(2, numeric, dtype=torch.bool),
        "categories": torch.zeros(2, len(categorical), dtype=torch.int64),
    }
    assert TabularMLP(modality, 8).eval()(arrays, PRESENT).values.shape == (2, 1, 8)


def test_the_gradient_reaches_every_parameter(net):
    (encode(net) * torch.arange(8)).sum().backward()
    assert all(p.grad is not None for p in net.parameters())


def test_an_unfitted_table_cannot_be_encoded():
    with pytest.raises(NotFittedError):
        TabularMLP(BARE, 8)
