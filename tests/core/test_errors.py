"""The error tree: messages carry facts, and the table of exit codes covers every class."""

import pytest
from sklearn.exceptions import NotFittedError as SklearnNotFittedError

from polysight.core import errors


def test_message_says_where_what_and_fix():
    error = errors.DataError("has no rows", where="train.csv", fix="add rows")
    assert str(error) == "train.csv: has no rows\n  fix: add rows"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ConfigError("x"), 2),
        (errors.MissingColumnError("lable", ["label"]), 65),
        (errors.MissingFileError("x"), 66),
        (errors.UnreadableCellError("truncated", "x"), 65),
        (errors.LabelError("x"), 65),
        (errors.MissingExtraError("medical", "DICOM"), 69),
        (errors.StorageError("x"), 74),
        (errors.BusyError("x"), 75),
        (errors.CorruptError("x"), 76),
        (errors.UntrustedError("x"), 76),
        (errors.IncompatibleError("x"), 76),
        (KeyboardInterrupt(), 130),
        (errors.TrainingError("x"), 1),
        (RuntimeError("a bug"), 1),
    ],
)
def test_exit_codes(error, code):
    assert errors.exit_code(error) == code


def test_http_statuses_follow_the_same_table():
    assert errors.http_status(errors.MissingColumnError("a", ["b"])) == 422
    assert errors.http_status(RuntimeError()) == 500


def test_missing_column_offers_the_nearest_name():
    assert "did you mean 'label'?" in str(errors.MissingColumnError("lable", ["id", "label"]))
    assert "its columns are: id, age" in str(errors.MissingColumnError("zzz", ["id", "age"]))


def test_not_fitted_is_scikit_learns_too():
    assert issubclass(errors.NotFittedError, SklearnNotFittedError)


def test_every_class_has_a_stable_code_of_its_own():
    classes = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.PolysightError)]
    codes = [c.code for c in classes]
    assert len(set(codes)) == len(codes) >= 15


def test_the_tree_in_the_docstring_is_the_tree_in_the_code():
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, errors.PolysightError):
            assert name in errors.__doc__
