"""Features of series: statistics against SciPy, spectra against SciPy's periodogram, kernels against MiniRocket."""

import numpy as np
import pytest
from scipy import signal, stats

from polysight.core.config import build
from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import View
from polysight.modalities import FEATURES
from polysight.modalities.equality import stored
from polysight.modalities.minirocket import MiniRocket
from polysight.modalities.series.features import LAGS, STATISTICS, SeriesStatistics, channel_statistics
from polysight.modalities.series.rocket import SeriesMiniRocket
from polysight.modalities.series.spectrum import SeriesSpectrum, power_spectrum

RNG = np.random.default_rng(0)


def view(rows=6, slots=1, channels=2, time=40):
    values = RNG.normal(size=(rows, slots, channels, time)).astype(np.float32)
    length = RNG.integers(20, time + 1, (rows, slots)).astype(np.int32)
    present = np.ones((rows, slots), dtype=bool)
    present[1] = False
    length[1] = 0
    values = np.where((np.arange(time) < length[..., None])[:, :, None], values, 0).astype(np.float32)
    return View({"values": values, "length": length}, present, np.array([b"%032d" % i for i in range(rows)]))


def test_statistics_are_those_of_scipy():
    values = RNG.gamma(2.0, size=200)
    found = dict(zip(STATISTICS, channel_statistics(values), strict=True))
    assert found["skewness"] == pytest.approx(stats.skew(values))
    assert found["kurtosis"] == pytest.approx(stats.kurtosis(values))
    line = stats.linregress(np.linspace(-0.5, 0.5, 200), values)
    assert found["slope"] == pytest.approx(line.slope / values.std())
    centred = values - values.mean()
    for lag in LAGS:
        expected = np.correlate(centred, centred, "full")[len(values) - 1 + lag] / (centred @ centred)
        assert found[f"autocorrelation_{lag}"] == pytest.approx(expected)
    assert (found["mean"], found["maximum"]) == (values.mean(), values.max())
    assert found["percentile_25"] == np.percentile(values, 25)
    assert found["change"] == pytest.approx(np.abs(np.diff(values)).mean())
    assert found["crossings"] == pytest.approx(np.mean(np.diff(np.sign(values - values.mean())) != 0))


def test_a_steady_channel_and_a_single_value_have_finite_statistics():
    assert channel_statistics(np.full(9, 7.0))[len(STATISTICS) - 9 :].sum() == 0
    assert np.isfinite(channel_statistics(np.array([3.0]))).all()


def test_correlations_are_those_of_numpy():
    channels = RNG.normal(size=(3, 50))
    described = SeriesStatistics().describe(channels)
    expected = np.corrcoef(channels)[np.triu_indices(3, 1)]
    np.testing.assert_allclose(described[-4:-1], expected)
    assert described[-1] == pytest.approx(np.log(50))
    assert len(SeriesStatistics(pairs=1).describe(channels)) == len(described) - 2


def test_the_spectrum_is_that_of_scipy():
    channels = RNG.normal(size=(2, 64)) + 5
    power, cycles = power_spectrum(channels)
    expected_cycles, density = signal.periodogram(channels, window="hann", detrend="constant", scaling="density")
    np.testing.assert_allclose(cycles, expected_cycles[1:])
    np.testing.assert_allclose(power, density[:, 1:] / 64)


def test_a_tone_stands_at_its_pace():
    tone = np.sin(2 * np.pi * 0.125 * np.arange(256))[None]
    described = SeriesSpectrum(bands=4).describe(tone)
    strongest, centroid, spread, entropy = described[5:]
    assert (strongest, centroid) == (pytest.approx(0.125), pytest.approx(0.125, abs=1e-3))
    assert spread < 0.01
    assert entropy < 0.3
    assert described[:4].argmax() == 3
    assert 10 ** (described[4] - 12) == pytest.approx(0.5, rel=0.01)


@pytest.mark.parametrize("kind", ["series_statistics", "series_spectrum"])
def test_rows_are_described_one_by_one_and_absent_ones_are_zero(kind):
    features, seen = build(FEATURES, kind), view(slots=2)
    whole = features.derive(seen)
    assert whole.shape[0] == 6
    assert not whole[1].any()
    assert np.isfinite(whole).all()
    np.testing.assert_array_equal(features.derive(seen.take([4])), whole[[4]])


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_the_shortest_series_are_described(steps):
    for features in (SeriesStatistics(), SeriesSpectrum()):
        short, long = features.describe(np.ones((2, steps))), features.describe(RNG.normal(size=(2, 30)))
        assert short.shape == long.shape
        assert np.isfinite(short).all()


def test_a_missing_channel_is_described_as_nothing():
    channels = np.stack([np.arange(20.0), np.full(20, np.nan)])
    assert np.isfinite(SeriesStatistics().describe(channels)).all()
    assert np.isfinite(SeriesSpectrum().describe(channels)).all()


def test_kernels_are_those_of_minirocket_in_deviations():
    seen = view(rows=5)
    features = SeriesMiniRocket(features=84)
    derived = features.derive(seen)
    fitted = features.fit(derived[[0, 2, 3]], seed=3)
    series = [derived[row, 0] for row in (0, 2, 3)]
    deviations = np.sqrt(np.nanmean(np.concatenate(series, axis=1).astype(np.float64) ** 2, axis=1))
    scaled = derived[[0, 2, 3], 0] / deviations[:, None].astype(np.float32)
    length = seen.arrays["length"][[0, 2, 3], 0]
    kernels = MiniRocket.fit(scaled, length, 84, np.random.default_rng(3))
    np.testing.assert_allclose(fitted.transform(derived[[0, 2, 3]]), kernels(scaled, length), atol=1e-6)


def test_kernels_leave_absent_rows_zero_and_come_back_from_their_state():
    seen = view(rows=5, slots=2)
    features = SeriesMiniRocket(features=90)
    derived = features.derive(seen)
    with pytest.raises(NotFittedError):
        features.transform(derived)
    assert features.fit(derived[[1]]) == features
    fitted = features.fit(derived, seed=1)
    matrix = fitted.transform(derived)
    assert matrix.shape == (5, 180)
    assert not matrix[1].any()
    again = SeriesMiniRocket.from_state(stored(fitted.to_state()))
    np.testing.assert_array_equal(again.transform(derived), matrix)


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "series_minirocket", "features": 83},
        {"kind": "series_spectrum", "bands": 0},
        {"kind": "series_statistics", "pairs": -1},
    ],
)
def test_options_out_of_range_are_refused(spec):
    with pytest.raises(ConfigError):
        build(FEATURES, spec)
