from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from polysight.learners.products import inner_products


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), full=st.integers(0, 6), rows=st.integers(1, 30))
def test_products_are_those_of_dense_matrices(seed, full, rows):
    rng = np.random.default_rng(seed)
    a, b = (rng.normal(size=(count, 40)) * (rng.random((count, 40)) < 0.05) for count in (rows, 12))
    a[:, :full] = rng.normal(size=(rows, full))
    b[:, 3 : 3 + full] = rng.normal(size=(12, full))
    np.testing.assert_allclose(inner_products(csr_array(a), csr_array(b)), a @ b.T, atol=1e-12)
    np.testing.assert_array_equal(inner_products(a, b), a @ b.T)


@pytest.mark.parametrize("rows", [0, 3])
def test_nothing_in_it(rows):
    np.testing.assert_array_equal(inner_products(csr_array((rows, 5)), csr_array((2, 5))), np.zeros((rows, 2)))
