"""Swapping folders: the old or the new, never neither, never a mixture."""

import os
from pathlib import Path

import pytest

from polysight.artifact import swap
from polysight.artifact.swap import replaced_folder
from polysight.core.errors import StorageError


@pytest.fixture(params=["exchange", "step aside"])
def target(request, tmp_path, monkeypatch):
    if request.param == "step aside":
        monkeypatch.setattr(swap, "_exchanged", lambda one, other: False)
    target = tmp_path / "model"
    target.mkdir()
    (target / "old").write_text("old")
    return target


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_new_folder_takes_the_place_of_the_old(target):
    with replaced_folder(target) as temporary:
        (temporary / "new").write_text("new")
        assert names(target) == ["old"]
    assert names(target) == ["new"]
    assert names(target.parent) == ["model"]


def test_a_failure_inside_leaves_the_old(target):
    with pytest.raises(KeyboardInterrupt), replaced_folder(target):
        raise KeyboardInterrupt
    assert names(target) == ["old"]
    assert names(target.parent) == ["model"]


def test_a_failure_of_the_last_step_brings_the_old_back(target, monkeypatch):
    monkeypatch.setattr(swap, "_exchanged", lambda one, other: False)
    rename, calls = Path.rename, []

    def failing(self, to):
        calls.append(to)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(StorageError, match="No space left"), replaced_folder(target):
        pass
    assert names(target) == ["old"]
    assert names(target.parent) == ["model"]


def test_a_link_stays_a_link_to_the_new_content(target):
    link = target.parent / "latest"
    link.symlink_to(target)
    with replaced_folder(link) as temporary:
        (temporary / "new").write_text("new")
    assert link.is_symlink()
    assert names(target) == ["new"]


def test_linux_exchanges_in_one_step(tmp_path):
    if not hasattr(os, "O_DIRECTORY"):
        pytest.skip("this system has no atomic exchange")
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / f"of {name}").write_text("")
    if not swap._exchanged(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this file system has no atomic exchange")
    assert names(tmp_path / "a") == ["of b"]
    assert names(tmp_path / "b") == ["of a"]
