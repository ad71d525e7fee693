"""The page of an explanation: one row, one answer, everything that is known of why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from polysight.explain.explanation import Explanation
from polysight.explain.rule_words import rule_lines
from polysight.explain.voice import Voice
from polysight.report.explanation_bars import class_bars, rest_of_classes, share_bars, shown_part
from polysight.report.explanation_kind_words import EXPLANATION_OF
from polysight.report.numbers import gain, of_any_size
from polysight.report.page import templates
from polysight.report.words import Words, words

#: Parts of an input in a line of a terminal.
PARTS_SAID = 5
#: How a member that hears one input and votes for it is named; see ``ensemble.recipe``.
_EXPERT = " expert"


@dataclass(frozen=True)
class VoiceLine:
    """A line of the model taken apart.

    Attributes:
        depth: How deep it stands in the tree.
        name: Who speaks.
        how: How it was made of the lines below it; empty where nothing is below.
        weight: How much it counts; empty where there is no such number.
        says: What it says by itself.
        value: The probability it gives to what is explained, or how much its amount differs from the answer.
    """

    depth: int
    name: str
    how: str
    weight: str
    says: str
    value: str


def explanation_page(explanation: Explanation, *, lang: str = "en") -> str:
    """The page. Everything that came from a table or a file appears as text, never as markup.

    Raises:
        ConfigError: A language polysight does not speak.
    """
    w = words_about(explanation, words(lang))
    measure = explanation.measure
    facts = {
        "about": told_of(explanation, w),
        "lines": explanation_lines(explanation, w),
        "shares": share_bars(explanation, w),
        "classes": class_bars(explanation),
        "rest": rest_of_classes(explanation),
        "voices": list(voice_lines(explanation.voice, explanation, w)),
        "parts": {
            name: [shown_part(kind, within, measure, w) for kind, within in explanation.within.get(name, {}).items()]
            for name in explanation.shares.names
        },
        "failed": [name for name, stamp in explanation.faithfulness.items() if stamp.get("passed") is False],
        "stamps": stamps(explanation, w),
        "of_another": any(stamp.get("of_another") for stamp in explanation.faithfulness.values()),
        "rules": rule_lines(explanation.rules, w.lang) if explanation.rules else [],
        "change": change_line(explanation, w),
        "without": list(without_lines(explanation, w)),
    }
    template = templates().get_template("explanation.html.j2")
    return template.render(w=w, ex=explanation, difference=measure.difference, **facts)


def words_about(explanation: Explanation, w: Words) -> Words:
    """The words of a language, as they speak of a class, a label or an amount."""
    return w.extended(EXPLANATION_OF[explanation.subject.kind][w.lang])


def written(said: Any, explanation: Explanation, w: Words) -> str:
    """What a model says, as text: an amount as it is measured, a class or labels as they are written."""
    if not explanation.subject.chooses:
        return explanation.measure.whole(said)
    return str(said) or w("explain_no_label")


def told_of(explanation: Explanation, w: Words) -> dict[str, Any]:
    """What is explained and what is said of it, for sentences to name."""
    whole = explanation.measure.whole
    return {
        "about": explanation.about,
        "target": explanation.subject.target.name,
        "prediction": written(explanation.prediction, explanation, w),
        "value": whole(explanation.value),
        "prior": whole(explanation.prior),
    }


def explanation_lines(explanation: Explanation, w: Words) -> list[str]:
    """The explanation in sentences: what was said, what each input did, what would have been said otherwise."""
    w, measure = words_about(explanation, w), explanation.measure
    said = "explain_says" if explanation.stands else "explain_says_not"
    lines, switching = [w(said, **told_of(explanation, w))], []
    if explanation.subject.less_probable(explanation.shares.worth.everybody):
        lines.append(w("explain_decided"))
    for name, part in sorted(explanation.modalities.items(), key=lambda item: -abs(item[1]["shapley"])):
        if not part["present"]:
            lines.append(w("explain_absent", name=name))
            continue
        value = part["shapley"]
        kind = "neutral" if abs(value) <= measure.hardly else "pulls_for" if value > 0 else "pulls_against"
        size = {"difference": measure.difference(value), "size": measure.whole(abs(value))}
        lines.append(w(f"explain_{kind}", name=name, **size))
        otherwise = part["without"]["prediction"]
        if otherwise != explanation.prediction:
            switching.append(w("explain_switches", name=name, prediction=written(otherwise, explanation, w)))
    if explanation.subject.chooses:
        lines += switching or [w("explain_keeps")]
    if explanation.problems:
        unread = ", ".join(f"{problem.column} ({problem.reason})" for problem in explanation.problems)
        lines.append(w("explain_problems", problems=unread))
    return lines


def explanation_text(explanation: Explanation, w: Words) -> list[str]:
    """The explanation for a terminal: sentences, then the members' votes, the nearest cases and the smallest change."""
    lines, measure = explanation_lines(explanation, w), explanation.measure
    for name, parts in explanation.within.items():
        for kind, within in parts.items():
            strongest = [f"{bar.label} {bar.text}" for bar in shown_part(kind, within, measure, w).bars[:PARTS_SAID]]
            if strongest:
                lines.append(f"{name}, {w.known('explain_method', kind)}: {', '.join(strongest)}")
    if explanation.cases:
        names = explanation.subject.target.names
        told = [f"{case.row} ({names[case.code]}, {case.distance:.2f})" for case in explanation.cases]
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
    label = explanation.subject.target.names[change.code]
    share = explanation.measure.whole(float(change.probabilities[change.code]))
    return w("explain_change_found", changes=w("explain_and").join(cells), prediction=label, probability=share)


def number_or_text(value: float | str) -> str:
    """A cell as one would write it."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def without_lines(explanation: Explanation, w: Words) -> Iterator[tuple[str, str, str]]:
    """For each input its name, and what would be said without it; nothing of one that is missing already."""
    worth, measure = explanation.shares.worth, explanation.measure
    for place, name in enumerate(explanation.shares.names):
        answer = worth.without[place]
        said = written(explanation.subject.says(answer), explanation, w)
        yield name, said, measure.beside(float(answer[explanation.target]), explanation.value)
    for name in explanation.shares.absent:
        yield name, "", ""


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
        written(explanation.subject.votes(voice.probabilities), explanation, w),
        explanation.measure.beside(float(voice.probabilities[explanation.target]), explanation.value),
    )
    for part in voice.parts:
        yield from voice_lines(part, explanation, w, depth + 1)
