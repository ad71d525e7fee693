import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.modalities.file_columns import SNIFFED, evenly_spread, match_files, match_folders

PNG = {".png"}


@pytest.fixture
def folder(tmp_path):
    for number in range(200):
        (tmp_path / f"{number}.png").touch()
    return tmp_path


def score(values, folder):
    return match_files(pd.Series(values, dtype=object), folder, PNG, "image")


def test_files_that_are_there_score_high(folder):
    found = score([f"{number}.PNG".replace("PNG", "png") for number in range(200)], folder)
    assert found.score == 1
    assert found.role == "image"
    assert f"{SNIFFED} of {SNIFFED}" in found.reason


def test_files_that_are_not_there_score_low(folder):
    assert 0 < score(["a.png", "b.png"], folder).score <= 0.2


def test_a_few_broken_paths_do_little_harm(folder):
    assert score([*(f"{number}.png" for number in range(9)), "gone.png"], folder).score == pytest.approx(0.92)


@pytest.mark.parametrize("values", [[], [None, ""], ["red", "blue"], [1, 2.5], ["0.png", "x", "y"], ["0.jpg"]])
def test_other_columns_do_not_match(values, folder):
    assert score(values, folder).score == 0


def test_empty_cells_do_not_count_and_letter_case_does_not_matter(folder):
    (folder / "UPPER.PNG").touch()
    assert score([None, "", "UPPER.PNG", float("nan"), " 3.png "], folder).score == 1


def test_a_folder_or_a_path_outside_is_not_a_file(folder):
    (folder / "sub.png").mkdir()
    assert score(["sub.png", "../elsewhere.png"], folder).score <= 0.2


@given(st.integers(0, 10_000), st.integers(1, 100))
def test_spread_positions_are_distinct_sorted_and_in_range(count, most):
    positions = evenly_spread(count, most)
    assert len(positions) == min(count, most)
    assert positions == sorted(set(positions))
    assert all(0 <= position < count for position in positions)


def test_a_file_that_looks_like_another_kind_does_not_count(folder):
    names = pd.Series([f"{number}.png" for number in range(10)])
    assert match_files(names, folder, PNG, "image", lambda path: int(path.stem) < 8).score == pytest.approx(0.8)
    assert match_files(names, folder, PNG, "image", lambda path: False).score == 0
    assert match_files(pd.Series(["gone.png"]), folder, PNG, "image", lambda path: False).score > 0


def test_two_endings_in_a_row_are_one(folder):
    (folder / "a.nii.gz").touch()
    assert match_files(pd.Series(["a.nii.gz", "gone.nii.gz"]), folder, {".nii.gz"}, "volume").score == pytest.approx(
        0.6
    )


def test_folders_of_a_kind_are_told_from_others(folder):
    for name in ("a", "b", "c"):
        (folder / name).mkdir()
    names = pd.Series(["a", "b", None, "c", "0.png"])
    assert match_folders(names, folder, "volume", lambda path: path.name != "c").score == pytest.approx(0.5)
    assert match_folders(names, folder, "volume", lambda path: path.name == "a").score == 0
    assert match_folders(pd.Series([], dtype=object), folder, "volume", lambda path: True).score == 0
