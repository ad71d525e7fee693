"""Personal data: what is taken for it and what is not."""

import pandas as pd
import pytest

from polysight.health.personal_data import _held
from polysight.health.personal_patterns import CONTENT, is_resident_number


def kinds(text):
    return {what for what, holds in CONTENT.items() if holds(text)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("call me at +49 30 1234 5678 tomorrow", {"phone"}),
        ("(415) 555-2671", {"phone"}),
        ("手机13812345678，请回电", {"phone"}),
        ("+86 138 1234 5678", {"phone"}),
        ("010-62345678", {"phone"}),
        ("ann@example.com", {"email"}),
        ("SSN 123-45-6789", {"id_card"}),
        ("身份证号11010519491231002X。", {"id_card"}),
        ("110105194912310021", set()),
        ("110105194913310020", set()),
        ("lives at 12 Elm Street", {"address"}),
        ("北京市朝阳区建国路88号", {"address"}),
        ("2024-03-01 12:30", set()),
        ("price 1999.00, model 555-12", set()),
        ("3.14159265358979", set()),
        ("https://example.org/a@2x.png has 100 x 200 pixels", set()),
        ("1 Pen Drive 16 GB", set()),
        ("LIDC-IDRI-0001", set()),
        ("20240301123000", set()),
    ],
)
def test_what_cells_hold(text, found):
    assert kinds(text) == found


def test_the_control_sign_is_the_weighted_sum():
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    for digits in ("11010519491231002", "44052418800101001", "31011519870615128"):
        rest = (12 - sum(w * int(d) for w, d in zip(weights, digits, strict=True))) % 11
        right = "0123456789X"[rest]
        assert [c for c in "0123456789X" if is_resident_number(digits + c)] == [right]
    assert not is_resident_number("1101051949123100")


@pytest.mark.parametrize(
    ("name", "cells", "found"),
    [
        ("PatientName", ["a", "b"], ["name"]),
        ("姓名", ["王伟", "李娜"], ["name"]),
        ("name", ["Ann Smith", "Bob J. Brown"], ["name"]),
        ("name", ["Acme Watch 3000", "Steel pan"], []),
        ("product_name", ["Ann Smith", "Bob Brown"], []),
        ("date of birth", ["1990-01-02", ""], ["birth"]),
        ("e-mail", ["x@y.org"], ["email"]),
        ("手机号码", ["-"], ["phone"]),
        ("street_address", ["?"], ["address"]),
        ("address", ["", ""], []),
        ("mobile_price", [1381234567.5, 13.25, 2e-7], []),
        ("code", [13812345678, 13912345678], ["phone"]),
        ("size", ["1", "22"], []),
    ],
)
def test_what_columns_hold(name, cells, found):
    assert [what for what, _ in _held(pd.Series(cells, name=name))] == found
