from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from polysight.data.facts import SAMPLE, Facts, sampled_rows
from polysight.data.identifiers import different_in_every_row
from polysight.data.leaks import leak_warning, named_label
from polysight.data.roles import refuse, warning_of

ROWS = 120
RNG = np.random.default_rng(0)
LABELS = RNG.choice(["cat", "dog", "horse"], ROWS)


def facts(name, cells, labels=LABELS, root=Path("nowhere")):
    column = pd.Series(list(cells), name=name)
    return Facts(column, pd.Series(labels[: len(column)]), Path(root), sampled_rows(len(column)))


def code(name, cells, **known):
    role = refuse(facts(name, cells, **known))
    return role and role.code


def hexadecimal(width):
    return ["".join(RNG.choice(list("0123456789abcdef"), width)) for _ in range(ROWS)]


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("n", range(ROWS), "row_number"),
        ("n", map(str, range(ROWS)), "row_number"),
        ("n", np.arange(ROWS, dtype=float), "row_number"),
        ("n", [f"{i:03d}" for i in range(ROWS)], "row_number"),
        ("n", np.sort(RNG.choice(ROWS * 10, ROWS, replace=False)), "row_number"),
        ("n", RNG.permutation(ROWS + 40)[:ROWS], "row_number"),
        ("house_id", RNG.permutation(ROWS * 1000)[:ROWS], "row_number"),
        ("订单编号", RNG.permutation(ROWS * 1000)[:ROWS], "row_number"),
        ("phone", RNG.permutation(90_000_000)[:ROWS] + 10_000_000, "row_number"),
        ("n", range(12), "row_number"),
        ("key", [f"LIDC-IDRI-{i:04d}_R_{i % 3}" for i in range(ROWS)], "identifier"),
        ("x", hexadecimal(32), "identifier"),
        ("x", [f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:]}" for h in hexadecimal(24)], "identifier"),
        ("x", [f"A{i}" for i in range(ROWS)], "identifier"),
        ("user_id", ["anna", "bo", "li", *[f"n{i}" for i in range(50)]], "identifier"),
    ],
)
def test_identifiers_are_refused(name, cells, expected):
    assert code(name, cells) == expected


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("diameter_mm", RNG.normal(20, 5, ROWS)),
        ("diameter_mm", [f"{x:.8f}" for x in RNG.normal(20, 5, ROWS)]),
        ("area_sqft", RNG.choice(np.arange(700, 6000), ROWS, replace=False)),
        ("area_sqft", [str(x) for x in RNG.choice(np.arange(700, 6000), ROWS, replace=False)]),
        ("year", RNG.integers(1990, 2024, ROWS)),
        ("age", [31, 45, 22, 60, 18]),
        ("price", RNG.integers(100, 900, ROWS) * 1000),
        ("note", [f"the {i}th visit went well" for i in range(ROWS)]),
        ("备注", [f"第{i}次检查正常" for i in range(ROWS)]),
        ("brand", [f"brand{i}" for i in RNG.integers(0, 90, ROWS)]),
        ("site", RNG.choice(["north", "south"], ROWS)),
        ("store", RNG.integers(1, 9, ROWS)),
        ("sex", ["f", None] * (ROWS // 2)),
        ("rating", [None] * (ROWS - 10) + [1, 2, 3, 4, 5] * 2),
    ],
)
def test_measurements_text_and_categories_are_kept(name, cells):
    assert code(name, cells) is None


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("fold", RNG.integers(0, 5, ROWS), "bookkeeping"),
        ("cv_fold", RNG.integers(0, 5, ROWS), "bookkeeping"),
        ("split", RNG.choice(["train", "test"], ROWS), "bookkeeping"),
        ("part", ["Train"] * ROWS, "bookkeeping"),
        ("集合", RNG.choice(["训练集", "测试集"], ROWS), "bookkeeping"),
        ("is_train", RNG.choice([True, False], ROWS), "bookkeeping"),
        ("k", ["same"] * ROWS, "constant"),
        ("k", [1] * ROWS, "constant"),
        ("empty", [None, " "] * (ROWS // 2), "empty"),
        ("day", [f"2024-03-{1 + i % 28:02d}" for i in range(ROWS)], "date"),
        ("day", [f"{1 + i % 28}/3/2024 12:00" for i in range(ROWS)], "date"),
        ("price", [f"{x},50" for x in RNG.integers(1, 900, ROWS)], "commas"),
        ("population", [f"{i},{x}" for i, x in enumerate(RNG.integers(100, 999, ROWS))], "commas"),
    ],
)
def test_columns_without_content_are_refused(name, cells, expected):
    assert code(name, cells) == expected


def test_a_column_of_dates_is_kept_as_numbers():
    assert code("day", pd.date_range("2020-01-01", periods=ROWS)) is None


@pytest.mark.parametrize("values", [RNG.integers(0, 60, ROWS), [f"P{i}" for i in RNG.integers(0, 60, ROWS)]])
def test_an_owner_of_many_rows_is_refused_and_looks_like_a_group(values):
    role = refuse(facts("patient_id", values))
    assert role.role == "id"
    assert "looks like a group; pass --group patient_id" in role.warning


def test_many_levels_may_be_a_group():
    brands = facts("brand", [f"brand{i}" for i in RNG.integers(0, 90, ROWS)])
    assert "--group brand" in warning_of(brands, "categorical")
    assert warning_of(facts("colour", RNG.choice(["red", "blue"], ROWS)), "categorical") == ""


def test_categories_that_never_return_are_refused():
    names = [f"{a}{b}" for a in "abcdefghij" for b in "klmnopqrst"]
    assert different_in_every_row(facts("name", names)).role == "id"
    assert different_in_every_row(facts("name", names[:10])) is None
    assert different_in_every_row(facts("x", RNG.normal(size=ROWS))) is None


@pytest.mark.parametrize("there", [True, False])
def test_files_are_looked_for(tmp_path, there):
    names = [f"{label}/{i}.png" for i, label in enumerate(LABELS)]
    if there:
        for name in names:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).touch()
    role = refuse(facts("photo", names, root=tmp_path))
    if there:
        assert role is None
    else:
        assert (role.role, role.code) == ("ignored", "lost_files")
        assert "hold the label" in role.reason


def test_web_addresses_and_numbers_are_no_file_names():
    assert not facts("u", [f"https://example.org/{i}.png" for i in range(ROWS)]).names_files
    assert not facts("x", ["3.5", "2.25"]).names_files
    assert facts("p", ["a b/c.png", r"x\y.JPEG", None]).names_files


def test_the_label_under_other_names_is_refused():
    codes = {"cat": "K1", "dog": "K2", "horse": "K3"}
    assert code("x", [codes[label] for label in LABELS]) == "copy_of_target"
    assert code("x", [sorted(codes).index(label) for label in LABELS]) == "copy_of_target"
    sub = [f"{label} {RNG.integers(0, 3)}" for label in LABELS]
    assert code("breed", sub) == "copy_of_target"
    some = [cell if keep else None for cell, keep in zip(sub, RNG.random(ROWS) < 0.8, strict=True)]
    assert code("breed", some) == "copy_of_target"


def test_a_column_that_is_right_four_times_in_five_is_no_copy():
    noisy = [label if RNG.random() < 0.8 else "cat" for label in LABELS]
    assert code("guess", noisy) is None


def test_an_unbalanced_target_makes_no_copies():
    rare = np.array(["no"] * (ROWS - 2) + ["yes"] * 2)
    assert code("sex", RNG.choice(["f", "m"], ROWS), labels=rare) is None


@pytest.mark.parametrize("seed", range(5))
def test_the_amount_a_target_was_cut_from_is_refused(seed):
    price = np.random.default_rng(seed).lognormal(12, 0.5, 300)
    labels = np.digitize(price, np.quantile(price, [1 / 3, 2 / 3]))
    assert code("price", price, labels=labels) == "copy_of_target"


@pytest.mark.parametrize("seed", range(5))
def test_a_measurement_that_tells_classes_far_apart_is_kept_with_a_warning(seed):
    labels = np.repeat([0, 1, 2], 100)
    values = np.random.default_rng(seed).normal(size=300) + 10 * labels
    found = facts("x", values, labels=labels)
    assert refuse(found) is None
    assert "tells all classes apart" in warning_of(found, "numeric")


def test_few_rows_prove_nothing():
    labels = np.array(["a", "b"] * 10)
    assert code("x", labels, labels=labels) is None
    assert code("x", np.arange(20) / 7 + 10 * (labels == "b"), labels=labels) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ([f"a nice {label} today" for label in LABELS], True),
        ([f"nice {label}s_2" for label in LABELS], True),
        (["cat dog horse"] * ROWS, False),
        ([f"nice {label}" for label in RNG.permutation(LABELS)], False),
    ],
)
def test_text_that_names_its_label_is_noticed(text, expected):
    assert bool(named_label(pd.Series(text), pd.Series(LABELS))) == expected
    assert ("names the label" in leak_warning(facts("t", [f"{t} {i}" for i, t in enumerate(text)]))) == expected


def test_chinese_labels_and_digits_are_found_in_text():
    chinese = np.where(LABELS == "cat", "手表", "裙子")
    text = [f"全新{label}包邮" for label in chinese]
    assert named_label(pd.Series(text), pd.Series(chinese)) in {"手表", "裙子"}
    digits = pd.Series(np.where(LABELS == "cat", "1", "0"))
    assert named_label(digits + "_theo_36.wav", digits) in {"0", "1"}
    assert named_label("100" + digits + "00", digits) == ""


def test_a_name_like_a_target_is_noticed():
    assert "named like a target" in warning_of(facts("target_2", RNG.normal(size=ROWS)), "numeric")


def test_missing_labels_play_no_part():
    labels = np.where(RNG.random(ROWS) < 0.5, LABELS, None)
    assert code("x", ["K" + label for label in LABELS], labels=labels) == "copy_of_target"
    assert code("x", RNG.choice(["a", "b"], ROWS), labels=np.full(ROWS, None)) is None


def test_long_tables_are_sampled_and_uniqueness_is_of_all_rows():
    rows = sampled_rows(40_000)
    assert len(rows) == len(set(rows.tolist())) == SAMPLE
    assert (np.diff(rows) > 0).all()
    column = np.arange(40_000).astype(str)
    labels = np.resize(LABELS, 40_000)
    assert code("n", column, labels=labels) == "row_number"
    outside = np.setdiff1d(np.arange(40_000), rows)
    column[outside[0]] = column[outside[1]]
    assert code("n", column, labels=labels) is None
    constant = np.full(40_000, "a")
    assert code("k", constant, labels=labels) == "constant"
    constant[outside[0]] = "b"
    assert code("k", constant, labels=labels) is None


def test_folders_that_hold_a_sample_each_are_files_and_places_are_not(tmp_path):
    for name in ("s1", "s2", "s3", "empty1", "empty2", "empty3"):
        (tmp_path / name).mkdir()
        if name.startswith("s"):
            (tmp_path / name / "0.dcm").touch()
    own = facts("scan", ["s1", "s2", "s3"], root=tmp_path)
    assert own.names_files
    assert own.files_found == 3
    assert not facts("scan", ["s1", "s2"] * 10, root=tmp_path).names_files
    assert not facts("scan", ["empty1", "empty2", "empty3"], root=tmp_path).names_files
    assert not facts("scan", ["s1", "s2", "gone", "lost"], root=tmp_path).names_files
