"""Cells that hold many numbers."""

import numpy as np
import pytest

from polysight.data.nested import holds_numbers, listed


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("[]", True),
        (" [1, -2.5e3, null] ", True),
        ("[[1, 2], [3, 4]]", True),
        ([1, None, 2.0], True),
        ((1, 2), True),
        (np.arange(3.0), True),
        (np.array([np.arange(2), np.arange(2)]), True),
        (np.array([None, 1.0], dtype=object), True),
        (np.zeros((4, 4), dtype=np.uint8), False),
        (np.zeros((2, 2, 2)), False),
        (np.array(["a"]), False),
        ('["a"]', False),
        ("[true]", False),
        ("[1, 2", False),
        ("[see note]", False),
        ("1, 2", False),
        ({"a": 1}, False),
        (1.0, False),
        (None, False),
    ],
)
def test_holds_numbers(cell, expected):
    assert holds_numbers(cell) == expected


def test_a_list_nested_without_end_is_none():
    assert listed("[" * 100_000 + "]" * 100_000) is None
