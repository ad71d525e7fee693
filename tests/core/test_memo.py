from __future__ import annotations

import numpy as np
import torch
from scipy.sparse import csr_array

from polysight.core.memo import Memo, remembered, remembering


def counted():
    calls = []

    def compute():
        calls.append(1)
        return np.zeros(10), csr_array(np.eye(3))

    return calls, compute


def test_what_is_kept_is_computed_once_and_only_inside():
    calls, compute = counted()
    remembered("key", compute)
    with remembering():
        first = remembered("key", compute)
        assert remembered("key", compute) is first
        remembered("another", compute)
    remembered("key", compute)
    assert len(calls) == 4


def test_what_was_not_asked_for_longest_goes_first():
    calls, _ = counted()
    memo = Memo(limit=200)

    def eighty():
        calls.append(1)
        return np.zeros(10)

    for key in ("a", "b", "a", "c"):
        memo.get(key, eighty)
    assert len(calls) == 3
    memo.get("a", eighty)
    assert len(calls) == 3
    memo.get("b", eighty)
    assert len(calls) == 4


def test_a_value_larger_than_the_limit_is_not_kept():
    calls, compute = counted()
    memo = Memo(limit=1)
    assert memo.get("a", compute)[0].shape == (10,)
    memo.get("a", compute)
    assert len(calls) == 2


def test_tensors_and_sparse_matrices_take_their_bytes():
    memo = Memo(limit=1000)
    for key, value in (("dense", (torch.zeros(50), np.zeros(50))), ("sparse", csr_array(np.eye(40)))):
        memo.get(key, lambda value=value: value)
    calls, compute = counted()
    memo.get("dense", compute)
    # 600 bytes and 644 do not fit together: the first had to go.
    assert len(calls) == 1
