from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.core.errors import NotFittedError
from polysight.modalities.tabular.chosen_numbers import NumberEndings, RepeatedNumbers, chosen_columns

PRICES = np.array(
    [99.0, 199, 499, 999, 1299, 2500, 349, 450, 599, 699, 799, 899, 1499, 1999, 149, 249, 299, 399, 650, 75]
)
WEIGHTS = np.linspace(0.37, 9.1, len(PRICES))


def derived(*columns):
    records = np.empty(len(columns[0]), dtype=[("numbers", np.float64, (len(columns),)), ("categories", object, (0,))])
    records["numbers"] = np.array(columns, dtype=np.float64).T
    return records


def test_prices_are_chosen_and_measurements_are_not():
    counts = np.arange(len(PRICES)) * 137.0
    few = np.repeat([100.0, 200.0], len(PRICES) // 2)
    missing = np.where(np.arange(len(PRICES)) > -1, np.nan, PRICES)
    found = chosen_columns(np.column_stack([PRICES, WEIGHTS, counts, few, missing, PRICES + 0.5]))
    assert found.tolist() == [True, False, False, False, False, False]


def test_values_that_repeat_have_a_column_each():
    train = np.concatenate([PRICES, [499, 499, 1299, np.nan]])
    fitted = RepeatedNumbers().fit(derived(train, np.concatenate([WEIGHTS, WEIGHTS[:4]])))
    assert fitted.values == ((499.0, 1299.0),)
    seen = fitted.transform(derived([1299.0, 499, 500, np.nan], [1.0, 2, 3, 4])).toarray()
    np.testing.assert_array_equal(seen, [[0, 0, 1], [0, 1, 0], [0, 0, 0], [0, 0, 0]])


def test_two_columns_of_prices_share_the_length_of_a_row():
    twice = np.concatenate([PRICES, PRICES])
    fitted = RepeatedNumbers().fit(derived(twice, twice))
    row = fitted.transform(derived([499.0], [999.0])).toarray()
    np.testing.assert_allclose(np.linalg.norm(row), 1.0)


def test_endings_are_the_last_digits():
    fitted = NumberEndings().fit(derived(WEIGHTS, PRICES))
    shown = fitted.transform(derived([1.0, 2.0], [12_499.0, np.nan]))
    np.testing.assert_array_equal(shown, [[9, 99, 499], [np.nan] * 3])


@pytest.mark.parametrize("features", [NumberEndings(), RepeatedNumbers()])
def test_nothing_chosen_is_a_column_of_zeros(features):
    fitted = features.fit(derived(WEIGHTS))
    shown = np.asarray(
        getattr(fitted.transform(derived(WEIGHTS)), "todense", lambda: fitted.transform(derived(WEIGHTS)))()
    )
    assert shown.shape == (len(WEIGHTS), 1)
    assert not shown.any()
    with pytest.raises(NotFittedError):
        features.transform(derived(WEIGHTS))


@given(st.lists(st.floats(-1e20, 1e20) | st.just(float("nan")), min_size=1, max_size=30))
def test_any_numbers_give_finite_or_missing_endings(values):
    train = derived(PRICES)
    for features in (NumberEndings().fit(train), RepeatedNumbers().fit(train)):
        shown = features.transform(derived(values))
        assert shown.shape[0] == len(values)


@pytest.mark.parametrize("features", [NumberEndings(), RepeatedNumbers()])
def test_they_come_back_from_their_state(features):
    fitted = features.fit(derived(np.concatenate([PRICES, PRICES]), np.concatenate([WEIGHTS, WEIGHTS])))
    again = type(features).from_state(fitted.to_state())
    new = derived([499.0, 7.0, np.nan], [1.0, 2.0, 3.0])
    ours, theirs = (x.transform(new) for x in (fitted, again))
    np.testing.assert_array_equal(
        getattr(ours, "toarray", lambda: ours)(), getattr(theirs, "toarray", lambda: theirs)()
    )
