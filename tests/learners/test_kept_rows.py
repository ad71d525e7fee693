"""Kept rows: products, lengths and kernels are those of dense matrices; what is saved comes back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from polysight.learners.kept_rows import KeptRows
from polysight.learners.support_vectors import gaussian_kernel


def mixed(rows, seed, full=5):
    """A matrix of which some columns are full and the others nearly empty."""
    dice = np.random.default_rng(seed)
    found = dice.normal(size=(rows, 60)) * (dice.random((rows, 60)) < 0.04)
    found[:, :full] = dice.normal(size=(rows, full))
    return found


@pytest.mark.parametrize("form", [np.asarray, csr_array])
@pytest.mark.parametrize("rows", [1, 7])
def test_products_and_kernels_are_those_of_dense_matrices(form, rows):
    kept, asked = mixed(30, 0), mixed(rows, 1)
    found = KeptRows.of(form(kept))
    assert found.columns == 60
    np.testing.assert_allclose(found.products(form(asked)), asked @ kept.T, atol=1e-12)
    np.testing.assert_allclose(found.squares, (kept**2).sum(axis=1), atol=1e-12)
    distances = ((asked[:, None] - kept[None]) ** 2).sum(axis=2)
    np.testing.assert_allclose(gaussian_kernel(form(asked), found, 0.3), np.exp(-0.3 * distances), atol=1e-12)


@pytest.mark.parametrize("form", [np.asarray, csr_array])
def test_halved_rows_are_saved_in_half_precision_and_come_back_the_same(form):
    kept, asked = mixed(30, 0).astype(np.float32), form(mixed(4, 1).astype(np.float32))
    found = KeptRows.of(form(kept), halved=True)
    state = found.to_state()
    assert state["dense"].dtype == np.float16
    again = KeptRows.from_state(state)
    assert (again.products(asked) == found.products(asked)).all()
    assert (again.squares == found.squares).all()
    np.testing.assert_allclose(found.products(asked), KeptRows.of(form(kept)).products(asked), atol=0.02)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), full=st.integers(0, 6), rows=st.integers(1, 30))
def test_products_are_those_of_dense_matrices(seed, full, rows):
    rng = np.random.default_rng(seed)
    a, b = (rng.normal(size=(count, 40)) * (rng.random((count, 40)) < 0.05) for count in (rows, 12))
    a[:, :full] = rng.normal(size=(rows, full))
    b[:, 3 : 3 + full] = rng.normal(size=(12, full))
    np.testing.assert_allclose(KeptRows.of(csr_array(b)).products(csr_array(a)), a @ b.T, atol=1e-12)
    np.testing.assert_array_equal(KeptRows.of(b).products(a), a @ b.T)


@pytest.mark.parametrize("rows", [0, 3])
def test_nothing_in_it(rows):
    np.testing.assert_array_equal(KeptRows.of(csr_array((2, 5))).products(csr_array((rows, 5))), np.zeros((rows, 2)))
