from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Picture

from polysight.core.errors import MissingColumnError
from polysight.data.columns import column_type
from polysight.data.table import read_table
from polysight.data.view import Cells
from polysight.modalities.inference import infer

SHARED = Path(__file__).parents[2] / "../shared/data"
ROWS = 40

#: What each shared set must never show to a model, and its group.
NEVER = {
    "avmnist": ({"id", "spectrogram_index", "recording", "mnist"}, "speaker"),
    "flipkart_1050": ({"uniq_id", "fold", "split"}, "group"),
    "lidc_nodules": ({"key", "fold", "split"}, "patient_id"),
    "houses_price": ({"house_id", "fold", "split", "price_TARGET_SOURCE"}, "group"),
    "mfeat6": (set(), None),
}
TEXTS = ("title", "description", "title_masked", "description_masked")
ROOMS = ("image_bathroom", "image_bedroom", "image_frontal", "image_kitchen")
MEDIA = {
    "avmnist": {"image": "image", "audio": "audio"},
    "flipkart_1050": {"image": "image", **dict.fromkeys(TEXTS, "text")},
    "lidc_nodules": {"image": "image", "volume": "volume"},
    "houses_price": dict.fromkeys(ROOMS, "image"),
    "mfeat6": {"image": "image"},
}


def tables():
    return [(name, part) for name in NEVER for part in ("train", "data") if (SHARED / name / f"{part}.csv").exists()]


@pytest.mark.skipif(not tables(), reason="the shared data sets are not beside the repository")
@pytest.mark.parametrize(("name", "part"), tables())
def test_the_shared_sets_are_understood(name, part):
    X = read_table(SHARED / name / f"{part}.csv")
    never, group = NEVER[name]
    labels = X.pop("label")
    X = X[X.columns[:40]]
    found = infer(X.drop(columns=[] if group is None else [group]), labels, SHARED / name)
    refused = {column for column, role in found.roles.items() if role.role in {"id", "ignored", "constant"}}
    assert refused == never & set(X.columns)
    assert all(found.roles[column].reason for column in refused)
    assert {column: found.roles[column].role for column in MEDIA[name]} == MEDIA[name]
    measured = set(X.columns) - refused - set(MEDIA[name]) - {group}
    assert set(found.inputs["table"].columns) == measured
    categorical = {column for column in measured if found.roles[column].role == "categorical"}
    assert categorical == measured & {"zipcode", "brand"}
    assert found.lost == ()


@pytest.mark.skipif(not (SHARED / "lidc_nodules").exists(), reason="lidc_nodules is not beside the repository")
@pytest.mark.parametrize(("name", "group"), [("lidc_nodules", "patient_id"), ("houses_price", "group")])
def test_a_forgotten_group_is_noticed(name, group):
    X = read_table(SHARED / name / "train.csv")
    role = infer(X.drop(columns="label"), X["label"], SHARED / name).roles[group]
    assert (role.role, role.code) == ("id", "owner")
    assert f"--group {group}" in role.warning


@pytest.fixture
def folder(tmp_path):
    for i in range(ROWS):
        Picture.new("L", (4, 4), i).save(tmp_path / f"{i}.png")
        (tmp_path / f"{i}.mha").write_bytes(b"")
    return tmp_path


def table(**columns):
    rng = np.random.default_rng(0)
    always = {
        "photo": [f"{i}.png" for i in range(ROWS)],
        "note": [f"the {word} item number {i} looks fine" for i, word in enumerate(rng.permutation(ROWS))],
        "weight": rng.normal(size=ROWS).astype(str),
        "colour": rng.choice(["red", "blue"], ROWS),
    }
    return pd.DataFrame({**always, **columns}, dtype="str")


LABELS = pd.Series(np.random.default_rng(1).choice(["a", "b"], ROWS))


def test_media_and_text_get_an_input_each_and_table_columns_share_one(folder):
    found = infer(table(), LABELS, folder)
    assert {name: (m.kind, m.columns) for name, m in found.inputs.items()} == {
        "photo": ("image", ("photo",)),
        "note": ("text", ("note",)),
        "table": ("tabular", ("weight", "colour")),
    }
    assert [role.role for role in found.roles.values()] == ["image", "text", "numeric", "categorical"]


def test_the_table_input_gives_way_to_a_column_of_its_name(folder):
    found = infer(table().rename(columns={"photo": "table"}), LABELS, folder)
    assert found.inputs["table"].kind == "image"
    assert found.inputs["table_columns"].columns == ("weight", "colour")


def test_the_table_input_agrees_with_the_roles(folder):
    X = table(code=np.resize(["01", "02", "11"], ROWS), zip=np.resize(["1", "2", "3"], ROWS))
    found = infer(X, LABELS, folder)
    settled = found.inputs["table"].settle(Cells(X, folder))
    assert settled.categorical == ("colour", "code", "zip")
    for column in settled.columns:
        assert found.roles[column].role == column_type(X[column])


def test_files_that_no_modality_reads_are_ignored(folder):
    role = infer(table(scan=[f"{i}.mha" for i in range(ROWS)]), LABELS, folder).roles["scan"]
    assert (role.role, role.code) == ("ignored", "unread")
    assert ".mha" in role.reason


def test_lost_files_are_told_from_a_wrong_root(folder, tmp_path_factory):
    X = table(origin=[f"raw/{i}.jpg" for i in range(ROWS)])
    here = infer(X, LABELS, folder)
    assert here.roles["origin"].code == "lost_files"
    assert here.lost == ()
    elsewhere = infer(X, LABELS, tmp_path_factory.mktemp("elsewhere"))
    assert elsewhere.lost == ("photo", "origin")


def test_some_missing_files_are_no_reason_to_give_up_a_column(folder):
    for i in range(10):
        (folder / f"{i}.png").unlink()
    assert infer(table(), LABELS, folder).roles["photo"].role == "image"


def test_ignored_columns_are_not_looked_at(folder):
    found = infer(table(), LABELS, folder, ignore=["photo", "weight"])
    assert found.roles["photo"].reason == "as asked"
    assert set(found.inputs) == {"note", "table"}
    assert list(found.roles) == list(table().columns)
    with pytest.raises(MissingColumnError, match="did you mean 'photo'"):
        infer(table(), LABELS, folder, ignore=["foto"])


def test_cells_of_any_type_do_no_harm(folder):
    odd = pd.DataFrame(
        {
            "lists": pd.Series([[i] for i in range(ROWS)], dtype=object),
            "dicts": pd.Series([{"a": 1}] * ROWS, dtype=object),
            "mixed": pd.Series([1, "x", None, 2.5] * (ROWS // 4), dtype=object),
            "flags": [True, False] * (ROWS // 2),
            "days": pd.date_range("2020-01-01", periods=ROWS),
            "whole": pd.array([1, None] * (ROWS // 2), dtype="Int64"),
            "kinds": pd.Categorical(["a", "b"] * (ROWS // 2)),
        }
    )
    roles = infer(odd, LABELS, folder).roles
    assert {name: role.role for name, role in roles.items() if role.role in {"numeric", "categorical"}} == {
        "mixed": "categorical",
        "flags": "categorical",
        "days": "numeric",
        "whole": "numeric",
        "kinds": "categorical",
    }


def test_labels_serve_only_to_find_leaks(folder):
    roles = [infer(table(), labels, folder).roles for labels in (LABELS, LABELS[::-1], pd.Series([None] * ROWS))]
    assert roles[0] == roles[1] == roles[2]
