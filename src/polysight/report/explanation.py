"""The page of an explanation: one row, one answer, everything that is known of why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from polysight.evaluation.verdict import percent
from polysight.explain.base import Within
from polysight.explain.explanation import Explanation
from polysight.explain.rule_words import rule_lines
from polysight.explain.voice import Voice
from polysight.report.heat import heated, png_of
from polysight.report.numbers import gain, of_any_size
from polysight.report.page import templates
from polysight.report.unit_words import unit_label
from polysight.report.words import Words, words

#: Inputs that move the answer less than this hardly matter.
NEUTRAL = 0.005
#: Classes and parts of an input that are listed one by one.
LISTED, PARTS = 8, 12
#: And so many parts in a line of a terminal.
PARTS_SAID = 5
#: Parts that move the answer by less are drawn as small as they are, even where none moves it by more.
LEAST_SCALE = 0.01
#: Units that are read one after another, as text is.
RUNNING = frozenset({"word"})
#: How a member that hears one input and votes for it is named; see ``ensemble.recipe``.
_EXPERT = " expert"


@dataclass(frozen=True)
class Bar:
    """A line of a chart of signed values: where the bar is, in percent of the width.

    Attributes:
        label: What it is about.
        start: The left end.
        width: The width.
        text: The value.
        style: ``for``, ``against`` or ``whole``.
    """

    label: str
    start: float
    width: float
    text: str
    style: str


@dataclass(frozen=True)
class VoiceLine:
    """A line of the model taken apart.

    Attributes:
        depth: How deep it stands in the tree.
        name: Who speaks.
        how: How it was made of the lines below it; empty where nothing is below.
        weight: How much it counts; empty where there is no such number.
        says: The class it finds most probable.
        share: The probability it gives to the class that was chosen.
    """

    depth: int
    name: str
    how: str
    weight: str
    says: str
    share: str


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


def explanation_page(explanation: Explanation, *, lang: str = "en") -> str:
    """The page. Everything that came from a table or a file appears as text, never as markup.

    Raises:
        ConfigError: A language polysight does not speak.
    """
    w = words(lang)
    facts = {
        "lines": explanation_lines(explanation, w),
        "shares": share_bars(explanation, w),
        "classes": class_bars(explanation),
        "rest": rest_of_classes(explanation),
        "voices": list(voice_lines(explanation.voice, explanation, w)),
        "parts": {
            name: [shown_part(kind, within, w) for kind, within in explanation.within.get(name, {}).items()]
            for name in explanation.shares.names
        },
        "failed": [name for name, stamp in explanation.faithfulness.items() if stamp.get("passed") is False],
        "stamps": stamps(explanation, w),
        "of_another": any(stamp.get("of_another") for stamp in explanation.faithfulness.values()),
        "rules": rule_lines(explanation.rules, w.lang) if explanation.rules else [],
        "change": change_line(explanation, w),
    }
    return templates().get_template("explanation.html.j2").render(w=w, ex=explanation, points=points, **facts)


def explanation_lines(explanation: Explanation, w: Words) -> list[str]:
    """The explanation in sentences: what was said, what each input did, what would have been said otherwise."""
    told = w("explain_says", prediction=explanation.prediction, probability=percent(explanation.probability),
             prior=percent(explanation.prior))  # fmt: skip
    lines, switching = [told], []
    if explanation.probability < max(explanation.probabilities.values()):
        lines.append(w("explain_decided"))
    for name, part in sorted(explanation.modalities.items(), key=lambda item: -abs(item[1]["shapley"])):
        if not part["present"]:
            lines.append(w("explain_absent", name=name))
            continue
        value = part["shapley"]
        kind = "neutral" if abs(value) < NEUTRAL else "pulls_for" if value > 0 else "pulls_against"
        lines.append(w(f"explain_{kind}", name=name, points=points(value)))
        if part["without"]["prediction"] != explanation.prediction:
            switching.append(w("explain_switches", name=name, prediction=part["without"]["prediction"]))
    lines += switching or [w("explain_keeps")]
    if explanation.problems:
        unread = ", ".join(f"{problem.column} ({problem.reason})" for problem in explanation.problems)
        lines.append(w("explain_problems", problems=unread))
    return lines


def explanation_text(explanation: Explanation, w: Words) -> list[str]:
    """The explanation for a terminal: sentences, then the members' votes, the nearest cases and the smallest change."""
    lines = explanation_lines(explanation, w)
    for name, parts in explanation.within.items():
        for kind, within in parts.items():
            strongest = [f"{bar.label} {bar.text}" for bar in shown_part(kind, within, w).bars[:PARTS_SAID]]
            if strongest:
                lines.append(f"{name}, {w.known('explain_method', kind)}: {', '.join(strongest)}")
    if explanation.cases:
        told = [f"{case.row} ({explanation.classes[case.code]}, {case.distance:.2f})" for case in explanation.cases]
        lines.append(f"{w('explain_cases')}: {', '.join(told)}")
    change = change_line(explanation, w)
    return [*lines, change] if change else lines


@dataclass(frozen=True)
class Stamp:
    """How one explainer of one input stood up to tests, as a line of a table; numbers are empty where unknown."""

    name: str
    method: str
    rows: str
    deletion: str
    insertion: str
    random: str
    gain: str
    verdict: str
    failed: bool


def stamps(explanation: Explanation, w: Words) -> list[Stamp]:
    """A line for each tested explainer of each input."""
    return [
        _stamp(name, kind, stamp, w)
        for name, worst in explanation.faithfulness.items()
        for kind, stamp in worst.get("methods", {worst.get("method", ""): worst}).items()
    ]


def _stamp(name: str, kind: str, stamp: Mapping[str, Any], w: Words) -> Stamp:
    numbers = {part: of_any_size(stamp[part]) if part in stamp else "" for part in ("deletion", "insertion", "random")}
    passed = {True: "yes", False: "no", None: "unknown"}[stamp.get("passed")]
    reason = stamp.get("reason", "")
    verdict = w(f"explain_passed_{passed}") + (f": {w.known('explain_why', reason)}" if reason else "")
    told = gain(stamp["gain"]) if "gain" in stamp else ""
    method = w.known("explain_method", kind)
    return Stamp(name, method, str(stamp.get("rows", "")), **numbers, gain=told, verdict=verdict, failed=passed == "no")


def change_line(explanation: Explanation, w: Words) -> str:
    """What would have changed the answer; empty where the row has no cells that could be changed."""
    change = explanation.change
    if change is None:
        return ""
    if not change.changes:
        return w("explain_change_none", tried=change.tried)
    cells = [
        w("explain_change_one", column=one.column, before=one.before, after=number_or_text(one.after))
        for one in change.changes
    ]
    label, share = explanation.classes[change.code], percent(float(change.probabilities[change.code]))
    return w("explain_change_found", changes=w("explain_and").join(cells), prediction=label, probability=share)


def number_or_text(value: float | str) -> str:
    """A cell as one would write it."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def points(value: float) -> str:
    """A difference of probabilities in points."""
    return f"{100 * value:+.1f}" if abs(value) >= 0.0005 else "0"


def share_bars(explanation: Explanation, w: Words) -> list[Bar]:
    """From what is said knowing nothing, input by input, to what is said knowing all."""
    names = explanation.shares.names
    values = explanation.shares.worth.players[:, explanation.target]
    order = np.argsort(-np.abs(values), kind="stable")
    ends = explanation.prior + np.concatenate([[0.0], np.cumsum(values[order])])
    low, high = min(0.0, *ends), max(1.0, *ends)

    def bar(label: str, start: float, end: float, text: str, style: str) -> Bar:
        left, right = (100 * (value - low) / (high - low) for value in sorted((start, end)))
        return Bar(label, round(left, 2), round(right - left, 2), text, style)

    steps = [
        bar(names[place], ends[step], ends[step + 1], points(values[place]), "for" if values[place] > 0 else "against")
        for step, place in enumerate(order)
    ]
    first = bar(w("explain_nothing_known"), 0, explanation.prior, percent(explanation.prior), "whole")
    last = bar(w("explain_all_known"), 0, explanation.probability, percent(explanation.probability), "whole")
    return [first, *steps, last]


def class_bars(explanation: Explanation) -> list[Bar]:
    """The most probable classes."""
    likely = sorted(explanation.probabilities.items(), key=lambda item: -item[1])[:LISTED]
    chosen = str(explanation.prediction)
    return [
        Bar(name, 0, round(100 * value, 2), percent(value), "for" if name == chosen else "whole")
        for name, value in likely
    ]


def rest_of_classes(explanation: Explanation) -> tuple[int, str]:
    """How many classes are not among ``class_bars``, and what they have together."""
    rest = sorted(explanation.probabilities.values())[:-LISTED]
    return len(rest), percent(sum(rest))


def voice_lines(voice: Voice, explanation: Explanation, w: Words, depth: int = 0) -> Iterator[VoiceLine]:
    """The tree of voices, line by line."""
    name = w.known("explain_voice", voice.name)
    if voice.name.endswith(_EXPERT):
        name = w("explain_expert", name=voice.name.removesuffix(_EXPERT))
    yield VoiceLine(
        depth,
        name,
        w.known("explain_how", voice.how) if voice.parts else "",
        "" if voice.weight is None else f"{voice.weight:.2f}",
        str(explanation.classes[int(voice.probabilities.argmax())]),
        percent(float(voice.probabilities[explanation.target])),
    )
    for part in voice.parts:
        yield from voice_lines(part, explanation, w, depth + 1)


def shown_part(method: str, within: Within, w: Words) -> Part:
    """One method's view of one input, drawn."""
    values = np.asarray(within.values, dtype=np.float64)
    largest = float(np.abs(values).max(initial=0.0 if "scale" in within.facts else LEAST_SCALE))
    scaled = 100 * values / largest if largest else np.zeros_like(values)
    order = np.argsort(-np.abs(values), kind="stable")[:PARTS]
    labels = [unit_label(label, within.unit, w.lang) for label in within.labels]
    bars = [_signed(labels[place], float(values[place]), float(scaled[place])) for place in order]
    running = list(zip(labels, scaled.round(1).tolist(), strict=True)) if within.unit in RUNNING else []
    return Part(
        method,
        within,
        "" if within.picture is None else png_of(within.picture),
        "" if within.heat is None else png_of(heated(within.picture, within.heat)),
        [bar for bar in bars if bar.width],
        running,
        part_notes(within.facts, w),
    )


def _signed(label: str, value: float, scaled: float) -> Bar:
    """A bar to the right of the middle for, to the left against."""
    width = round(abs(scaled) / 2, 2)
    return Bar(label, 50.0 if value > 0 else 50.0 - width, width, points(value), "for" if value > 0 else "against")


def part_notes(facts: Mapping[str, Any], w: Words) -> list[str]:
    """What a method says beside its values, as far as a reader needs it."""
    notes = []
    if "r2" in facts:
        notes.append(w("explain_fact_r2", r2=f"{facts['r2']:.2f}"))
    if "empty" in facts:
        notes.append(w("explain_fact_empty", probability=percent(facts["empty"])))
    if facts.get("nothing_found"):
        notes.append(w("explain_fact_nothing_found"))
    return notes
