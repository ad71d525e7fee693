from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from polysight.core.errors import DataError
from polysight.data.table import read_table
from polysight.data.view import Cells
from polysight.modalities.inference import infer


def grow(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    return root


def test_a_folder_of_class_folders_is_a_table(tmp_path):
    table = read_table(grow(tmp_path, "猫/b.png", "猫/deep/a.JPG", "dog/1.png", "dog/.DS_Store", ".git/x.png"))
    assert table.to_dict("list") == {
        "image": ["dog/1.png", "猫/b.png", "猫/deep/a.JPG"],
        "label": ["dog", "猫", "猫"],
    }
    assert table.attrs["root"] == str(tmp_path)


def test_sound_files_make_an_audio_column_and_other_files_are_left_out_aloud(tmp_path):
    root = grow(tmp_path, "yes/1.wav", "no/2.wav", "no/notes.txt")
    with pytest.warns(UserWarning, match="1 files are no audio"):
        table = read_table(root)
    assert table["audio"].tolist() == ["no/2.wav", "yes/1.wav"]


METADATA = "file_name,标签\na.png,猫\ndeep/b.png,狗\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_folder_with_metadata_is_that_table(tmp_path, encoding):
    grow(tmp_path, "a.png", "deep/b.png")
    (tmp_path / "metadata.csv").write_bytes(METADATA.encode(encoding))
    table = read_table(tmp_path)
    assert table.to_dict("list") == {"file_name": ["a.png", "deep/b.png"], "标签": ["猫", "狗"]}
    assert table.attrs["root"] == str(tmp_path)


def test_the_files_of_metadata_are_the_media_input(tmp_path):
    picture = np.arange(12, dtype=np.uint8).reshape(3, 4)
    for name in ("a.png", "deep/b.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    (tmp_path / "metadata.csv").write_text(METADATA, encoding="utf-8")
    table = read_table(tmp_path)
    found = infer(table[["file_name"]], table["标签"], Path(table.attrs["root"]))
    assert {name: modality.kind for name, modality in found.inputs.items()} == {"file_name": "image"}
    cells = Cells(table[["file_name"]], Path(table.attrs["root"]))
    assert found.inputs["file_name"].settle(cells).read(cells).any_present.all()


def test_metadata_may_be_json_lines_or_parquet(tmp_path):
    grow(tmp_path, "a.png")
    lines = tmp_path / "metadata.jsonl"
    lines.write_text('{"file_name": "a.png", "n": 1}\n')
    assert read_table(tmp_path).to_dict("list") == {"file_name": ["a.png"], "n": [1]}
    pytest.importorskip("pyarrow")
    lines.unlink()
    pd.DataFrame({"file_name": ["a.png"], "n": [2]}).to_parquet(tmp_path / "metadata.parquet")
    assert read_table(tmp_path)["n"].tolist() == [2]


def test_metadata_wins_over_class_folders(tmp_path):
    grow(tmp_path, "cat/1.png", "dog/2.png")
    (tmp_path / "metadata.csv").write_text("file_name,label\ncat/1.png,tabby\n")
    assert read_table(tmp_path).to_dict("list") == {"file_name": ["cat/1.png"], "label": ["tabby"]}


def test_several_columns_of_metadata_may_name_files(tmp_path):
    grow(tmp_path, "a.png", "a.wav")
    (tmp_path / "metadata.csv").write_text("image_file_name,audio_file_name,label\na.png,a.wav,x\n")
    assert read_table(tmp_path)["audio_file_name"].tolist() == ["a.wav"]


def test_metadata_without_file_names_is_an_error_that_says_what_to_do(tmp_path):
    grow(tmp_path, "a.png")
    (tmp_path / "metadata.csv").write_text("filename,label\na.png,x\n")
    with pytest.raises(DataError, match=r"no column 'file_name'[\s\S]*did you mean 'filename'[\s\S]*table itself"):
        read_table(tmp_path)
    assert len(read_table(tmp_path / "metadata.csv")) == 1


def test_metadata_of_files_that_are_elsewhere(tmp_path):
    (tmp_path / "metadata.csv").write_text("file_name,label\na.png,x\n../b.png,y\n")
    with pytest.raises(DataError, match=r"not one file[\s\S]*'a\.png'[\s\S]*root="):
        read_table(tmp_path)
    table = read_table(tmp_path, root=grow(tmp_path / "elsewhere", "a.png"))
    assert table.attrs["root"] == str(tmp_path / "elsewhere")
    (tmp_path / "metadata.csv").write_text("file_name,label\n,x\n")
    with pytest.raises(DataError, match="not one file"):
        read_table(tmp_path)


def test_rows_of_several_parts_in_one_table_are_said(tmp_path):
    grow(tmp_path, "train/1.png", "test/2.png")
    (tmp_path / "metadata.csv").write_text("file_name,label\ntrain/1.png,x\ntest/2.png,y\n")
    with pytest.warns(UserWarning, match="rows of test, train are read as one table"):
        assert len(read_table(tmp_path)) == 2


def test_tables_of_sub_folders_are_not_merged(tmp_path):
    grow(tmp_path, "train/1.png", "train/metadata.csv", "test/2.png", "test/metadata.csv")
    with pytest.raises(DataError, match=r"parts test, train[\s\S]*/train"):
        read_table(tmp_path)
    grow(tmp_path / "sites", "a/1.png", "a/metadata.csv", "b/2.png")
    with pytest.raises(DataError, match=r"tables of their own: a/metadata\.csv[\s\S]*sites/a"):
        read_table(tmp_path / "sites")


def test_parts_are_not_classes(tmp_path):
    with pytest.raises(DataError, match=r"parts test, train[\s\S]*give one of them"):
        read_table(grow(tmp_path, "train/cat/1.png", "test/cat/2.png"))


@pytest.mark.parametrize("names", [(), ("a.png",), ("cat/notes.unknown",)])
def test_a_folder_without_classes_is_an_error(tmp_path, names):
    with pytest.raises(DataError, match="no class folders"):
        read_table(grow(tmp_path, *names))
