from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

from polysight.core.errors import UnreadableCellError
from polysight.data.view import MISSING_KEY, Cells
from polysight.modalities import cellwise
from polysight.modalities.base import Match
from polysight.modalities.cellwise import CellwiseModality, is_empty


@dataclass(frozen=True, kw_only=True)
class Bytes(CellwiseModality):
    """How often each of ``levels`` byte values occurs in a file; a file that begins with an exclamation mark is bad."""

    kind: ClassVar[str] = "bytes"
    decoded: ClassVar[list[bytes]] = []
    default_features = compact_features = classical = ()
    levels: int = 256

    @classmethod
    def sniff(cls, column: pd.Series, root: Any) -> Match:
        return Match(0.0)

    def decode(self, content: bytes):
        self.decoded.append(content)
        if content.startswith(b"!"):
            raise UnreadableCellError("bad_bytes", "begins with an exclamation mark", fix="remove it")
        counts = np.bincount(np.frombuffer(content, dtype=np.uint8).astype(int) % self.levels, minlength=self.levels)
        return {"counts": counts.astype(np.int32), "length": np.asarray(len(content), dtype=np.int64)}

    def blank(self):
        return {"counts": np.zeros(self.levels, dtype=np.int32), "length": np.asarray(0)}

    def decoding_settings(self):
        return {"levels": self.levels}

    def transform(self, view):
        return view.arrays


@pytest.fixture(autouse=True)
def no_cache(monkeypatch):
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")
    Bytes.decoded.clear()


@pytest.fixture
def cells(tmp_path):
    for number in range(7):
        (tmp_path / f"{number}.bin").write_bytes(bytes([number]) * (number + 1))
    (tmp_path / "same.bin").write_bytes(b"\x03" * 4)
    (tmp_path / "bad.bin").write_bytes(b"!!")
    (tmp_path / "folder").mkdir()
    names = ["0.bin", None, "1.bin", "gone.bin", "2.bin", "bad.bin", "  ", "3.bin", "same.bin", "../x.bin", "folder"]
    return Cells(pd.DataFrame({"a": names, "b": names[::-1]}), tmp_path)


def outcome(view):
    problems = sorted((p.row, p.column, p.file, p.code, p.reason, p.fix) for p in view.problems)
    return [view.present.tolist(), view.keys.tolist(), *[a.tolist() for a in view.arrays.values()], problems]


def test_cells_are_read_into_their_rows(cells):
    view = Bytes(columns=("a",)).read(cells)
    assert view.present[:, 0].tolist() == [True, False, True, False, True, False, False, True, True, False, False]
    assert view.arrays["length"][:, 0].tolist() == [1, 0, 2, 0, 3, 0, 0, 4, 4, 0, 0]
    assert view.arrays["counts"][4, 0, 2] == 3
    assert not view.arrays["counts"][~view.present].any()


def test_what_cannot_be_read_is_a_problem_with_its_place_and_reason(cells):
    problems = Bytes(columns=("a",)).read(cells).problems
    assert [(p.row, p.column, p.file, p.code) for p in problems] == [
        (3, "a", "gone.bin", "not_found"),
        (5, "a", "bad.bin", "bad_bytes"),
        (9, "a", "../x.bin", "outside_root"),
        (10, "a", "folder", "not_a_file"),
    ]
    assert problems[1].reason == "begins with an exclamation mark"
    assert problems[1].fix == "remove it"


@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_chunks_change_nothing(cells, monkeypatch, chunk):
    whole = outcome(Bytes(columns=("a", "b")).read(cells))
    monkeypatch.setattr(cellwise, "CHUNK", chunk)
    assert outcome(Bytes(columns=("a", "b")).read(cells)) == whole


def test_equal_content_has_equal_keys_and_other_settings_have_others(cells):
    keys = Bytes(columns=("a",)).read(cells).keys
    assert keys[7] == keys[8]
    assert len(set(keys[[0, 2, 4, 7]])) == 4
    assert (keys[[1, 3, 5, 6, 9, 10]] == MISSING_KEY).all()
    assert keys[0] != Bytes(columns=("a",), levels=16).read(cells).keys[0]


def test_the_key_of_a_row_knows_which_slot_is_which(cells):
    frame = pd.DataFrame({"a": ["1.bin", None, None], "b": [None, "1.bin", None]})
    keys = Bytes(columns=("a", "b")).read(Cells(frame, cells.root)).keys
    assert len(set(keys)) == 3
    assert keys[2] == MISSING_KEY


def test_a_column_named_twice_fills_both_slots(cells):
    view = Bytes(columns=("a", "a")).read(cells)
    assert (view.present[:, 0] == view.present[:, 1]).all()
    assert view.present.any()


def test_a_table_without_rows_or_without_anything_in_it_reads_as_nothing(cells):
    for rows in (0, 3):
        view = Bytes(columns=("a",)).read(Cells(pd.DataFrame({"a": [None] * rows}), cells.root))
        assert view.arrays["counts"].shape == (rows, 1, 256)
        assert not view.present.any()
        assert view.problems == ()


def test_a_second_reading_comes_from_the_cache_problems_too(cells, tmp_path, monkeypatch):
    monkeypatch.setenv("POLYSIGHT_CACHE", str(tmp_path / "cache"))
    first = outcome(Bytes(columns=("a",)).read(cells))
    assert Bytes.decoded
    Bytes.decoded.clear()
    assert outcome(Bytes(columns=("a",)).read(cells)) == first
    assert Bytes.decoded == []


def test_a_file_that_changed_is_decoded_again(cells, tmp_path, monkeypatch):
    monkeypatch.setenv("POLYSIGHT_CACHE", str(tmp_path / "cache"))
    Bytes(columns=("a",)).read(cells)
    (cells.root / "0.bin").write_bytes(b"longer")
    assert Bytes(columns=("a",)).read(cells).arrays["length"][0, 0] == 6


def test_a_file_beyond_the_limit_is_not_read(cells, monkeypatch):
    monkeypatch.setattr(cellwise, "LARGEST_FILE", 3)
    problems = Bytes(columns=("a",)).read(cells).problems
    assert {(p.row, p.code) for p in problems} >= {(7, "too_large"), (8, "too_large")}


def test_a_cell_that_is_no_text_is_named_by_its_type(cells):
    frame = pd.DataFrame({"a": pd.Series([["x"], 7.5], dtype=object)})
    problems = Bytes(columns=("a",)).read(Cells(frame, cells.root)).problems
    assert [(p.file, p.code) for p in problems] == [("<list>", "not_found"), ("7.5", "not_found")]


@pytest.mark.parametrize("value", [None, "", " \t", float("nan"), pd.NA, pd.NaT])
def test_nothing_is_empty(value):
    assert is_empty(value)


@pytest.mark.parametrize("value", ["x", 0, 0.0, False, np.zeros(0), np.full((2, 2), np.nan), [], Path()])
def test_anything_else_is_not(value):
    assert not is_empty(value)
