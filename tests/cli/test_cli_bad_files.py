"""Files that are not there, torn or outside the root: told by column, never read, never replaced."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from small_training import SMALL

from polysight.cli import main

ROWS = 24


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """``data/images`` and, outside the tables' folder, ``private``; both hold the same pictures."""
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")
    for name in ("data/images", "private"):
        (tmp_path / name).mkdir(parents=True)
        for row in range(ROWS):
            picture = np.random.default_rng(row).integers(0, 100, (8, 8)) + 120 * (row % 2)
            Image.fromarray(picture.astype(np.uint8)).save(tmp_path / name / f"{row}.png")
    monkeypatch.chdir(tmp_path / "data")
    return tmp_path / "data"


def table_of(path: Path, cells: list[str]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["photo", "weight", "label"])
        writer.writerows([cell, round(row * 1.37 % 5, 3), "xy"[row % 2]] for row, cell in enumerate(cells))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("images/none_{}.png", "no file named in column photo is there"),
        ("images/torn_{}.png", "every cell of input 'photo' is empty or unreadable"),
        ("../private/{}.png", "no file named in column photo is there"),
    ],
)
def test_a_column_of_files_that_cannot_be_read_is_told_and_leaves_nothing(
    folder: Path, cell: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for row in range(ROWS):
        (folder / "images" / f"torn_{row}.png").write_bytes(b"\x89PNG cut off")
    table_of(folder / "table.csv", [cell.format(row) for row in range(ROWS)])
    before = set(folder.rglob("*"))
    assert main(["train", "table.csv", *SMALL, "--out", "run"]) == 65
    out, err = capsys.readouterr()
    assert said in err
    assert "check --root, or leave the column out: --ignore photo" in err
    assert out == ""
    assert set(folder.rglob("*")) == before


def test_paths_that_leave_the_root_are_missing_pictures_with_a_reason(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [f"../private/{row}.png" if row < 4 else f"images/{row}.png" for row in range(ROWS)]
    table_of(folder / "table.csv", cells)
    assert main(["train", "table.csv", *SMALL, "--out", "run", "-q"]) == 0
    aside = pd.read_csv(folder / "run" / "set_aside.csv")
    assert aside["code"].tolist() == ["outside_root"] * 4
    assert aside["file"].tolist() == cells[:4]
    assert aside["fix"].str.contains("--root").all()
    capsys.readouterr()
    assert main(["predict", "run", "table.csv", "-o", "out.csv", "-q"]) == 0
    problems = pd.read_csv(folder / "out.csv", keep_default_na=False)["problems"].tolist()
    assert problems == [f"photo: outside_root ({cell})" for cell in cells[:4]] + [""] * (ROWS - 4)
    assert main(["predict", "run", "table.csv", "--root", "nowhere"]) == 66
    assert "nowhere: there is no such folder" in capsys.readouterr().err


def test_labels_the_model_does_not_know_are_counted_as_wrong_and_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table_of(folder / "table.csv", [f"images/{row}.png" for row in range(ROWS)])
    assert main(["train", "table.csv", *SMALL, "--out", "run", "-q"]) == 0
    text = (folder / "table.csv").read_text()
    (folder / "other.csv").write_text(text.replace(",x\n", ",new\n"))
    capsys.readouterr()
    assert main(["evaluate", "run", "other.csv", "-q"]) == 0
    assert "note: Rows whose label was never seen in training: 12." in capsys.readouterr().out
