import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.core.errors import ConfigError, DataError
from polysight.data.encoding import decode

CHINESE = "编号,描述,类别\n1,这件连衣裙的面料很舒服，颜色也好看,服装\n2,手表走时准确，表带有一点紧,手表\n"
FRENCH = "id,texte,classe\n1,Élégante déco à l'été,maison\n2,Très bon café crème,goût\n3,naïve,goût\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "gb2312"]
)
@pytest.mark.parametrize("rows", [1, 40])
def test_chinese_is_found_in_every_encoding(encoding, rows):
    text = CHINESE * rows
    found = decode(text.encode(encoding))
    assert found.text == text
    assert not found.assumed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_french_is_found(encoding):
    found = decode(FRENCH.encode(encoding))
    assert (found.text, found.assumed) == (FRENCH, False)


@pytest.mark.parametrize("rows", [1, 40])
def test_cp1252_is_read_and_said_to_be_assumed(rows):
    found = decode((FRENCH * rows).encode("cp1252"))
    assert (found.text, found.encoding, found.assumed) == (FRENCH * rows, "cp1252", True)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_utf8_always_comes_back(text):
    assert decode(text.encode()).text == text


WIDE = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("encoding", WIDE)
def test_wide_encodings_are_found_by_line_ends(encoding, mark):
    # The hanzi for one is 4E00: its zero byte stands where that of a comma stands in the other byte order.
    for text in ("数\n一\n一一\n一\n", "a\r\nb\r\n", '{"标签": "一"}', "数,一\n一,下\n"):
        found = decode((mark + text).encode(encoding))
        assert (found.text, found.assumed) == (text, False)


def test_a_zero_byte_in_other_text_is_refused_by_name():
    with pytest.raises(DataError, match=r"broken\.csv: holds zero bytes"):
        decode(b"id,word\n1,a\0b\n2,xyz\n", where="broken.csv")


def test_utf16_big_endian_mark():
    assert decode(codecs.BOM_UTF16_BE + FRENCH.encode("utf-16-be")).text == FRENCH


def test_a_named_encoding_is_taken_as_named():
    assert decode("台灣,繁體".encode("big5"), "big5").text == "台灣,繁體"
    with pytest.raises(DataError, match="not text in ascii at byte 1"):
        decode(b"a\xe9", "ascii")
    with pytest.raises(ConfigError, match="utf9"):
        decode(b"a", "utf9")


def test_what_is_no_text_is_refused():
    with pytest.raises(DataError, match=r"photo\.csv: is not text in cp1252"):
        decode(b"\xff\x81\x8d", where="photo.csv")
