"""The charts of an explanation: from nothing known to all of it, every class, and the parts of one input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from polysight.explain.base import Within
from polysight.explain.explanation import Explanation
from polysight.explain.measure import Measure
from polysight.report.heat import heated, png_of
from polysight.report.unit_words import unit_label
from polysight.report.words import Words

#: Classes and parts of an input that are listed one by one.
LISTED, PARTS = 8, 12
#: Parts that move the answer by less than so many times what hardly matters are drawn as small as they are, even where
#: none moves it by more.
LEAST_SCALE = 2
#: Units that are read one after another, as text is.
RUNNING = frozenset({"word"})
#: The width of a value that is a mark, in percent of the chart's.
MARK = 0.7


@dataclass(frozen=True)
class Bar:
    """A line of a chart of signed values: where the bar is, in percent of the width.

    Attributes:
        label: What it is about.
        start: The left end.
        width: The width.
        text: The value.
        style: ``for``, ``against``, ``whole``, or ``mark`` for a whole value where charts do not begin at zero.
    """

    label: str
    start: float
    width: float
    text: str
    style: str


@dataclass(frozen=True)
class Part:
    """One method's view of one input, ready to be shown.

    Attributes:
        method: The kind of explainer.
        within: What it found.
        picture: The address of the input as a picture; empty where it is none.
        heat: The address of the picture under its heat; empty where there is none.
        bars: The strongest parts.
        running: Every part in order with the strength of its mark, -100 to 100; empty where parts are not read so.
        notes: What else there is to say.
    """

    method: str
    within: Within
    picture: str
    heat: str
    bars: Sequence[Bar]
    running: Sequence[tuple[str, float]]
    notes: Sequence[str]


def share_bars(explanation: Explanation, w: Words) -> list[Bar]:
    """From what is said knowing nothing, input by input, to what is said knowing all."""
    names, measure = explanation.shares.names, explanation.measure
    values = explanation.shares.worth.players[:, explanation.target]
    order = np.argsort(-np.abs(values), kind="stable")
    ends = explanation.prior + np.concatenate([[0.0], np.cumsum(values[order])])
    low, high = measure.ends(ends.tolist())

    def bar(label: str, start: float, end: float, text: str, style: str) -> Bar:
        left, right = (100 * (value - low) / (high - low) for value in sorted((start, end)))
        return Bar(label, round(left, 2), round(right - left, 2), text, style)

    def whole(label: str, value: float) -> Bar:
        if measure.from_zero:
            return bar(label, 0, value, measure.whole(value), "whole")
        place = 100 * (value - low) / (high - low)
        return Bar(label, round(place - MARK / 2, 2), MARK, measure.whole(value), "mark")

    steps = [
        bar(
            names[place],
            ends[step],
            ends[step + 1],
            measure.difference(values[place]),
            "for" if values[place] > 0 else "against",
        )
        for step, place in enumerate(order)
    ]
    first, last = whole(w("explain_nothing_known"), explanation.prior), whole(w("explain_all_known"), explanation.value)
    return [first, *steps, last]


def class_bars(explanation: Explanation) -> list[Bar]:
    """The most probable classes or labels; none where an amount is predicted."""
    likely = sorted(explanation.probabilities.items(), key=lambda item: -item[1])[:LISTED]
    about, measure = str(explanation.about), explanation.measure
    return [
        Bar(name, 0, round(100 * value, 2), measure.whole(value), "for" if name == about else "whole")
        for name, value in likely
    ]


def rest_of_classes(explanation: Explanation) -> tuple[int, str]:
    """How many classes are not among ``class_bars``, and what they have together."""
    rest = sorted(explanation.probabilities.values())[:-LISTED]
    return len(rest), explanation.measure.whole(sum(rest))


def shown_part(method: str, within: Within, measure: Measure, w: Words) -> Part:
    """One method's view of one input, drawn."""
    values = np.asarray(within.values, dtype=np.float64)
    largest = float(np.abs(values).max(initial=0.0 if "scale" in within.facts else LEAST_SCALE * measure.hardly))
    scaled = 100 * values / largest if largest else np.zeros_like(values)
    order = np.argsort(-np.abs(values), kind="stable")[:PARTS]
    labels = [unit_label(label, within.unit, w.lang) for label in within.labels]
    texts = [measure.difference(float(values[place])) for place in order]
    bars = [_signed(labels[place], text, float(scaled[place])) for place, text in zip(order, texts, strict=True)]
    running = list(zip(labels, scaled.round(1).tolist(), strict=True)) if within.unit in RUNNING else []
    return Part(
        method,
        within,
        "" if within.picture is None else png_of(within.picture),
        "" if within.heat is None else png_of(heated(within.picture, within.heat)),
        [bar for bar in bars if bar.width],
        running,
        part_notes(within, measure, w),
    )


def _signed(label: str, text: str, scaled: float) -> Bar:
    """A bar to the right of the middle for, to the left against."""
    width = round(abs(scaled) / 2, 2)
    return Bar(label, 50.0 if scaled > 0 else 50.0 - width, width, text, "for" if scaled > 0 else "against")


def part_notes(within: Within, measure: Measure, w: Words) -> list[str]:
    """What a method says beside its values, as far as a reader needs it."""
    facts, notes = within.facts, []
    if "r2" in facts:
        notes.append(w("explain_fact_r2", r2=f"{facts['r2']:.2f}"))
    if "empty" in facts:
        notes.append(w("explain_fact_empty", value=measure.whole(facts["empty"])))
    if facts.get("nothing_found"):
        notes.append(w("explain_fact_nothing_found"))
    elif not within.values.any():
        notes.append(w("explain_fact_nothing_moves"))
    return notes
