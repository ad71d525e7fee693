"""Costs against counts by hand."""

import pytest

from polysight.fusion import FUSIONS
from polysight.fusion.cost import Cost, costs_of


def test_gated_costs_what_its_layers_have():
    costs = costs_of(FUSIONS.load("gated"))
    for cost, (count, width) in zip(costs, [(m, w) for m in (2, 3, 4) for w in (64, 128)], strict=True):
        products = count * width**2 + (count * width) ** 2
        parameters = products + 2 * count * width
        assert cost == Cost(count, f"width {width}", parameters, 2 * products)


def test_decision_fusions_are_counted_by_classes():
    assert costs_of(FUSIONS.load("confidence")) == [Cost(count, "10 classes", 2 * count, 0) for count in (2, 3, 4)]


@pytest.mark.parametrize("kind", sorted(FUSIONS))
def test_every_fusion_is_countable_and_costs_more_where_it_is_wider(kind):
    costs = costs_of(FUSIONS.load(kind))
    assert {cost.modalities for cost in costs} == {2, 3, 4}
    for narrow, wide in zip(costs[::2], costs[1::2], strict=False):
        assert wide.parameters >= narrow.parameters >= 0
        assert wide.flops >= narrow.flops >= 0
