"""MiniRocket against a naive implementation of the paper's definition, in float64."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polysight.core.errors import ConfigError
from polysight.modalities.minirocket import MiniRocket

PHI = (np.sqrt(5) + 1) / 2


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def whole_numbers(rows: int, channels: int, time: int, seed: int = 0) -> np.ndarray:
    """Series on which float32 is exact, so that no comparison hangs on rounding."""
    return rng(seed).integers(-20, 21, (rows, channels, time)).astype(np.float32)


def full(series: np.ndarray) -> np.ndarray:
    return np.full(len(series), series.shape[2])


def answer(series: np.ndarray, weights: np.ndarray, dilation: int) -> np.ndarray:
    """A dilated kernel centred on every moment of one series, zeros around it."""
    time = len(series)
    result = np.zeros(time)
    for moment in range(time):
        for tap, weight in enumerate(weights):
            at = moment + (tap - 4) * dilation
            result[moment] += weight * series[at] if 0 <= at < time else 0.0
    return result


def naive(train: np.ndarray, series: list[np.ndarray], features: int) -> np.ndarray:
    """The paper's features of single-channel series, biases from the one training series."""
    each = features // 84
    steps = min(each, 32)
    exponents = np.linspace(0, np.log2((len(train) - 1) / 8), steps)
    dilations, counts = np.unique(np.floor(2**exponents).astype(int), return_counts=True)
    counts = np.floor(counts * each / steps).astype(int)
    counts[: each - counts.sum()] += 1
    columns, drawn = [], 0
    for i, (dilation, count) in enumerate(zip(dilations, counts, strict=True)):
        for j, twos in enumerate(combinations(range(9), 3)):
            weights = np.full(9, -1.0)
            weights[list(twos)] = 2.0
            shares = [(PHI * (drawn + n + 1)) % 1 for n in range(count)]
            drawn += count
            biases = np.quantile(answer(train, weights, dilation), shares).astype(np.float32)
            margin = 4 * dilation if (i + j) % 2 else 0
            inside = [answer(row, weights, dilation)[margin : len(row) - margin] for row in series]
            columns += [[np.mean(values > bias) for values in inside] for bias in biases]
    return np.array(columns).T


@pytest.mark.parametrize(("features", "time"), [(84, 20), (84 * 4, 30), (84 * 3, 9)])
def test_one_channel_is_what_the_paper_defines(features, time):
    train, series = whole_numbers(1, 1, time), whole_numbers(2, 1, time, seed=1)
    described = MiniRocket.fit(train, full(train), features, rng())(series, full(series))
    assert described.dtype == np.float32
    np.testing.assert_allclose(described, naive(train[0, 0], list(series[:, 0]), features), rtol=1e-6, atol=1e-7)


def test_several_channels_are_added_up():
    train, series = whole_numbers(3, 4, 30), whole_numbers(2, 4, 30, seed=1)
    fitted = MiniRocket.fit(train, full(train), 84 * 2, rng())
    described = fitted(series, full(series))
    place = 0
    for i, dilation in enumerate(fitted.dilations):
        for j, twos in enumerate(combinations(range(9), 3)):
            weights = np.full(9, -1.0)
            weights[list(twos)] = 2.0
            margin = 4 * dilation if (i + j) % 2 else 0
            for row, mixed in enumerate(series[:, fitted.channels[i, j]].sum(axis=1)):
                inside = answer(mixed, weights, dilation)[margin : 30 - margin]
                assert described[row, place] == pytest.approx(np.mean(inside > fitted.biases[place]))
            place += fitted.counts[i, j]


def test_channels_are_drawn_from_one_to_nine():
    train = whole_numbers(2, 30, 60)
    sizes = MiniRocket.fit(train, full(train), 84 * 10, rng()).channels.sum(axis=2)
    assert (sizes.min(), sizes.max()) == (1, 9)


def test_the_seed_decides():
    train = whole_numbers(6, 5, 30)
    one, same, other = (MiniRocket.fit(train, full(train), 168, rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.biases, same.biases)
    assert not np.array_equal(one.biases, other.biases)


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 30), st.integers(84, 400), st.integers(0, 2**31))
def test_rows_stand_alone_and_end_where_they_end(end, features, seed):
    train, series = whole_numbers(3, 2, 30, seed), rng(seed).normal(size=(4, 2, 30)).astype(np.float32)
    fitted = MiniRocket.fit(train, full(train), features, rng(seed))
    length = np.array([30, end, 30, 1])
    described = fitted(series, length)
    assert described.shape == (4, features)
    assert ((described >= 0) & (described <= 1)).all()
    changed = series.copy()
    changed[1, :, end:] = np.nan
    np.testing.assert_array_equal(described, fitted(changed, length))
    for rows in ([1], [3, 1]):
        np.testing.assert_array_equal(described[rows], fitted(series[rows], length[rows]))
    np.testing.assert_array_equal(described[[1]], fitted(series[[1], :, :end], length[[1]]))


def test_what_lies_beyond_the_end_teaches_nothing():
    train, length = whole_numbers(3, 2, 30), np.array([12, 20, 30])
    changed = np.where(np.arange(30) < length[:, None, None], train, np.nan)
    one, other = (MiniRocket.fit(series, length, 168, rng()) for series in (train, changed))
    np.testing.assert_array_equal(one.biases, other.biases)


def test_where_there_is_nothing_the_shares_are_zero():
    train = whole_numbers(2, 2, 30)
    fitted = MiniRocket.fit(train, full(train), 84, rng())
    assert not fitted(train, np.array([0, 0])).any()
    assert fitted(train[:0], np.array([], dtype=int)).shape == (0, 84)


@pytest.mark.parametrize(("rows", "features"), [(1, 83), (0, 84)])
def test_too_few_features_or_series_are_refused(rows, features):
    train = whole_numbers(rows, 1, 20)
    with pytest.raises(ConfigError, match="at least 84 features"):
        MiniRocket.fit(train, full(train), features, rng())
