"""Plots: what is drawn stands where its number says."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.evaluation.intervals import Estimate
from polysight.report.charts import Axis, Line, line_chart, round_numbers
from polysight.report.confusion import confusion_table
from polysight.report.curves import curves_of
from polysight.report.intervals_plot import interval_plot
from polysight.report.numbers import seconds, spread, writer_of
from polysight.report.sections.set_aside import set_aside_counts
from polysight.report.sections.split import groups_on_both_sides, parts_of

shares = st.floats(0, 1)


@given(st.lists(st.tuples(shares, shares, shares).map(sorted), min_size=1, max_size=5))
def test_points_and_bars_stay_on_the_scale_and_in_order(triples):
    plot = interval_plot([(str(i), Estimate(v, low, high)) for i, (low, v, high) in enumerate(triples)])
    for row in plot.rows:
        assert -0.01 <= row.start <= row.point + 0.02
        assert row.point <= row.start + row.width + 0.02 <= 100.04
    assert len(plot.ticks) >= 2
    assert all(-0.01 <= place <= 100.01 for place, _ in plot.ticks)


def test_a_value_without_interval_is_a_dot_and_none_is_nothing():
    point, nothing = interval_plot([("a", Estimate(0.5, None, None)), ("b", Estimate(None, None, None))]).rows
    assert (point.width, point.interval) == (0.0, "")
    assert nothing.point is None
    assert nothing.value == "-"


def test_a_point_lies_between_the_ticks_around_it():
    plot = interval_plot([("a", Estimate(0.75, 0.7, 0.8)), ("b", Estimate(0.5, 0.5, 0.5))])
    places = {text: place for place, text in plot.ticks}
    assert plot.rows[0].point == pytest.approx((places["70 %"] + places["80 %"]) / 2, abs=0.02)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_ticks_enclose_the_data_with_few_round_steps(low, width):
    ticks = round_numbers(low, low + width)
    assert ticks[0] <= low + 1e-6 * width
    assert ticks[-1] >= low + width - 1e-6 * width
    assert 2 <= len(ticks) <= 8


def test_a_line_is_drawn_through_its_points():
    svg = line_chart([Line([(0, 0), (10, 1)], "main")], Axis("x"), Axis("y"), "<title>")
    assert re.search(r'points="48.0,208.0 408.0,12.0"', svg)
    assert "&lt;title&gt;" in svg


def test_constant_values_can_be_drawn():
    assert "polyline" in line_chart([Line([(1, 3), (2, 3)], "main")], Axis("x"), Axis("y"), "t")


def test_epochs_belong_to_the_fold_that_started_last():
    events = [
        {"event": "fold_started", "member": "net", "fold": 0},
        {"event": "epoch", "epoch": 1, "loss": 2.0, "validation_loss": None},
        {"event": "epoch", "epoch": 2, "loss": float("nan")},
        {"event": "fold_started", "member": "net", "fold": 1},
        {"event": "epoch", "epoch": 1, "loss": 3.0, "validation_accuracy": 0.5},
        {"event": "epoch", "member": "other", "fold": 7, "epoch": 1, "loss": 1.0},
        {"event": "epoch", "epoch": "one", "loss": 1.0},
    ]
    net, other = curves_of(events)
    assert net.lines["loss"] == {"0": [(1.0, 2.0)], "1": [(1.0, 3.0)]}
    assert net.lines["validation_loss"] == {}
    assert net.lines["validation_accuracy"] == {"1": [(1.0, 0.5)]}
    assert (other.member, other.lines["loss"]) == ("other", {"7": [(1.0, 1.0)]})


def test_outer_folds_have_lines_of_their_own():
    events = [
        e
        for outer in (0, 1)
        for e in (
            {"event": "outer_fold_started", "fold": outer},
            {"event": "fold_started", "member": "net", "fold": 0},
            {"event": "epoch", "epoch": 1, "loss": 1.0},
        )
    ]
    assert list(curves_of(events)[0].lines["loss"]) == ["0.0", "1.0"]


def test_mistakes_are_listed_commonest_first():
    table = confusion_table(["a", "b", "c"], np.array([[5, 3, 0], [7, 1, 0], [0, 0, 0]]))
    assert [(m.truth, m.predicted, m.rows) for m in table.mistakes] == [("b", "a", 7), ("a", "b", 3)]
    assert table.mistakes[0].share == pytest.approx(7 / 8)
    assert table.cells[2][2].share == 0.0


def test_groups_in_two_parts_are_counted():
    splits = pd.DataFrame(
        {
            "part": ["train", "holdout", "train", "train", "set_aside"],
            "group": ["x", "x", "y", "", "y"],
        }
    )
    assert groups_on_both_sides(splits) == 1
    assert parts_of(splits) == [("train", 3, 2), ("holdout", 1, 1), ("set_aside", 1, 1)]
    assert groups_on_both_sides(pd.DataFrame()) == 0


def test_unreadable_cells_are_counted_by_column_and_code():
    aside = pd.DataFrame({"column": ["a", "b", "b"], "code": ["x", "y", "y"]})
    assert set_aside_counts(aside) == [("b", "y", 2), ("a", "x", 1)]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (0.04, "0.0 s"), (9.96, "10 s"), (59.7, "1 min 0 s"), (148.2, "2 min 28 s"), (7500, "2 h 5 min")],
)
def test_durations_are_short(value, text):
    assert seconds(value) == text


def test_metrics_are_written_in_their_own_way():
    assert writer_of("accuracy")(0.912) == "91.2 %"
    assert writer_of("mcc")(0.912) == "0.912"
    assert spread(Estimate(0.9, 0.85, 0.95), writer_of("accuracy")) == "85.0 – 95.0 %"
