"""Checks that cannot judge say so or stay silent; what only the test table or damaged files show is told."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from healthy import Tables, healthy

from polysight.health.file_metadata import _of_image, _seconds
from polysight.runs.config import RunConfig
from polysight.runs.health import checked


def found(folder: Path, table: pd.DataFrame, *kinds: str, **options) -> dict:
    table.to_csv(folder / "table.csv", index=False)
    config = RunConfig(table=str(folder / "table.csv"), target="label", task="classification", **options)
    return {finding.name: finding for finding in checked(config, kinds).findings}


def test_rows_of_few_values_are_equal_by_chance(tmp_path):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({name: rng.integers(0, 3, 90) for name in ("label", "a", "b")}).astype(str) + "x"
    findings = found(tmp_path, table, "duplicate_rows")
    assert {name: f.code for name, f in findings.items()} == {"duplicate_rows": "duplicate_rows.coarse"}


def test_copies_under_two_labels_fail_when_they_are_many(tmp_path):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"label": rng.integers(0, 2, 60), "a": rng.normal(size=60), "b": rng.normal(size=60)})
    table = pd.concat([table, table.head(3).assign(label=1 - table["label"].head(3))], ignore_index=True)
    finding = found(tmp_path, table, "duplicate_rows")["duplicate_rows_across_labels"]
    assert (finding.status, finding.rows) == ("fail", (0, 1, 2, 60, 61, 62))


@pytest.mark.parametrize(("rows", "code"), [(20, "label_errors.few"), (80, "label_errors.weak")])
def test_labels_are_not_doubted_without_a_model_that_knows_better(tmp_path, rows, code):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"label": np.arange(rows) % 2, "a": rng.normal(size=rows), "b": rng.normal(size=rows)})
    assert found(tmp_path, table, "label_errors")["label_errors"].code == code


def test_one_group_only_teaches_nothing_and_breaks_nothing(tmp_path):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"label": np.arange(40) % 2, "a": rng.normal(size=40), "b": rng.normal(size=40), "g": "one"})
    assert found(tmp_path, table, "label_errors", group="g")["label_errors"].status == "pass"


def test_a_column_that_knows_one_class_is_told_and_few_rows_prove_nothing(tmp_path):
    rng = np.random.default_rng(0)
    label = np.arange(120) % 3
    a = np.where(label == 0, rng.normal(20, 1, 120), rng.normal(0, 1, 120))
    table = pd.DataFrame({"label": label, "a": a.round(3), "b": rng.normal(size=120)})
    finding = found(tmp_path, table, "leaky_columns")["leaky_columns"]
    assert (finding.status, finding.columns) == ("warn", ("a",))
    assert finding.facts["told"] == [("a", "area", "1.000, 0")]
    assert found(tmp_path, table.head(24), "leaky_columns")["leaky_columns"].status == "pass"


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tables:
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")
    return healthy(tmp_path)


def test_damage_in_the_test_table_and_columns_half_damaged(tables: Tables):
    (tables.folder / tables.test["photo"][2]).write_bytes(b"")
    tables.train.loc[:44, "photo"] = "photos/gone.png"
    tables.write()
    table, test = (str(tables.folder / f"{name}.csv") for name in ("train", "test"))
    config = RunConfig(table=table, test=test, target="state", group="customer")
    kinds = ("unreadable_files", "file_metadata", "order", "file_names")
    findings = {finding.name: finding for finding in checked(config, kinds).findings}
    assert findings["unreadable_files"].status == "fail"
    assert "45 not_found" in findings["unreadable_files"].facts["reasons"]
    assert findings["unreadable_files_in_test"].facts == {"cells": 1, "rows": "2"}


def test_texts_and_missing_values_without_a_test_table(tables: Tables):
    tables.train["note"] = np.where(np.arange(80) == 5, tables.train["note"][6], tables.train["note"])
    tables.write()
    config = RunConfig(table=str(tables.folder / "train.csv"), target="state", group="customer")
    names = {finding.name for finding in checked(config, ("duplicate_texts", "unreadable_files")).findings}
    assert names == {"duplicate_texts", "duplicate_texts_across_labels", "unreadable_files"}


def test_names_without_numbers_have_no_order(tables: Tables):
    for row, name in enumerate(tables.train["photo"]):
        new = "photos/" + "".join(chr(97 + int(digit)) for digit in f"{row:03d}") + ".png"
        (tables.folder / name).rename(tables.folder / new)
        tables.train.loc[row, "photo"] = new
    tables.write()
    config = RunConfig(table=str(tables.folder / "train.csv"), target="state", group="customer")
    assert [finding.status for finding in checked(config, ("order", "file_names")).findings] == ["pass"] * 3


def test_a_file_that_is_no_image_has_no_facts_of_one(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    assert _of_image(tmp_path / "a.wav") == {}
    assert _seconds("2024:02:30 10:00:00") is None
    assert _seconds("1970:01:02 00:00:01") == 86_401.0


def test_an_unknown_check_is_told(tables: Tables):
    tables.write()
    config = RunConfig(table=str(tables.folder / "train.csv"), target="state", group="customer")
    with pytest.raises(ValueError, match="did you mean 'groups'"):
        checked(config, ("group",))
