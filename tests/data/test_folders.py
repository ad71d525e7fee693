import pytest

from polysight.core.errors import DataError
from polysight.data.table import read_table


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


def test_a_folder_with_metadata_is_that_table(tmp_path):
    grow(tmp_path, "a.png", "b.png")
    (tmp_path / "metadata.csv").write_text("file_name,label\na.png,x\nb.png,y\n")
    table = read_table(tmp_path)
    assert table["file_name"].tolist() == ["a.png", "b.png"]
    assert table.attrs["root"] == str(tmp_path)


def test_parts_are_not_classes(tmp_path):
    with pytest.raises(DataError, match=r"parts test, train[\s\S]*give one of them"):
        read_table(grow(tmp_path, "train/cat/1.png", "test/cat/2.png"))


@pytest.mark.parametrize("names", [(), ("a.png",), ("cat/notes.unknown",)])
def test_a_folder_without_classes_is_an_error(tmp_path, names):
    with pytest.raises(DataError, match="no class folders"):
        read_table(grow(tmp_path, *names))
