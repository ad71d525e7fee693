"""The series modality: laws, settings, reading, scaling, and which columns it takes."""

import json

import numpy as np
import pandas as pd
import pytest

from polysight import Series
from polysight.core.config import build
from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import Cells
from polysight.modalities import MODALITIES
from polysight.modalities.contract import check_modality


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("POLYSIGHT_CACHE", str(tmp_path_factory.mktemp("cache")))


def lists(count=8, channels=2, seed=0):
    rng = np.random.default_rng(seed)
    return [json.dumps(rng.normal(size=(10 + 3 * i, channels)).round(3).tolist()) for i in range(count)]


def files(folder, suffix="csv", count=7):
    rng, names = np.random.default_rng(1), []
    for i in range(count):
        frame = pd.DataFrame({"time": np.cumsum(rng.uniform(0.05, 0.15, 40)), "x": rng.normal(size=40), "y": i / 2})
        names.append(f"{i}.{suffix}")
        frame.to_csv(folder / names[-1], index=False) if suffix == "csv" else np.save(folder / names[-1], frame)
    return names


def cells(values, folder, column="sensor"):
    return Cells(pd.DataFrame({column: pd.Series(values, dtype=object)}), folder)


def test_keeps_the_laws_of_modalities_with_files(tmp_path):
    names = files(tmp_path)
    (tmp_path / "broken.csv").write_text("x,y\n")
    names[2:2] = ["broken.csv", "nowhere.csv"]
    check_modality(Series(columns=("sensor",)), cells(names, tmp_path), bad=[(2, "sensor"), (3, "sensor")])


def test_keeps_the_laws_with_two_columns_of_lists_and_a_missing_channel(tmp_path):
    frame = pd.DataFrame({"left": lists(), "right": lists(seed=1)})
    frame.loc[3, "right"] = None
    frame.loc[5, "left"] = json.dumps([[1.0, None]] * 9)
    check_modality(Series(columns=("left", "right")), Cells(frame, tmp_path))


def test_settings_come_from_the_recordings(tmp_path):
    settled = Series(columns=("sensor",)).settle(cells([*files(tmp_path), None, "gone.csv"], tmp_path))
    assert (settled.time, settled.channels) == ("time", ("x", "y"))
    assert settled.interval == pytest.approx(0.1, rel=0.2)
    assert 35 <= settled.steps <= 50
    plain = Series(columns=("sensor",)).settle(cells(lists(), tmp_path))
    assert (plain.time, plain.channels, plain.interval, plain.steps) == (None, ("0", "1"), 1.0, 30)


def test_long_recordings_get_longer_steps(tmp_path):
    np.save(tmp_path / "long.npy", np.zeros((5000, 1)))
    settled = Series(columns=("sensor",)).settle(cells(["long.npy"] * 3, tmp_path))
    assert (settled.interval, settled.steps) == (10.0, 500)


def test_a_time_column_may_be_a_number(tmp_path):
    np.save(tmp_path / "a.npy", np.array([[3.0, 0.0], [5.0, 2.0], [4.0, 1.0]]))
    series = Series(columns=("sensor",), time=1, interval=1.0).settle(cells(["a.npy"], tmp_path))
    assert (series.time, series.channels) == ("1", ("0",))
    np.testing.assert_array_equal(series.read(cells(["a.npy"], tmp_path)).arrays["values"][0, 0], [[3, 4, 5]])
    pd.DataFrame({"v": [3, 4], "s": [0, 2]}).to_csv(tmp_path / "b.csv", index=False)
    assert Series(columns=("sensor",), time=1).settle(cells(["b.csv"], tmp_path)).time == "s"


def test_lengths_differ_and_padding_stays_zero(tmp_path):
    series = Series(columns=("sensor",)).settle(cells(["[1, 2, 3]", "[4, 5, 6, 7]"] * 4, tmp_path))
    view = series.read(cells(["[1, 2, 3]", "[4, 5, 6, 7]", None], tmp_path))
    assert view.arrays["length"][:, 0].tolist() == [3, 4, 0]
    arrays = series.fit(view).transform(view)
    mean, scale = 4.0, np.std([1, 2, 3, 4, 5, 6, 7])
    np.testing.assert_allclose(arrays["values"][0, 0, 0], [*(np.array([1, 2, 3]) - mean) / scale, 0], rtol=1e-6)
    assert not arrays["values"][2].any()


def test_columns_are_found_by_name_whatever_their_order(tmp_path):
    pd.DataFrame({"y": [1, 2], "extra": [0, 0], "x": [3, 4]}).to_csv(tmp_path / "a.csv", index=False)
    np.save(tmp_path / "b.npy", np.array([[5, 6], [7, 8]]))
    series = Series(columns=("sensor",), channels=("x", "y"), interval=1.0, steps=2)
    values = series.read(cells(["a.csv", "b.npy"], tmp_path)).arrays["values"][:, 0]
    np.testing.assert_array_equal(values, [[[3, 4], [1, 2]], [[5, 7], [6, 8]]])


def test_other_channels_and_missing_times_are_named(tmp_path):
    (tmp_path / "a.csv").write_text("x,z\n1,2\n")
    series = Series(columns=("sensor",), channels=("x", "y"), time="t", interval=1.0, steps=2)
    (tmp_path / "b.csv").write_text("t,x,z\n1,2,3\n")
    problems = series.read(cells(["a.csv", "b.csv"], tmp_path)).problems
    assert [p.code for p in problems] == ["no_time", "wrong_channels"]
    plain = Series(columns=("sensor",), channels=("0", "1"), interval=1.0, steps=2)
    problems = plain.read(cells(["[[1, 2, 3]]", "[1]"], tmp_path)).problems
    assert [p.code for p in problems] == ["wrong_channels", "wrong_channels"]
    assert "0, 1, 2" in problems[0].reason


def test_a_steady_channel_and_far_values_stay_finite(tmp_path):
    series = Series(columns=("sensor",), channels=("0",), interval=1.0, steps=3)
    steady = series.read(cells(["[5, 5, 5]"] * 4, tmp_path))
    fitted = series.fit(steady)
    assert not fitted.transform(steady)["values"].any()
    far = fitted.transform(series.read(cells(["[1e20, -1e20, 5]"], tmp_path)))["values"]
    np.testing.assert_array_equal(far[0, 0, 0], [20, -20, 0])


def test_arrays_and_lists_in_memory_are_read(tmp_path):
    values = [np.arange(6.0), [0, 1, 2], np.arange(6.0).reshape(3, 2)[:, 0]]
    series = Series(columns=("sensor",)).settle(cells(values, tmp_path))
    view = series.read(cells(values, tmp_path))
    assert view.present.all()
    assert view.arrays["length"][:, 0].tolist() == [6, 3, 3]
    assert Series.sniff(pd.Series(values), tmp_path).score > 0.9


def test_sniffs_lists_and_files_by_what_they_hold(tmp_path):
    names = files(tmp_path)
    assert Series.sniff(pd.Series(names), tmp_path).score == 1
    assert Series.sniff(pd.Series(["gone.csv"]), tmp_path).score < 0.5
    assert Series.sniff(pd.Series(lists()), tmp_path).score > 0.9
    for shape, dtype, score in [((9, 3), "f4", 0.8), ((9,), "i2", 0.8), ((9, 9), "u1", 0), ((9, 200), "f4", 0)]:
        np.save(tmp_path / "a.npy", np.zeros(shape, dtype))
        assert Series.sniff(pd.Series(["a.npy"] * 3, name="motion"), tmp_path).score == pytest.approx(score)
    np.save(tmp_path / "a.npy", np.zeros((900, 3)))
    assert Series.sniff(pd.Series(["a.npy"], name="lidar_sweep"), tmp_path).score < 0.5
    assert Series.sniff(pd.Series(["some words", "[not a list]", None]), tmp_path).score == 0
    assert Series.sniff(pd.Series([1.0, 2.0]), tmp_path).score == 0


@pytest.mark.parametrize(
    "options", [{"steps": 0}, {"interval": 0.0}, {"interval": float("inf")}, {"channels": ()}, {"augment": ("jittr",)}]
)
def test_settings_that_do_not_fit_are_refused(options):
    with pytest.raises(ConfigError):
        Series(columns=("a",), **options)


def test_what_is_not_settled_or_fitted_says_so(tmp_path):
    with pytest.raises(NotFittedError, match="settle"):
        Series(columns=("sensor",)).read(cells(["[1]"], tmp_path))
    series = Series(columns=("sensor",), channels=("0",), interval=1.0, steps=3)
    with pytest.raises(NotFittedError, match="training rows"):
        series.transform(series.read(cells(["[1]"], tmp_path)))


def test_is_built_from_a_spec():
    spec = {"kind": "series", "columns": ["a"], "time": 0, "channels": ["x"], "augment": ["jitter"]}
    assert build(MODALITIES, spec) == Series(columns=("a",), time=0, channels=("x",), augment=("jitter",))
    assert build(MODALITIES, {"kind": "series", "time": "t"}).time == "t"
