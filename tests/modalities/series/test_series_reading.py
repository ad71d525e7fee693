"""Reading series: each format against the numbers that were written, and what is refused."""

import io
import json

import numpy as np
import pandas as pd
import pytest

from polysight.core.errors import UnreadableCellError
from polysight.modalities.series.reading import read_recording, to_content

VALUES = np.array([[0.5, -1.0], [2.0, 3.25], [4.0, 1e-3]])


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def parquet(frame: pd.DataFrame) -> bytes:
    pytest.importorskip("pyarrow")
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    return buffer.getvalue()


NAMED = pd.DataFrame(VALUES, columns=["x", "y"])


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (npy(VALUES), ()),
        (npy(VALUES.astype(np.float32).astype(">f4")), ()),
        (npy(np.rec.fromarrays(VALUES.T, names="x,y")), ("x", "y")),
        (json.dumps(VALUES.tolist()).encode(), ()),
        (NAMED.to_csv(index=False).encode(), ("x", "y")),
        (NAMED.to_csv(index=False, sep=";").encode("utf-16"), ("x", "y")),
        (NAMED.to_csv(index=False, header=False, sep="\t").encode(), ()),
        (to_content(VALUES.tolist()), ()),
        (to_content([np.array(row) for row in VALUES]), ()),
    ],
)
def test_each_format_gives_the_numbers_written(content, names):
    values, found = read_recording(content)
    np.testing.assert_allclose(values, VALUES, rtol=1e-6)
    assert found == names


def test_parquet_gives_the_numbers_written():
    values, names = read_recording(parquet(NAMED))
    np.testing.assert_array_equal(values, VALUES)
    assert names == ("x", "y")


def test_a_single_channel_needs_no_second_axis():
    for content in (npy(np.arange(4.0)), b"[0, 1, 2, 3]", b"0\n1\n2\n3\n", to_content([0, 1, 2, 3])):
        np.testing.assert_array_equal(read_recording(content).values, np.arange(4.0)[:, None])
    assert read_recording(npy(np.arange(4.0))).titles == ("0",)


def test_what_is_no_finite_number_is_nan():
    for content in (b"[1, null, Infinity, 1e39]", b"v\n1\nn/a\ninf\n1e39\n", npy(np.array([1, np.nan, np.inf, 1e39]))):
        np.testing.assert_array_equal(read_recording(content).values[:, 0], [1, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(read_recording(to_content([1, None])).values[:, 0], [1, np.nan])


def test_an_empty_line_is_a_moment_without_numbers():
    np.testing.assert_array_equal(read_recording(b"a,b\n1,2\n\n3,\n").values, [[1, 2], [np.nan, np.nan], [3, np.nan]])


def test_dates_become_seconds():
    text = b"when,v\n2024-03-01T00:00:00,1\n2024-03-01T00:00:02.500,2\n,3\n"
    when = read_recording(text).values[:, 0]
    assert when[1] - when[0] == 2.5
    assert np.isnan(when[2])
    moments = pd.DataFrame(
        {"when": pd.to_datetime(["2024-03-01", "2024-03-02"]), "after": pd.to_timedelta([0, 1], "s")}
    )
    values = read_recording(parquet(moments)).values
    np.testing.assert_array_equal(np.diff(values, axis=0)[0], [86400, 1])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n", "empty_file"),
        (npy(np.zeros(0)), "no_samples"),
        (npy(np.zeros((0, 3))), "no_samples"),
        (npy(np.zeros((3, 0))), "no_samples"),
        (b"[]", "no_samples"),
        (b"x,y\n", "no_samples"),
        (npy(VALUES)[:-8], "truncated"),
        (npy(np.zeros((2, 2, 2))), "not_a_series"),
        (npy(np.array(["a", "b"])), "not_a_series"),
        (npy(np.array([1j])), "not_a_series"),
        (b"\x93NUMPY\x01\x00garbage", "truncated"),
        (b"[1, 2", "not_a_series"),
        (b'["a", "b"]', "not_a_series"),
        (b"[[1, 2], [3]]", "ragged"),
        (b"[[1, 2], 3]", "ragged"),
        (b"a,b\n1,2,3\n", "ragged"),
        (b"a,\n1,2\n", "ragged"),
        (b"\x00\x01\x02binary\x00", "not_a_series"),
    ],
)
def test_what_is_no_series_is_refused_by_name(content, code):
    with pytest.raises(UnreadableCellError) as error:
        read_recording(content)
    assert error.value.reason == code
    assert error.value.what


def test_objects_in_an_array_are_never_unpickled():
    buffer = io.BytesIO()
    np.save(buffer, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(UnreadableCellError, match="cannot be read as an array"):
        read_recording(buffer.getvalue())


def test_a_damaged_parquet_file_is_named():
    content = parquet(NAMED)
    with pytest.raises(UnreadableCellError, match="Parquet"):
        read_recording(content[: len(content) // 2])


@pytest.mark.parametrize("value", [["a", "b"], [[1, 2], [3]], 5, {"a": 1}])
def test_other_things_in_a_cell_are_no_series(value):
    with pytest.raises(UnreadableCellError):
        read_recording(to_content(value))
