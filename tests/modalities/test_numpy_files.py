"""NumPy files: shape before content, and never an object."""

import io

import numpy as np
import pytest

from polysight.core.errors import UnreadableCellError
from polysight.modalities.numpy_files import read_npy, shape_of_npy, to_npy


def reason_of(function, *arguments):
    with pytest.raises(UnreadableCellError) as caught:
        function(*arguments)
    return caught.value.reason


@pytest.mark.parametrize("array", [np.arange(24.0).reshape(2, 3, 4), np.asfortranarray(np.eye(3)), np.zeros((0, 3))])
def test_numbers_come_back(array):
    content = to_npy(array)
    np.testing.assert_array_equal(read_npy(content), array)
    assert shape_of_npy(io.BytesIO(content)) == array.shape


def test_a_header_of_the_second_version_is_read():
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.arange(3), version=(2, 0))
    assert read_npy(buffer.getvalue()).tolist() == [0, 1, 2]


def test_objects_are_refused_both_ways():
    buffer = io.BytesIO()
    np.save(buffer, np.array([{}], dtype=object), allow_pickle=True)
    assert reason_of(read_npy, buffer.getvalue()) == "not_numbers"
    assert reason_of(shape_of_npy, io.BytesIO(buffer.getvalue())) == "not_numbers"
    assert reason_of(to_npy, np.array([{}], dtype=object)) == "not_numbers"
    assert reason_of(read_npy, to_npy(np.array(["text"]))) == "not_numbers"


def test_damaged_files_are_named():
    content = to_npy(np.arange(30.0))
    assert reason_of(read_npy, content[:-1]) == "truncated"
    assert reason_of(read_npy, content[:40]) == "not_an_array"
    assert reason_of(shape_of_npy, io.BytesIO(b"")) == "empty_file"
