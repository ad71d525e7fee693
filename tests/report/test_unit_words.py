"""Names of parts in Chinese: those polysight gave are translated, those of the table never."""

import pytest

from polysight.report.unit_words import unit_label


@pytest.mark.parametrize(
    ("unit", "english", "chinese"),
    [
        ("region", "upper left 2", "左上 2"),
        ("region", "middle", "中部"),
        ("region", "kitchen: lower right", "kitchen: 右下"),
        ("region", "middle: middle left", "middle: 左中"),
        ("part", "low x, high z 3", "x 偏小, z 偏大 3"),
        ("part", "middle 2", "中间 2"),
        ("band", "0.10-0.20 s, 50-400 Hz", "0.10-0.20 秒，50-400 赫兹"),
        ("frame", "frame 3", "第 3 帧"),
        ("frame", "frames 3-5", "第 3-5 帧"),
        ("slice", "ct: slices 1-4", "ct: 第 1-4 层"),
        ("stretch", "steps, steps 1-20", "steps，第 1-20 步"),
        ("word", "middle", "middle"),
        ("column", "frame 3", "frame 3"),
    ],
)
def test_only_what_polysight_named_is_translated(unit, english, chinese):
    assert unit_label(english, unit, "zh") == chinese
    assert unit_label(english, unit, "en") == english
