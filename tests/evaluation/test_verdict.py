"""Verdict: the right sentence for the numbers, in every language."""

import string
from dataclasses import replace

import numpy as np
import pytest

from polysight.core.errors import ConfigError
from polysight.evaluation.evaluate import evaluate_variants
from polysight.evaluation.intervals import Estimate
from polysight.evaluation.sentences import SENTENCES, sentence
from polysight.evaluation.variants import Variants
from polysight.evaluation.verdict import fusion_lines, fusion_verdict, rows_needed, verdict


def evaluation_of(rows, alone_right, whole_right):
    codes = np.arange(rows) % 2

    def right_on(number):
        correct = np.arange(rows) < number
        return np.eye(2)[np.where(correct, codes, 1 - codes)] * 0.6 + 0.2

    single = right_on(alone_right)
    variants = Variants(
        right_on(whole_right), {"a": single, "b": single}, {"a": single, "b": single}, np.zeros(rows, dtype=int)
    )
    return evaluate_variants(variants, codes, np.array(["x", "y"]))


def test_it_says_how_good_and_against_what():
    lines = verdict(evaluation_of(400, 300, 360))
    assert lines[0].startswith("Accuracy 90.0 % (")
    assert lines[0].endswith("on 400 rows; always guessing the most frequent class gives 50.0 %.")
    assert any(line.startswith("Fusion justified: yes.") for line in lines)
    assert any("accuracy falls to 75.0 %" in line for line in lines)


def test_it_says_when_nothing_was_learned():
    lines = verdict(evaluation_of(100, 52, 52))
    assert "not clearly better" in lines[1]
    assert any("cannot tell with this many rows" in line for line in lines)
    assert "No single input lowers accuracy when it is missing." in lines


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.01, 0.1, "fusion_yes"), (-0.1, 0.1, "fusion_open"), (0.0, 0.1, "fusion_open"), (-0.1, 0.0, "fusion_no")],
)
def test_fusion_is_justified_by_the_whole_interval(low, high, expected):
    assert fusion_verdict(Estimate((low + high) / 2, low, high)) == expected


def test_a_value_without_interval_decides_nothing():
    assert fusion_verdict(Estimate(0.2, None, None, "one_unit_only")) == "fusion_open"
    alone = replace(evaluation_of(40, 30, 36), fusion_gain=Estimate(0.2, None, None, "one_unit_only"))
    assert any("gain +20.0 points over" in line for line in verdict(alone))


def test_every_language_has_the_same_sentences_and_facts():
    def shape(table):
        return {
            code: sorted({field for _, field, _, _ in string.Formatter().parse(text) if field})
            for code, text in table.items()
        }

    assert shape(SENTENCES["zh"]) == shape(SENTENCES["en"])


def test_it_speaks_chinese_and_refuses_what_it_does_not_speak():
    assert "准确率" in verdict(evaluation_of(100, 60, 80), "zh")[0]
    with pytest.raises(ConfigError, match="no words in 'fr'"):
        verdict(evaluation_of(100, 60, 80), "fr")


def test_long_lists_are_counted():
    text = sentence("en", "absent_classes", classes=[f"c{i}" for i in range(9)])
    assert "c0, c1, c2, c3, c4 and 4 more" in text
    assert "a, b and c" in sentence("en", "absent_classes", classes=["a", "b", "c"])
    assert "甲、乙和丙" in sentence("zh", "absent_classes", classes=["甲", "乙", "丙"])


def test_a_gain_has_its_sign_and_unit_before_the_interval_and_an_error_has_no_sign():
    evaluation = evaluation_of(400, 300, 360)
    gain, ece = evaluation.fusion_gain, Estimate(0.1, 0.06, 0.14)
    told = verdict(replace(evaluation, metrics={**evaluation.metrics, "ece": ece}))
    assert f"gain +15.0 points (+{100 * gain.low:.1f} to +{100 * gain.high:.1f}) over" in " ".join(told)
    assert "off by 10.0 points (6.0 to 14.0)." in told[-1]


def test_it_says_how_many_rows_could_tell():
    # Interval +-1.96 standard errors of 0.02 around 0.01 on 100 rows: (2.8 * 0.02 / 0.01)^2 times the rows.
    gain = Estimate(0.01, 0.01 - 0.0392, 0.01 + 0.0392)
    assert rows_needed(gain, 100) == 3200
    assert rows_needed(Estimate(-0.01, -0.01 - 0.0392, -0.01 + 0.0392), 100) == 3200
    assert rows_needed(Estimate(0.0, -0.1, 0.1), 100) is None
    assert rows_needed(Estimate(0.00001, -0.1, 0.1), 100) is None
    assert rows_needed(Estimate(0.2, None, None), 100) is None
    lines = fusion_lines(gain, "photo", 100)
    assert lines[0].startswith("Fusion justified: cannot tell with this many rows.")
    assert lines[1] == "If that gain is real, about 3,200 rows like these would be needed to tell."
    assert "3,200 行" in fusion_lines(gain, "photo", 100, "zh")[1]
    assert len(fusion_lines(Estimate(0.1, 0.05, 0.15), "photo", 100)) == 1
