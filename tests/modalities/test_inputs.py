import numpy as np
import pandas as pd
import pytest
from PIL import Image as Picture

from polysight.core.errors import ConfigError, DataError, LabelError, MissingColumnError
from polysight.modalities.image.modality import Image
from polysight.modalities.inputs import prepare, read_samples, root_of
from polysight.modalities.tabular.modality import Tabular

ROWS = 24


@pytest.fixture
def folder(tmp_path):
    for i in range(ROWS):
        Picture.new("L", (8, 8), 5 * i).save(tmp_path / f"{i}.png")
    return tmp_path


@pytest.fixture
def X(folder):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "photo": [f"{i}.png" for i in range(ROWS)],
            "weight": [f"{value:.3f}" for value in rng.normal(size=ROWS)],
            "colour": rng.choice(["red", "blue"], ROWS),
            "patient": [f"p{i % 6}" for i in range(ROWS)],
            "label": rng.permutation(["NA", "nan", "001"] * (ROWS // 3)),
        },
        dtype="str",
        index=range(100, 100 + ROWS),
    )
    frame.attrs["root"] = str(folder)
    return frame


def test_a_table_becomes_a_task(X):
    task = prepare(X, "label", group="patient")
    assert task.samples.names == ("photo", "table")
    assert task.columns == ("photo", "weight", "colour")
    assert task.classes.tolist() == ["001", "NA", "nan"]
    assert task.classes[task.codes].tolist() == X["label"].tolist()
    assert task.rows.tolist() == list(range(ROWS))
    assert task.groups.tolist() == [i % 6 for i in range(ROWS)]
    assert task.set_aside == ()
    assert {name: role.role for name, role in task.roles.items()} == {
        "photo": "image",
        "weight": "numeric",
        "colour": "categorical",
        "patient": "group",
        "label": "target",
    }
    assert isinstance(task.inputs["photo"].size, int)


def test_labels_may_be_given_beside_the_table(X):
    labels = X.pop("label")
    task = prepare(X, labels.tolist(), groups=np.arange(ROWS) // 2)
    assert task.classes[task.codes].tolist() == labels.tolist()
    assert task.groups.tolist() == (np.arange(ROWS) // 2).tolist()


def test_rows_in_are_rows_used_and_rows_set_aside(X, folder):
    X.iloc[3, X.columns.get_loc("label")] = None
    X.iloc[4, X.columns.get_loc("label")] = " "
    (folder / "5.png").write_bytes(b"no picture")
    (folder / "6.png").write_bytes(b"no picture")
    X.iloc[6, [X.columns.get_loc(name) for name in ("weight", "colour")]] = None
    task = prepare(X, "label", group="patient")
    whole_rows = [problem for problem in task.set_aside if problem.code in {"no_label", "nothing_readable"}]
    assert [(problem.row, problem.column, problem.code) for problem in whole_rows] == [
        (3, "label", "no_label"),
        (4, "label", "no_label"),
        (6, "", "nothing_readable"),
    ]
    assert len(task.rows) + len(whole_rows) == len(X)
    assert task.rows.tolist() == [i for i in range(ROWS) if i not in (3, 4, 6)]
    cells = [problem for problem in task.set_aside if problem not in whole_rows]
    assert [(problem.row, problem.column, problem.file) for problem in cells] == [
        (5, "photo", "5.png"),
        (6, "photo", "6.png"),
    ]
    assert all(problem.reason for problem in task.set_aside)
    assert len(task.groups) == len(task.codes) == len(task.samples) == len(task.rows)


def test_a_part_of_a_task_keeps_its_rows(X):
    task = prepare(X, "label", group="patient")
    part = task.take(np.array([5, 2]))
    assert part.rows.tolist() == [5, 2]
    assert part.codes.tolist() == task.codes[[5, 2]].tolist()
    assert part.groups.tolist() == task.groups[[5, 2]].tolist()
    np.testing.assert_array_equal(part.samples.views["photo"].keys, task.samples.views["photo"].keys[[5, 2]])


def test_rows_without_a_group_stand_alone(X):
    X.iloc[[0, 1], X.columns.get_loc("patient")] = [None, ""]
    groups = prepare(X, "label", group="patient").groups
    assert (groups == groups[0]).sum() == (groups == groups[1]).sum() == 1
    assert groups[2] == groups[8]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"y": "lable"}, MissingColumnError, "did you mean 'label'"),
        ({"group": "patent"}, MissingColumnError, "did you mean 'patient'"),
        ({"ignore": ["colors"]}, MissingColumnError, "did you mean 'colour'"),
        ({"group": "label"}, ConfigError, "both the target and the group"),
        ({"inputs": {"label": "text"}}, ConfigError, r"inputs\.label: the target column 'label' is also an input"),
        ({"inputs": {"t": Tabular(columns=("patient",))}, "group": "patient"}, ConfigError, "the group column"),
        ({"inputs": {"weight": "tabular"}, "ignore": ["weight"]}, ConfigError, "the ignored column"),
        ({"inputs": {"photos": "image"}}, MissingColumnError, r"inputs\.photos[\s\S]*did you mean 'photo'"),
        ({"y": ["a"] * ROWS}, LabelError, "1 class only: 'a'"),
        ({"y": ["a"] * (ROWS - 1) + ["b"]}, LabelError, "'b' has one row only"),
        ({"y": ["a"]}, LabelError, "1 labels for"),
        ({"y": [None] * ROWS}, LabelError, "no classes: every label is missing"),
        ({"groups": [1]}, DataError, "1 groups for"),
        ({"ignore": ["photo", "weight", "colour", "patient"]}, DataError, "no column can serve as an input"),
    ],
)
def test_what_does_not_fit_is_refused_before_files_are_read(X, folder, change, error, message):
    for file in folder.glob("*.png"):
        file.write_bytes(b"never read")
    with pytest.raises(error, match=message):
        prepare(X, **{"y": "label", **change})


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ("train.csv", "needs a pandas DataFrame, not str"),
        (pd.DataFrame({"label": []}), "the table has no rows"),
        (pd.DataFrame([["a", "b"]], columns=["label", "label"]), "two columns have the same name"),
        (pd.DataFrame([["a", "b"]]), "column names must be text"),
    ],
)
def test_what_is_no_table_is_refused(frame, message):
    with pytest.raises(DataError, match=message):
        prepare(frame, "label")


def test_a_class_may_be_lost_with_its_rows(X, folder):
    (folder / "0.png").unlink()
    labels = ["rare", "rare", *["a", "b"] * 11]
    with pytest.raises(LabelError, match="'rare' has one row only"):
        prepare(X, labels, inputs={"photo": "image"})


def test_a_wrong_root_is_an_error_and_not_a_model_without_pictures(X, tmp_path_factory):
    with pytest.raises(DataError, match=r"no file named in column photo is there[\s\S]*--root[\s\S]*--ignore photo"):
        prepare(X, "label", root=tmp_path_factory.mktemp("elsewhere"))


def test_a_column_of_which_nothing_can_be_read_is_an_error(X, folder):
    for file in folder.glob("*.png"):
        file.write_bytes(b"no picture")
    with pytest.raises(DataError, match="every cell of input 'photo' is empty or unreadable"):
        prepare(X, "label")


def test_an_input_that_only_rows_without_label_have_is_an_error(X):
    X.loc[X.index[2:], "photo"] = None
    X.loc[X.index[:2], "label"] = None
    with pytest.raises(DataError, match="every cell of input 'photo'"):
        prepare(X, "label", inputs={"photo": "image", "weight": "tabular"})


def test_inputs_named_by_the_user_are_taken_whatever_else_the_table_holds(X, folder):
    X["origin"] = [f"lost/{i}.wav" for i in range(ROWS)]
    X["odd"] = pd.Series([[1], {}] * (ROWS // 2), index=X.index)
    X["number"] = range(ROWS)
    named = {"photo": Image(size=8), "row": {"kind": "tabular", "columns": ["number", "weight"]}}
    task = prepare(X, "label", inputs=named, root=folder)
    assert task.samples.names == ("photo", "row")
    assert task.columns == ("photo", "number", "weight")
    assert task.roles["number"].role == "numeric"
    assert "numbers the rows" in task.roles["number"].warning
    assert task.roles["origin"].reason == "not among the inputs named"


def test_the_same_cells_are_read_at_prediction_and_a_lost_column_is_missing(X, folder):
    task = prepare(X, "label")
    again = read_samples(task.inputs, X.drop(columns="label"))
    for name, view in task.samples.views.items():
        np.testing.assert_array_equal(again.views[name].keys, view.keys)
    without = read_samples(task.inputs, X[["weight"]], root=folder)
    assert without.present.tolist() == [[False, True]] * ROWS


def test_root_is_the_argument_the_table_or_the_working_directory(X, folder):
    assert str(root_of(X, "here")) == "here"
    assert root_of(X) == folder
    assert str(root_of(pd.DataFrame())) == "."
