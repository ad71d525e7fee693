"""Points: equally many points of every cloud, around their middle; columns are told apart from records in time."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import Cells
from polysight.modalities.contract import check_modality
from polysight.modalities.inference import infer
from polysight.modalities.numpy_files import without_order
from polysight.modalities.points.cloud import farthest, sampled
from polysight.modalities.points.modality import Points, unit_points


def read(modality, cells, root=Path()):
    return modality.read(Cells(pd.DataFrame({"cloud": cells}), root))


def test_points_are_read_around_their_middle():
    points = np.random.default_rng(0).normal(size=(200, 3)) * 3 + [5e6, -2e6, 10]
    view = read(Points(columns=("cloud",), count=200), [points])
    middle = points.mean(axis=0)
    found = view.arrays["points"][0, 0].astype(float)
    # In float32, points millions of metres away would be half a metre apart at best.
    np.testing.assert_allclose(np.sort(found, axis=0), np.sort(points - middle, axis=0), atol=1e-5)
    np.testing.assert_allclose(
        view.arrays["place"][0, 0], [*middle, points.std(axis=0).dot(points.std(axis=0)) ** 0.5, 200], rtol=1e-3
    )
    assert (unit_points(view)[0, 0] ** 2).sum(axis=1).mean() == pytest.approx(1, rel=1e-4)
    assert (view.arrays["values"] == 0).all()


@given(number=st.integers(1, 60), count=st.integers(1, 60), sampling=st.sampled_from(["random", "farthest"]))
def test_as_many_points_are_kept_as_are_wanted(number, count, sampling):
    points = np.random.default_rng(0).normal(size=(number, 3))
    kept = sampled(points, count, sampling, np.random.default_rng(1))
    assert len(kept) == count
    assert len(set(kept)) == min(number, count)
    assert kept.max() < number


def test_farthest_points_are_as_far_as_can_be():
    points = np.array([[0.0, 0, 0], [0.1, 0, 0], [10, 0, 0], [5, 0, 0], [9.9, 0, 0]])
    chosen = farthest(points, 3)
    assert set(chosen) == {0, 2, 3}


def test_the_same_file_gives_the_same_points_and_place_is_standardised():
    clouds = [np.random.default_rng(seed).normal(size=(500, 4)) for seed in range(5)]
    modality = Points(columns=("cloud",), count=32)
    view = read(modality, [*clouds, None])
    np.testing.assert_array_equal(view.arrays["points"], read(modality, [*clouds, None]).arrays["points"])
    arrays = modality.fit(view).transform(view)
    np.testing.assert_allclose(arrays["place"][:5].mean(axis=0), 0, atol=1e-5)
    assert (arrays["place"][..., 4] == 0).all()  # all have the same number
    assert (arrays["points"][5] == 0).all()
    with pytest.raises(NotFittedError):
        modality.transform(view)


def test_clouds_in_memory_and_two_columns_keep_the_laws():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({name: [rng.normal(size=(30, 3)) for _ in range(5)] for name in ("cloud", "sweep")})
    frame.loc[2, "sweep"] = None
    frame.loc[4, "cloud"] = None
    check_modality(Points(columns=("cloud", "sweep"), count=16), Cells(frame, Path()))


@pytest.mark.parametrize("suffix", [".pcd", ".ply", ".npy", ".bin"])
def test_columns_of_clouds_are_recognised(suffix, tmp_path):
    rng = np.random.default_rng(0)
    for number in range(8):
        path = tmp_path / f"{number}{suffix}"
        points = rng.normal(size=(40 + number, 4)).astype("<f4")
        if suffix == ".npy":
            np.save(path, points)
        else:
            path.write_bytes(points.tobytes())
    table = pd.DataFrame({"scan": [f"{number}{suffix}" for number in range(8)]})
    assert infer(table, pd.Series(list("ab") * 4), tmp_path).roles["scan"].role == "points"


def test_records_in_time_are_no_clouds_unless_the_column_says_so(tmp_path):
    for number in range(8):
        steps = np.random.default_rng(number).normal(size=(200, 3))
        np.save(tmp_path / f"{number}.npy", np.cumsum(steps, axis=0))
        np.save(tmp_path / f"short{number}.npy", steps[:2])
    names = [f"{number}.npy" for number in range(8)]
    assert Points.sniff(pd.Series(names, name="sensor"), tmp_path).score == 0
    assert Points.sniff(pd.Series(names, name="lidar_sweep"), tmp_path).score == 1
    assert Points.sniff(pd.Series(names, name="激光雷达"), tmp_path).score == 1
    assert Points.sniff(pd.Series([f"short{n}.npy" for n in range(8)], name="a"), tmp_path).score == 0
    assert Points.sniff(pd.Series([np.zeros((9, 9))] * 3, name="a"), tmp_path).score == 0
    assert Points.sniff(pd.Series([np.zeros((9, 3))] * 3, name="cloud"), tmp_path).score == 1
    (tmp_path / "torn.bin").write_bytes(bytes(17))
    assert Points.sniff(pd.Series(["torn.bin"], name="a"), tmp_path).score == 0
    (tmp_path / "torn.npy").write_bytes(b"no array")
    assert Points.sniff(pd.Series(["torn.npy"], name="cloud"), tmp_path).score == 1


def test_order_is_told_by_steps():
    rng = np.random.default_rng(0)
    assert without_order(rng.normal(size=(100, 3)))
    assert not without_order(np.cumsum(rng.normal(size=(100, 3)), axis=0))
    assert not without_order(np.ones((100, 3)))
    assert not without_order(rng.normal(size=(4, 3)))


@pytest.mark.parametrize(
    ("options", "message"),
    [({"count": 1}, "16 to"), ({"sampling": "best"}, "neither"), ({"augment": ("rotate",)}, "did you mean")],
)
def test_settings_that_do_not_fit_are_refused(options, message):
    with pytest.raises(ConfigError, match=message):
        Points(**options)
