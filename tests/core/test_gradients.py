"""Gradients: clipped as PyTorch clips them, set aside and added back."""

import numpy as np
import torch
from torch import nn

from polysight.core.gradients import add_back, clip_gradients, set_aside


def test_clipping_is_pytorch_s_and_tells_each_norm():
    torch.manual_seed(0)
    parameters = [nn.Parameter(torch.randn(3, 2)), nn.Parameter(torch.randn(4)), nn.Parameter(torch.randn(2))]
    gradients = [torch.randn(3, 2), torch.randn(4), None]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = None if gradient is None else gradient.clone()
    norms = clip_gradients(parameters, 0.5)
    np.testing.assert_allclose(norms, [gradients[0].norm(), gradients[1].norm()], rtol=1e-6)
    others = [nn.Parameter(torch.zeros(3, 2)), nn.Parameter(torch.zeros(4))]
    for parameter, gradient in zip(others, gradients, strict=False):
        parameter.grad = gradient.clone()
    nn.utils.clip_grad_norm_(others, 0.5)
    torch.testing.assert_close(parameters[0].grad, others[0].grad)
    torch.testing.assert_close(parameters[1].grad, others[1].grad)
    assert parameters[2].grad is None


def test_gradients_set_aside_are_added_back():
    parameters = [nn.Parameter(torch.zeros(2)) for _ in range(4)]
    parameters[0].grad, parameters[1].grad = torch.ones(2), torch.ones(2)
    earlier = set_aside(parameters)
    assert all(parameter.grad is None for parameter in parameters)
    parameters[1].grad, parameters[2].grad = torch.ones(2), torch.ones(2)
    add_back(parameters, earlier)
    assert [None if p.grad is None else p.grad[0].item() for p in parameters] == [1.0, 2.0, 1.0, None]
