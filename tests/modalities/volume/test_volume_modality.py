"""Volume: cells of every kind onto one grid; sizes known, windows shared, bad cells named with row and column."""

import sys

import numpy as np
import pandas as pd
import pytest
from scanner import SPACING, TRUTH, affine_of_truth, nifti, series, stored

from polysight.core.errors import ConfigError, MissingExtraError, NotFittedError
from polysight.data.view import Cells
from polysight.modalities.contract import check_modality
from polysight.modalities.inference import infer
from polysight.modalities.volume import folder
from polysight.modalities.volume.decoding import SUFFIXES
from polysight.modalities.volume.modality import Volume
from polysight.modalities.volume.windows import EACH

WHOLE = {"columns": ("scan",), "shape": (4, 4, 5), "window": (-50.0, 369.0)}


@pytest.fixture
def hospital(tmp_path):
    """Six patients, one in each format; then cells that cannot be read."""
    (tmp_path / "a.nii").write_bytes(nifti(TRUTH.transpose(2, 1, 0), affine_of_truth()))
    for name, whole in (("b", True), ("gap", False)):
        (tmp_path / name).mkdir()
        for number, data in enumerate(series()):
            if whole or number != 1:
                (tmp_path / name / f"{number}.dcm").write_bytes(stored(data))
    (tmp_path / "b" / "notes.txt").write_text("not a slice")
    (tmp_path / "b" / ".hidden.dcm").write_text("nor this")
    np.save(tmp_path / "c.npy", TRUTH)
    (tmp_path / "d.dcm").write_bytes(stored(series()[1]))
    np.save(tmp_path / "flat.npy", TRUTH[0])
    np.save(tmp_path / "nan.npy", np.full((3, 4, 5), np.nan))
    (tmp_path / "empty").mkdir()
    return tmp_path


def read(modality, cells, root):
    return modality.read(Cells(pd.DataFrame({"scan": cells}), root))


def test_every_format_gives_the_same_patient(hospital):
    view = read(Volume(**WHOLE, spacing=(2.5, 1.5, 0.8)), ["a.nii", "b"], hospital)
    assert view.present.all()
    np.testing.assert_array_equal(view.arrays["voxels"][0], view.arrays["voxels"][1])
    np.testing.assert_allclose(view.arrays["extent"][:, 0], [np.multiply(TRUTH.shape, SPACING)] * 2)
    np.testing.assert_allclose(view.arrays["cell"][:, 0], [SPACING] * 2)


def test_a_grid_as_large_as_the_scan_holds_its_values_in_the_window(hospital):
    view = read(Volume(columns=("scan",), shape=(4, 4, 5), window=(-50.0, 205.0), spacing=1.0), ["c.npy"], hospital)
    # Three rows in a grid of four lie between its places.
    assert view.arrays["voxels"].shape == (1, 1, 4, 4, 5)
    exact = Volume(columns=("scan",), shape=(4, 4, 5), window=(-50.0, 205.0))
    stretched = read(exact, [np.repeat(TRUTH, 4, axis=1).astype(np.int16)], hospital).arrays["voxels"][0, 0]
    np.testing.assert_array_equal(stretched[:, 0], np.minimum(TRUTH[:, 0] + 50, 255))


def test_bad_cells_are_named_and_missing(hospital):
    cells = ["a.nii", "gap", "flat.npy", "nan.npy", "empty", "gone.nii", "../a.nii", None]
    view = read(Volume(**WHOLE), cells, hospital)
    assert view.present[:, 0].tolist() == [True] + [False] * 7
    reasons = {problem.row: problem.code for problem in view.problems}
    assert reasons == {
        1: "missing_slice",
        2: "wrong_shape",
        3: "no_values",
        4: "no_dicom",
        5: "not_found",
        6: "outside_root",
    }
    assert all(problem.column == "scan" and problem.file == cells[problem.row] for problem in view.problems)


def test_a_link_out_of_the_folder_is_not_followed(hospital, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "0.dcm"
    outside.write_bytes(stored(series()[0]))
    (hospital / "linked").mkdir()
    (hospital / "linked" / "0.dcm").symlink_to(outside)
    assert read(Volume(**WHOLE), ["linked"], hospital).problems[0].code == "outside_root"


def test_a_folder_that_is_too_large_or_cannot_be_read_is_named(hospital, monkeypatch):
    monkeypatch.setattr(folder, "LARGEST_FILE", 100)
    assert read(Volume(**WHOLE), ["b"], hospital).problems[0].code == "too_large"
    monkeypatch.setattr(folder, "series_files", lambda path: [path / "gone.dcm"])
    assert read(Volume(**WHOLE), ["b"], hospital).problems[0].code == "unreadable"


def test_folders_of_dicom_keep_the_laws(hospital):
    rng = np.random.default_rng(0)
    for patient in range(5):
        (hospital / f"p{patient}").mkdir()
        for number, data in enumerate(series(rng.integers(0, 900, TRUTH.shape, dtype=np.int16))):
            (hospital / f"p{patient}" / f"{number}").write_bytes(stored(data))
    frame = pd.DataFrame({"scan": [*(f"p{patient}" for patient in range(5)), "gap"]})
    check_modality(Volume(columns=("scan",)), Cells(frame, hospital), bad=[(5, "scan")])


def test_volumes_in_memory_and_two_columns_keep_the_laws(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({name: [rng.normal(size=(6, 9, 9)) for _ in range(5)] for name in ("ct", "mr")})
    frame.loc[2, "mr"] = None
    check_modality(Volume(columns=("ct", "mr")), Cells(frame, tmp_path))


def test_automatic_settings_come_from_the_training_scans(hospital):
    settled = Volume(columns=("scan",)).settle(Cells(pd.DataFrame({"scan": ["c.npy", "gone.npy", None]}), hospital))
    assert settled.shape == (8, 16, 16)
    low, high = settled.window
    assert low == pytest.approx(TRUTH.min(), abs=5)
    assert high == pytest.approx(TRUTH.max(), abs=5)
    nothing = Volume(columns=("scan",)).settle(Cells(pd.DataFrame({"scan": ["nan.npy"]}), hospital))
    assert (nothing.shape, nothing.window) == ((64, 96, 96), EACH)
    kept = Volume(columns=("scan",), window="lung").settle(Cells(pd.DataFrame({"scan": ["c.npy"]}), hospital))
    assert kept.window == (-1350.0, 150.0)


def test_each_scan_may_have_a_window_of_its_own(tmp_path):
    scans = [TRUTH.astype(float), TRUTH * 1000.0]
    view = read(Volume(columns=("scan",), shape=(4, 4, 5), window=EACH), scans, tmp_path)
    np.testing.assert_array_equal(view.arrays["voxels"][0], view.arrays["voxels"][1])


def test_size_is_learned_from_rows_that_are_there(hospital):
    view = read(Volume(**WHOLE), ["a.nii", "b", "d.dcm", None], hospital)
    fitted = Volume(**WHOLE).fit(view)
    size = fitted.transform(view)["size"]
    np.testing.assert_allclose(size[:3].mean(axis=0), 0, atol=1e-5)
    assert (size[3] == 0).all()
    with pytest.raises(NotFittedError):
        Volume(**WHOLE).transform(view)
    with pytest.raises(NotFittedError):
        Volume(columns=("scan",)).grid  # noqa: B018 - the property raises


def test_columns_of_scans_are_recognised(hospital):
    labels = pd.Series(["yes", "no"] * 10)
    for number in range(20):
        np.save(hospital / f"s{number}.npy", TRUTH + number)
        np.save(hospital / f"t{number}.npy", np.cumsum(np.full((50, 2), 0.1 + number), axis=0))
        (hospital / f"r{number}.nii.gz").write_bytes(b"")
        (hospital / f"f{number}").mkdir()
        (hospital / f"f{number}" / "0.dcm").write_bytes(stored(series()[0]))
    table = pd.DataFrame(
        {
            "arrays": [f"s{n}.npy" for n in range(20)],
            "compressed": [f"r{n}.nii.gz" for n in range(20)],
            "series": [f"f{n}" for n in range(20)],
            "tables": [f"t{n}.npy" for n in range(20)],
            "ward": ["empty", "b"] * 10,
        }
    )
    inference = infer(table, labels, hospital)
    roles = {name: role.role for name, role in inference.roles.items()}
    assert (roles["arrays"], roles["compressed"], roles["series"]) == ("volume",) * 3
    assert roles["tables"] != "volume"
    assert roles["ward"] == "categorical"


def test_nothing_is_claimed_of_images_in_memory():
    pictures = pd.Series([np.zeros((8, 8, 3), np.uint8)] * 3)
    assert Volume.sniff(pictures, ".").score == 0
    assert ".nii.gz" in SUFFIXES


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shape": (8, 8)}, "three sides"),
        ({"shape": (8, 8, 1000)}, "three sides"),
        ({"spacing": 0.0}, "positive"),
        ({"spacing": (1.0, -1.0, 1.0)}, "positive"),
        ({"window": "lungs"}, "did you mean"),
        ({"window": (5.0, 5.0)}, "below white"),
        ({"augment": ("flipp",)}, "did you mean"),
    ],
)
def test_settings_that_do_not_fit_are_refused(options, message):
    with pytest.raises(ConfigError, match=message):
        Volume(**options)


@pytest.mark.parametrize(("name", "extra"), [("a.nii", "nibabel"), ("d.dcm", "pydicom")])
def test_a_part_that_is_not_installed_is_named(name, extra, hospital, monkeypatch):
    monkeypatch.setitem(sys.modules, extra, None)
    with pytest.raises(MissingExtraError, match=r"polysight\[medical\]"):
        read(Volume(**WHOLE), [name], hospital)
