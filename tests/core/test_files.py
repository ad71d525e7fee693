"""Files are written whole or not at all, and found inside their root or not at all."""

import json
from pathlib import Path

import pytest

from polysight.core.errors import StorageError, UnreadableCellError
from polysight.core.files import atomic_path, resolve_inside, sha256, write_json, write_text


def test_a_failed_write_leaves_the_old_file_and_no_temporary(tmp_path):
    target = tmp_path / "a.txt"
    write_text(target, "old")
    with pytest.raises(RuntimeError), atomic_path(target) as path:
        path.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_unwritable_place_is_a_storage_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot write"):
        write_text(tmp_path / "file" / "below.txt", "x")


def test_json_is_utf8_and_refuses_nan(tmp_path):
    write_json(tmp_path / "a.json", {"名": 1})
    assert "名" in (tmp_path / "a.json").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "b.json", {"x": float("nan")})
    assert not (tmp_path / "b.json").exists()
    assert json.loads((tmp_path / "a.json").read_text()) == {"名": 1}


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("../secret", "outside_root"), ("nothing.png", "not_found"), ("folder", "not_a_file"), ("a\0b", "bad_path")],
)
def test_bad_paths_are_refused_with_a_reason(tmp_path, cell, reason):
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (tmp_path / "secret").write_text("x")
    with pytest.raises(UnreadableCellError) as caught:
        resolve_inside(cell, root)
    assert caught.value.reason == reason


def test_a_link_out_of_the_root_is_refused(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret").write_text("x")
    (root / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(UnreadableCellError, match="leaves"):
        resolve_inside("link", root)


def test_absolute_paths_inside_the_root_are_fine(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    assert resolve_inside(str(tmp_path / "a.png"), tmp_path) == Path(tmp_path / "a.png").resolve()


def test_sha256(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
