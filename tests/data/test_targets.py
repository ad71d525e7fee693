import numpy as np
import pandas as pd
import pytest

from polysight.core.errors import DataError, LabelError, MissingColumnError
from polysight.data.targets import encode_labels, groups_of, labels_of

X = pd.DataFrame({"label": ["NA", " ", None, "b "], "group": ["p1", None, "", "p1"]}, index=[7, 7, 8, 9])


def test_labels_are_kept_as_written_and_blank_ones_are_missing():
    assert labels_of(X, "label").tolist() == ["NA", None, None, "b "]
    assert labels_of(X, [0, 1, 0, 1]).tolist() == [0, 1, 0, 1]
    assert labels_of(X, pd.Series([1.0, np.nan, 2.0, 3.0])).isna().tolist() == [False, True, False, False]


def test_labels_that_do_not_belong_to_the_table():
    with pytest.raises(MissingColumnError, match="did you mean 'label'"):
        labels_of(X, "lable")
    with pytest.raises(LabelError, match="2 labels for 4 rows"):
        labels_of(X, ["a", "b"])


@pytest.mark.parametrize(
    ("labels", "classes", "codes"),
    [
        (["b", "a", "b", "a"], ["a", "b"], [1, 0, 1, 0]),
        ([10, 2, 10, 2], [2, 10], [1, 0, 1, 0]),
        ([True, False, True, False], [False, True], [1, 0, 1, 0]),
        (["None", "nan", "None", "nan"], ["None", "nan"], [0, 1, 0, 1]),
        ([1, 2.0, np.int64(1), 2], [1.0, 2.0], [0, 1, 0, 1]),
    ],
)
def test_classes_are_sorted(labels, classes, codes):
    found, positions = encode_labels(pd.Series(labels, dtype=object))
    assert found.tolist() == classes
    assert positions.tolist() == codes


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["a", "a"], "one class|1 class only: 'a'"),
        ([], "no classes"),
        (["a", "a", "b"], "'b' has one row only"),
        ([1, "1", 1, "1"], "several types"),
        ([True, 1, True, 1], "several types"),
        ([0.1, 0.2, 0.3, 0.4, 0.4], "4 different values in 5 rows[\\s\\S]*regression"),
    ],
)
def test_labels_that_cannot_be_learned(labels, message):
    with pytest.raises(LabelError, match=message):
        encode_labels(pd.Series(labels, dtype=object))


def test_a_row_without_a_group_is_a_group_of_its_own():
    codes = groups_of(X, "group", None)
    assert codes[0] == codes[3]
    assert len(set(codes.tolist())) == 3
    assert groups_of(X, None, [np.nan, np.nan, 5, 5]).tolist() == [1, 2, 0, 0]
    assert groups_of(X, None, None) is None


def test_groups_given_override_the_column():
    assert groups_of(X, "nothing", ["a", "b", "a", "b"]).tolist() == [0, 1, 0, 1]
    with pytest.raises(MissingColumnError, match="group"):
        groups_of(X, "grup", None)
    with pytest.raises(DataError, match="1 groups for 4 rows"):
        groups_of(X, None, ["a"])


def test_several_columns_are_for_another_learner():
    with pytest.raises(LabelError, match=r"one is predicted at a time(.|\n)*MultiTaskLearner"):
        labels_of(pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3]}), ["a", "b"])
