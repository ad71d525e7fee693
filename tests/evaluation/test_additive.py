"""The additive projection against the formula of the paper, written out."""

import numpy as np
import pytest

from polysight.evaluation.additive import additive_projection


def test_two_inputs_are_projected_as_in_the_paper():
    rng = np.random.default_rng(0)
    n, classes = 70, 3
    f = rng.normal(size=(n, n, classes))  # f[i, j]: the text of row i with the image of row j
    expected = np.empty((n, classes))
    for i in range(n):
        text = sum(f[i, j] for j in range(n)) / n
        image = sum(f[j, i] for j in range(n)) / n
        both = f.sum(axis=(0, 1)) / n**2
        expected[i] = text + image - both
    found = additive_projection(lambda picks: f[picks["text"], picks["image"]], ["text", "image"], n)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_what_is_additive_is_its_own_projection(count):
    rng = np.random.default_rng(count)
    terms = {f"input {m}": rng.normal(size=(9, 2)) for m in range(count)}
    found = additive_projection(lambda picks: sum(terms[name][rows] for name, rows in picks.items()), list(terms), 9)
    np.testing.assert_allclose(found, sum(terms.values()), rtol=1e-9, atol=1e-12)


def test_an_exclusive_or_leaves_nothing():
    bits = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])

    def ask(picks):
        differs = bits[picks["a"], 0] ^ bits[picks["b"], 1]
        return np.stack([1.0 - differs, differs], axis=1)

    np.testing.assert_allclose(additive_projection(ask, ["a", "b"], 4), 0.5)


def test_with_three_inputs_the_others_stay_together():
    rng = np.random.default_rng(1)
    n = 6
    f = rng.normal(size=(n, n, n, 2))
    means = [
        np.array([np.mean([f[i, j, j] for j in range(n)], axis=0) for i in range(n)]),
        np.array([np.mean([f[j, i, j] for j in range(n)], axis=0) for i in range(n)]),
        np.array([np.mean([f[j, j, i] for j in range(n)], axis=0) for i in range(n)]),
    ]
    expected = sum(means) - 2 * np.mean(means, axis=(0, 1))
    found = additive_projection(lambda p: f[p["a"], p["b"], p["c"]], ["a", "b", "c"], n)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
