import csv
import io
import json
import sys

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.core.errors import DataError, MissingExtraError, MissingFileError, exit_code
from polysight.data.delimited import CHUNK, read_delimited
from polysight.data.table import read_table


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def test_values_stay_as_written_and_only_the_empty_cell_is_missing(tmp_path):
    words = ["NA", "None", "null", "nan", "N/A", "001", " x ", "1.50", "TRUE"]
    table = read_table(write(tmp_path / "t.csv", "id,word\n" + "".join(f"0{i},{w}\n" for i, w in enumerate(words))))
    assert table["word"].tolist() == words
    assert table["id"].tolist() == [f"0{i}" for i in range(len(words))]
    gap = read_table(write(tmp_path / "gap.csv", 'a,b\n1,\n,""\n'))
    assert gap.isna().to_numpy().tolist() == [[False, True], [True, True]]


def test_root_is_the_folder_of_the_table_or_the_one_given(tmp_path, monkeypatch):
    path = write(tmp_path / "t.csv", "a,b\n1,2\n")
    assert read_table(path).attrs["root"] == str(tmp_path)
    assert read_table(path, root=tmp_path / "photos").attrs["root"] == str(tmp_path / "photos")
    monkeypatch.chdir(tmp_path)
    assert read_table("t.csv").attrs["root"] == str(tmp_path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_delimiters_are_found_and_quotes_respected(tmp_path, delimiter, newline):
    lines = [["a", "b c", "d"], ["1", '"x, y; z\tand ""w"""', "3"], ["4", '"two\nlines"', "6"]]
    text = newline.join(delimiter.join(line) for line in lines) + newline
    table = read_table(write(tmp_path / "t.csv", text))
    assert list(table.columns) == ["a", "b c", "d"]
    assert table["b c"].tolist() == ['x, y; z\tand "w"', "two\nlines"]


def test_one_column_is_a_table(tmp_path):
    assert read_table(write(tmp_path / "t.tsv", "word\na,b;c\n")).to_dict("list") == {"word": ["a,b;c"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_tables_of_any_encoding(tmp_path, encoding):
    table = read_table(write(tmp_path / "t.csv", "图片,类别\n照片/一号.png,连衣裙\n照片/二号.png,手表\n", encoding))
    assert table.to_dict("list") == {"图片": ["照片/一号.png", "照片/二号.png"], "类别": ["连衣裙", "手表"]}


ENGLISH = [["name", "kind"], ["apple", "fruit"], ["beet", "root"], ["carrot", "root"]]
CHINESE = [["名称", "类别"], ["苹果", "水果"], ["一", "数"], ["胡萝卜", "根"]]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("rows", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_small_tables_in_wide_encodings_are_found(tmp_path, encoding, mark, rows):
    header, *cells = rows
    objects = "\n".join(json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) for row in cells)
    texts = {
        "t.csv": "\r\n".join(map(",".join, rows)) + "\r\n",
        "t.tsv": "\n".join(map("\t".join, rows)),
        "t.jsonl": objects,
    }
    for name, text in texts.items():
        table = read_table(write(tmp_path / name, mark + text, encoding))
        assert [table.columns.tolist(), *table.to_numpy().tolist()] == rows


def test_lines_may_end_in_carriage_returns_alone(tmp_path):
    assert read_table(write(tmp_path / "t.csv", "a;b\r1;2\r")).to_dict("list") == {"a": ["1"], "b": ["2"]}


def test_an_assumed_encoding_is_said(tmp_path):
    path = write(tmp_path / "t.csv", "a,b\ndéjà vu,été\n", "cp1252")
    with pytest.warns(UserWarning, match="cp1252") as caught:
        table = read_table(path)
    assert caught[0].filename == __file__
    assert table["b"].tolist() == ["été"]
    assert read_table(path, encoding="latin-1")["a"].tolist() == ["déjà vu"]


def test_empty_lines_keep_row_numbers_and_trailing_ones_are_no_rows(tmp_path):
    table = read_table(write(tmp_path / "t.csv", "a,b\n1,2\n\n3,4\n\n\n"))
    assert table["a"].isna().tolist() == [False, True, False]


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"))


@given(st.lists(st.tuples(cells, cells.filter(bool)), min_size=1, max_size=5))
def test_what_python_writes_comes_back(rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("a", "b"), *rows])
    table = read_delimited(text.getvalue(), where="t.csv")
    assert table.fillna("").to_numpy().tolist() == [list(row) for row in rows]


def test_long_tables_are_read_in_pieces():
    rows = CHUNK + 3
    table = read_delimited("n,w\n" + "".join(f"{i},x\n" for i in range(rows)), where="t")
    assert table["n"].astype(int).tolist() == list(range(rows))
    assert table.index.tolist() == list(range(rows))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("a,b\n", "a header but no rows"),
        ("a,b,a\n1,2,3\n", "same name: 'a'"),
        (",a\n0,1\n", r"column 1 has no name[\s\S]*index=False"),
        ("a,b\n1,2\n3\n", "row 1: has 1 cells, the header has 2"),
        ("a,b\n1,2\n\n3,4,5\n", "row 2: has 3 cells, the header has 2[\\s\\S]*quote cells"),
        ("a,b\n1,2,\n", "row 0: has 3 cells[\\s\\S]*delimiter at the end"),
        ('a,b\n1,"2\n', "line 2: cannot be read as a table[\\s\\S]*never closed"),
    ],
)
def test_irregular_text_is_an_error_that_says_where(tmp_path, text, message):
    with pytest.raises(DataError, match=message) as caught:
        read_table(write(tmp_path / "t.csv", text))
    assert "t.csv" in str(caught.value)
    assert exit_code(caught.value) == 65


def test_a_missing_file_offers_the_nearest_name(tmp_path):
    write(tmp_path / "train.csv", "a\n1\n")
    with pytest.raises(MissingFileError, match=r"did you mean 'train\.csv'") as caught:
        read_table(tmp_path / "trian.csv")
    assert exit_code(caught.value) == 66
    with pytest.raises(MissingFileError, match="no folder"):
        read_table(tmp_path / "nowhere" / "train.csv")


def test_an_unknown_format_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"\.xlsx[\s\S]*\.csv"):
        read_table(write(tmp_path / "t.xlsx", "PK"))


def test_json_lines_keep_types_and_labels_as_written(tmp_path):
    rows = [{"n": 1, "x": 1.5, "w": "NA"}, {"n": None, "x": 2.5, "w": ""}, {"x": None, "w": "b", "deep": [1, 2]}]
    table = read_table(write(tmp_path / "t.jsonl", "\n".join(json.dumps(row) for row in rows) + "\n\n"))
    assert list(table.columns) == ["n", "x", "w", "deep"]
    assert table["n"].tolist()[0] == 1
    assert isinstance(table["n"].tolist()[0], int)
    assert table["x"].dtype == float
    assert table["w"].isna().tolist() == [False, True, False]
    assert table["deep"].tolist()[2] == [1, 2]


@pytest.mark.parametrize(
    ("text", "message"), [('{"a": 1}\n{"a": }\n', "line 2: is not JSON"), ("[1]\n", "line 1"), ("\n", "empty")]
)
def test_irregular_json_lines(tmp_path, text, message):
    with pytest.raises(DataError, match=message):
        read_table(write(tmp_path / "t.jsonl", text))


def test_parquet_keeps_types(tmp_path):
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "w": ["NA", None]}, index=[5, 6])
    frame.to_parquet(tmp_path / "t.parquet")
    table = read_table(tmp_path / "t.parquet")
    assert table["n"].tolist()[0] == 1
    assert isinstance(table["n"].tolist()[0], int)
    assert table["w"].tolist()[0] == "NA"
    assert table.index.tolist() == [0, 1]
    with pytest.raises(DataError, match="Parquet"):
        read_table(write(tmp_path / "bad.parquet", "no"))


def test_parquet_without_pyarrow_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"polysight\[parquet\]"):
        read_table(write(tmp_path / "t.parquet", "PAR1"))
