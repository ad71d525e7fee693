"""Faults of many kinds, planted one at a time into a table that has none: each is found, and names what it should."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from healthy import CLASSES, WRITTEN, Tables, healthy
from PIL import Image

from polysight.health import CHECKS
from polysight.health.examine import Health
from polysight.health.sentences import SENTENCES, sentence
from polysight.runs.config import RunConfig
from polysight.runs.health import checked


def looked_at(tables: Tables, *kinds: str) -> Health:
    tables.write()
    table, test = (str(tables.folder / f"{name}.csv") for name in ("train", "test"))
    return checked(RunConfig(table=table, test=test, target="state", group=tables.group), kinds or None)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return healthy(tmp_path_factory.mktemp("untouched"))


@pytest.fixture
def tables(untouched: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tables:
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")
    shutil.copytree(untouched.folder, tmp_path, dirs_exist_ok=True)
    return Tables(tmp_path, untouched.train.copy(), untouched.test.copy())


def is_ripe(tables: Tables) -> np.ndarray:
    return (tables.train["state"] == "ripe").to_numpy()


def repeat(tables: Tables, source: int, place: int, *columns: str) -> None:
    for column in columns:
        tables.train.loc[place, column] = tables.train.loc[source, column]


INPUTS = ("photo", "note", "weight", "colour")


def same_class(tables: Tables, row: int, *, same: bool = True) -> int:
    """Another row of the same class, or of another."""
    return next(i for i in range(row + 1, 80) if (tables.train["state"][i] == tables.train["state"][row]) == same)


def damaged_file(tables):
    (tables.folder / tables.train["photo"][11]).write_bytes(b"\x89PNG cut off")
    return {11}


def repeated_row(tables):
    other = same_class(tables, 4)
    repeat(tables, 4, other, *INPUTS)
    return {4, other}


def recompressed_image(tables):
    other = same_class(tables, 9)
    pixels = tables.picture(tables.train["photo"][9]).astype(int)
    smaller = Image.fromarray((pixels * 0.8 + 20).astype(np.uint8)).resize((48, 48))
    tables.train.loc[other, "photo"] = tables.save(np.asarray(smaller), "photos/q500.jpg", quality=80)
    return {9, other}


def reworded_text(tables):
    other = same_class(tables, 20)
    words = tables.train["note"][20].upper().split()
    tables.train.loc[other, "note"] = " ".join([*words[:7], "changed", *words[8:]]) + "!"
    return {20, other}


def image_under_two_labels(tables):
    other = same_class(tables, 30, same=False)
    repeat(tables, 30, other, "photo")
    return {30, other}


def row_in_test(tables):
    for column in INPUTS:
        tables.test.loc[5, column] = tables.train.loc[15, column]
    return {15}


def image_in_test(tables):
    pixels = tables.picture(tables.train["photo"][16])
    tables.test.loc[6, "photo"] = tables.save(pixels, "photos/q501.jpg", quality=70)
    return {16}


def text_in_test(tables):
    tables.test.loc[6, "note"] = tables.train["note"][17] + "."
    return {17}


def group_in_test(tables):
    tables.test.loc[[0, 1], "customer"] = "c3"
    return {6, 7}


def copied_target(tables):
    tables.train["grade"] = np.where(is_ripe(tables), "B", "A")


def telling_number(tables):
    rng = np.random.default_rng(1)
    tables.train["sugar"] = (is_ripe(tables) * 10 + rng.normal(0, 2.2, 80)).round(2)


def label_in_text(tables):
    rows = np.flatnonzero(is_ripe(tables))[:30]
    tables.train.loc[rows, "note"] = "this ripe one " + tables.train.loc[rows, "note"]
    return set(rows.tolist())


def renamed(tables, name_of):
    for row, old in enumerate(tables.train["photo"]):
        new = name_of(row, old)
        (tables.folder / new).parent.mkdir(exist_ok=True)
        (tables.folder / old).rename(tables.folder / new)
        tables.train.loc[row, "photo"] = new


def label_in_file_name(tables):
    renamed(tables, lambda row, old: f"photos/{tables.train['state'][row]}_{old[8:]}")


def folder_by_class(tables):
    renamed(tables, lambda row, old: old.replace("photos", f"camera{1 + is_ripe(tables)[row]}"))


def suffix_by_class(tables):
    for row in np.flatnonzero(is_ripe(tables)):
        name = tables.train["photo"][row]
        new = name.replace(".png", ".bmp")
        tables.train.loc[row, "photo"] = tables.save(tables.picture(name), new)


def sorted_rows(tables):
    tables.train = tables.train.sort_values("state", kind="stable", ignore_index=True)


def numbered_after_sorting(tables):
    order = np.argsort(np.argsort(is_ripe(tables), kind="stable"))
    renamed(tables, lambda row, old: f"photos/r{order[row]:03d}.png")


def dated_by_class(tables):
    for row, name in enumerate(tables.train["photo"]):
        when = WRITTEN + 86_400 * bool(is_ripe(tables)[row]) + 60 * row
        os.utime(tables.folder / name, (when, when))


def camera_by_class(tables):
    for row, name in enumerate(tables.train["photo"]):
        exif = Image.Exif()
        exif[0x0110] = f"camera {int(is_ripe(tables)[row])}"
        exif[0x0132] = f"2024:01:{1 + 20 * int(is_ripe(tables)[row]):02d} 10:00:{row % 60:02d}"
        tables.save(tables.picture(name), name, exif=exif)


def missing_by_class(tables):
    rows = np.flatnonzero(is_ripe(tables))[:28]
    tables.train.loc[rows, "weight"] = np.nan
    return set(rows.tolist())


def wrong_labels(tables):
    rows = [2, 25, 51]
    tables.train.loc[rows, "state"] = [CLASSES[int(not is_ripe(tables)[row])] for row in rows]
    return set(rows)


def unbalanced_classes(tables):
    ripe = np.flatnonzero(is_ripe(tables))
    tables.train = tables.train.drop(index=ripe[3:]).reset_index(drop=True)


def class_in_few_groups(tables):
    tables.train.loc[[0, 1], "state"] = "rotten"
    return {0, 1}


def lone_class(tables):
    tables.train.loc[5, "state"] = "rotten"
    return {5}


def unseen_class(tables):
    tables.test.loc[5, "state"] = "rotten"


def missing_label(tables):
    tables.train.loc[8, "state"] = None
    return {8}


def constant_column(tables):
    tables.train["farm"] = "north"


def id_column(tables):
    tables.train["sample_id"] = np.arange(500, 580)


def unread_column(tables):
    tables.train["picked"] = [f"2024-03-{1 + row % 28:02d}" for row in range(80)]


def unused_group(tables):
    tables.group = None


def people(tables):
    tables.train["patient_name"] = [f"Ann Person{row}" for row in range(80)]


def phones(tables):
    rng = np.random.default_rng(2)
    tables.train["reached_at"] = [f"138{rng.integers(10**7, 10**8)}" for _ in range(80)]


def mail_in_text(tables):
    tables.train.loc[3, "note"] += " write to jo.doe@example.org"
    return {3}


def resident_number_in_text(tables):
    tables.train.loc[33, "note"] += " 身份证11010519491231002X"
    return {33}


PLANTED = {
    damaged_file: "unreadable_files",
    repeated_row: "duplicate_rows",
    recompressed_image: "duplicate_images",
    reworded_text: "duplicate_texts",
    image_under_two_labels: "duplicate_images_across_labels",
    row_in_test: "duplicate_rows_in_test",
    image_in_test: "duplicate_images_in_test",
    text_in_test: "duplicate_texts_in_test",
    group_in_test: "group_overlap",
    copied_target: "leaky_columns",
    telling_number: "leaky_columns",
    label_in_text: "label_in_text",
    label_in_file_name: "file_names",
    folder_by_class: "file_names",
    suffix_by_class: "file_names",
    sorted_rows: "row_order",
    numbered_after_sorting: "file_order",
    dated_by_class: "file_metadata",
    camera_by_class: "file_metadata",
    missing_by_class: "missingness",
    wrong_labels: "label_errors",
    unbalanced_classes: "class_balance",
    class_in_few_groups: "rare_classes",
    lone_class: "rare_classes",
    unseen_class: "unseen_classes",
    missing_label: "missing_labels",
    constant_column: "constant_columns",
    id_column: "id_columns",
    unread_column: "unread_columns",
    unused_group: "missing_group",
    people: "personal_data",
    phones: "personal_data",
    mail_in_text: "personal_data",
    resident_number_in_text: "personal_data",
}
#: The checks of findings that do not begin with their name.
KINDS = {
    **dict.fromkeys(("class_balance", "rare_classes", "unseen_classes", "missing_labels"), "classes"),
    **dict.fromkeys(("constant_columns", "id_columns", "unread_columns"), "unused_columns"),
    **dict.fromkeys(("group_overlap", "missing_group"), "groups"),
    **dict.fromkeys(("row_order", "file_order"), "order"),
}
FAIL = {row_in_test, group_in_test, copied_target, lone_class}


def test_a_healthy_table_has_nothing_to_look_at(tables: Tables) -> None:
    health = looked_at(tables)
    assert [(f.name, f.facts) for f in health.at_least("warn")] == []
    assert health.status == "pass"
    assert len({finding.name for finding in health.findings}) == len(health.findings) >= 28


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(plant, tables: Tables) -> None:
    rows = plant(tables)
    name = PLANTED[plant]
    kind = next((kind for kind in CHECKS if name.startswith(kind)), KINDS.get(name, ""))
    found = {finding.name: finding for finding in looked_at(tables, kind).findings}[name]
    assert found.status == ("fail" if plant in FAIL else "warn")
    assert found.columns or found.name == "row_order"
    assert rows is None or set(found.rows) == rows
    for lang in SENTENCES:
        assert all(sentence(lang, found.code, found.facts))


def test_two_looks_are_the_same(tables: Tables) -> None:
    missing_by_class(tables)
    looks = [looked_at(tables, "missingness", "label_errors", "duplicate_texts").to_record() for _ in range(2)]
    assert looks[0] == looks[1]


def test_personal_data_are_never_repeated(tables: Tables) -> None:
    people(tables)
    mail_in_text(tables)
    resident_number_in_text(tables)
    told = str(looked_at(tables, "personal_data").to_record())
    assert not [secret for secret in ("Person3", "jo.doe", "19491231") if secret in told]
