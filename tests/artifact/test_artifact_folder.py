"""The folder of a saved model: what goes in comes out; what is not whole is refused, and says so."""

import json
import math
import os
import resource
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from polysight.artifact import folder as folder_module
from polysight.artifact import read, read_facts, write
from polysight.core.errors import CorruptError, IncompatibleError, MissingFileError, StorageError
from polysight.core.events import listen

TEXT = st.text(max_size=6)
# NumPy drops trailing NULs of text by itself.
CELL = TEXT.map(lambda text: text.rstrip("\0"))
NUMERIC = st.one_of(
    hnp.integer_dtypes(endianness="="), hnp.floating_dtypes(endianness="=", sizes=(16, 32, 64)), st.just(np.dtype(bool))
)
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
ARRAYS = st.one_of(
    hnp.arrays(NUMERIC, SHAPES),
    hnp.arrays(NUMERIC, SHAPES).map(lambda array: array.T),
    hnp.arrays(object, SHAPES, elements=CELL),
    st.lists(CELL).map(lambda cells: np.array(cells, dtype=str)),
)
TREES = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(TEXT | st.just("$"), inner, max_size=3)
    ),
    max_leaves=8,
)


def assert_same(one, other):
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert list(one) == list(other)
        for key in one:
            assert_same(one[key], other[key])
    elif isinstance(one, (list, tuple)):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            assert_same(left, right)
    elif isinstance(one, np.ndarray):
        assert (one.dtype.kind, one.shape) == (other.dtype.kind, other.shape)
        assert one.dtype == other.dtype or one.dtype.kind == "U"
        np.testing.assert_array_equal(one, other)
    elif isinstance(one, float) and math.isnan(one):
        assert math.isnan(other)
    else:
        assert one == other
        assert math.copysign(1, one) == math.copysign(1, other) if isinstance(one, float) else True


@pytest.fixture
def model(tmp_path):
    write(tmp_path / "model", {"a": np.arange(100.0), "b": [1, "two"]}, kind="test", facts={"score": 0.5, "名": "好"})
    return tmp_path / "model"


@settings(deadline=None, max_examples=50)
@given(tree=TREES)
def test_any_tree_comes_back(tmp_path_factory, tree):
    folder = tmp_path_factory.mktemp("artifact") / "model"
    write(folder, tree, kind="test")
    assert_same(tree, read(folder))


def test_numpy_scalars_come_back_as_they_were(tmp_path):
    tree = [np.float32(0.1), np.int64(-3), np.bool_(True), np.float64("nan"), np.str_("x")]
    write(tmp_path / "model", tree, kind="test")
    for before, after in zip(tree, read(tmp_path / "model"), strict=True):
        assert type(before) is type(after)
        np.testing.assert_equal(after, before)


def test_text_keeps_lone_surrogates_and_chinese(tmp_path):
    tree = {"鞋": ["\ud800", "红色", "\u2028"]}
    write(tmp_path / "model", tree, kind="test")
    assert read(tmp_path / "model") == tree


def test_arrays_keep_their_layout_and_are_writable(tmp_path):
    fortran = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    write(
        tmp_path / "model", {"f": fortran, "view": np.arange(10)[::3], "big": np.array([1, 2], dtype=">i4")}, kind="t"
    )
    found = read(tmp_path / "model")
    assert found["f"].flags.f_contiguous
    np.testing.assert_array_equal(found["f"], fortran)
    np.testing.assert_array_equal(found["view"], [0, 3, 6, 9])
    np.testing.assert_array_equal(found["big"], [1, 2])
    for array in found.values():
        array[...] = 0


def test_an_array_used_twice_is_stored_once(tmp_path):
    array = np.zeros(10_000)
    write(tmp_path / "model", [array, array], kind="test")
    assert (tmp_path / "model/arrays.safetensors").stat().st_size < 2 * array.nbytes


@pytest.mark.parametrize(
    ("tree", "where"),
    [
        ({"a": [1, {"b": {1, 2}}]}, r"a\[1\]\.b: a set"),
        ({"a": b"bytes"}, "a: a bytes"),
        ({"a": 1j}, "a: a complex"),
        ([np.zeros(2, "M8[s]")], r"\[0\]: an array of dtype datetime64"),
        ([np.zeros(2, "c16")], r"\[0\]: an array of dtype complex128"),
        ({"a": np.array([object()])}, r"a\[0\]: a object"),
        ({"a": {(1, 2): 3}}, r"a: the key \(1, 2\)"),
        ({"a": os.system}, "a: posix.system is not on the list"),
        ({"a": Path()}, "a: a PosixPath"),
        (object(), "the tree: a object"),
    ],
)
def test_what_cannot_be_saved_is_refused_with_its_path_and_nothing_is_written(tmp_path, tree, where):
    with pytest.raises(TypeError, match=where):
        write(tmp_path / "model", tree, kind="test")
    assert list(tmp_path.iterdir()) == []


def test_facts_are_read_without_the_rest(model):
    (model / "arrays.safetensors").unlink()
    assert read_facts(model) == {"score": 0.5, "名": "好"}


def test_the_manifest_names_versions_and_files(model):
    manifest = json.loads((model / "manifest.json").read_text())
    assert manifest["kind"] == "test"
    assert manifest["libraries"]["numpy"] == np.__version__
    assert set(manifest["files"]) == {"tree.json", "arrays.safetensors"}


def test_another_kind_is_refused(model):
    assert read(model, kind="test")["b"] == [1, "two"]
    with pytest.raises(IncompatibleError, match="is a test, not a classifier"):
        read(model, kind="classifier")


def test_a_folder_without_a_model_is_missing_not_corrupt(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(MissingFileError, match="no saved model"):
            read(folder)


@pytest.mark.parametrize("name", ["tree.json", "arrays.safetensors", "manifest.json"])
@pytest.mark.parametrize("damage", ["remove", "truncate", "empty", "append", "flip"])
def test_every_damage_to_every_file_is_corruption(model, name, damage):
    path = model / name
    content = path.read_bytes()
    flipped = content[:-9] + bytes([content[-9] ^ 255]) + content[-8:]
    changed = {"truncate": content[:-10], "empty": b"", "append": content + b"}", "flip": flipped}
    path.unlink() if damage == "remove" else path.write_bytes(changed[damage])
    with pytest.raises(CorruptError, match="fix:"):
        read(model)


def test_a_manifest_may_not_lead_out_of_the_folder(model, tmp_path):
    (tmp_path / "elsewhere.json").write_text("[]")
    manifest = json.loads((model / "manifest.json").read_text())
    forged = {**manifest, "files": {"../elsewhere.json": manifest["files"]["tree.json"], **manifest["files"]}}
    (model / "manifest.json").write_text(json.dumps(forged))
    with pytest.raises(CorruptError, match="elsewhere"):
        read(model)
    (model / "manifest.json").write_text(json.dumps(manifest))
    (model / "tree.json").rename(tmp_path / "tree.json")
    (model / "tree.json").symlink_to(tmp_path / "tree.json")
    with pytest.raises(CorruptError, match="leads out"):
        read(model)


@pytest.mark.parametrize("manifest", ["[]", "7", "{}", '{"format": 1}', '{"format": 1, "files": []}', "[" * 100_000])
def test_a_manifest_that_is_none_is_corruption(model, manifest):
    (model / "manifest.json").write_text(manifest)
    with pytest.raises(CorruptError):
        read(model)


def test_a_newer_format_is_refused(model, monkeypatch):
    monkeypatch.setattr(folder_module, "FORMAT", 0)
    with pytest.raises(IncompatibleError, match="install polysight"):
        read(model)


@pytest.mark.parametrize(
    "structure",
    [
        {"$": "array", "name": "7"},
        {"$": "array"},
        {"$": "float", "value": "many"},
        {"$": "text", "shape": [2], "items": ["one"]},
        {"$": "text", "shape": [1], "items": [1]},
        {"$": "objects", "shape": [10**12], "items": []},
        {"$": "dict", "items": [[[], 1]]},
        {"$": "scalar", "type": "numpy.int8", "value": 1000},
        {"$": "sparse", "state": {}},
    ],
)
def test_a_forged_structure_is_corruption(model, alter, structure):
    alter(model, lambda *_: {"a": structure})
    with pytest.raises(CorruptError):
        read(model)


def test_other_library_versions_are_told(model):
    manifest = json.loads((model / "manifest.json").read_text())
    manifest["libraries"]["numpy"] = "1.0"
    (model / "manifest.json").write_text(json.dumps(manifest))
    said = []
    with listen(lambda name, facts: said.append((name, facts))):
        read(model)
    expected = {"numpy": {"written": "1.0", "here": np.__version__}}
    assert said == [("model_from_other_versions", {"libraries": expected})]


def test_a_model_is_replaced_whole(model):
    write(model, [1], kind="other")
    assert read(model) == [1]
    assert sorted(path.name for path in model.iterdir()) == ["arrays.safetensors", "manifest.json", "tree.json"]
    assert [path.name for path in model.parent.iterdir()] == ["model"]


def test_a_folder_of_something_else_is_not_replaced(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(StorageError, match="something else"):
        write(tmp_path, [1], kind="test")
    with pytest.raises(StorageError, match="something else"):
        write(tmp_path / "thesis.tex", [1], kind="test")
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_a_place_that_cannot_be_written_is_a_storage_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot write"):
        write(tmp_path / "file/model", [1], kind="test")


def test_a_full_disk_leaves_the_old_model(model):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        with pytest.raises(StorageError, match="cannot write"):
            write(model, np.zeros(100_000), kind="test")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert read(model)["b"] == [1, "two"]
    assert [path.name for path in model.parent.iterdir()] == ["model"]
