"""Reasons in Chinese: every pattern is a whole sentence, facts stay, what is not known stays as it was written."""

import re

import pytest

from polysight.report.chinese_reasons import CHINESE_REASONS
from polysight.report.words import words

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("weight 0.55", "权重 0.55"),
        ("used when only audio, note is there", "仅有 audio, note 时使用"),
        ("skipped: needs about 30 s, 2 s were left", "已跳过：约需 30 s，只剩 2 s"),
        ("dropped: the loss is not finite", "已放弃：the loss is not finite"),
        ("50 of 60 cells looked at end like image files; 40 of these are there",
         "所查看的 60 个单元格中有 50 个以 image 文件的后缀结尾，其中 40 个文件存在"),
    ],
)  # fmt: skip
def test_facts_stay(english, chinese):
    assert words("zh").reason(english) == chinese


def test_what_no_pattern_knows_and_english_stay_as_written():
    assert words("zh").reason("0.55 a + 0.45 b") == "0.55 a + 0.45 b"
    assert words("en").reason("part of an expert") == "part of an expert"
    assert words("zh").reason("") == ""


def test_templates_use_exactly_the_facts_of_their_pattern():
    for pattern, template in CHINESE_REASONS.items():
        used = {int(number) for number in re.findall(r"\\(\d)", template)}
        assert used == set(range(1, re.compile(pattern).groups + 1)), pattern
        assert CHINESE.search(template), pattern
