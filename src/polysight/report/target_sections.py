"""Target sections: the numbers about amounts, labels and several targets, arranged as the report shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from markupsafe import Markup

from polysight.evaluation.intervals import Estimate
from polysight.evaluation.sentences import sentence
from polysight.evaluation.target_result import TargetEvaluation
from polysight.evaluation.verdict import fusion_verdict
from polysight.report.charts import Axis, Line, line_chart
from polysight.report.content import ReportContent
from polysight.report.intervals_plot import IntervalPlot, number_plot
from polysight.report.words import Words


@dataclass(frozen=True, eq=False)
class TargetSection:
    """What a report shows of one target.

    Attributes:
        name: The target.
        heading: Its name where there are several, else empty.
        evaluation: Its numbers.
        lines: The verdict in plain words.
        notes: What a reader must know.
        simpler: All inputs, each alone, and the answer that looks at nothing, in the headline.
        without: All inputs and each one missing; None where there is one input.
        labels: For each label its estimates and rows.
    """

    name: str
    heading: str
    evaluation: TargetEvaluation
    lines: Sequence[str]
    notes: Sequence[str]
    simpler: IntervalPlot
    without: IntervalPlot | None
    labels: Sequence[tuple[str, Estimate, Estimate, int]]


def target_sections(content: ReportContent, words: Words) -> list[TargetSection]:
    """One section a target."""
    if content.outcome is None:
        return []
    several = len(content.outcome.targets) > 1
    found = []
    for name, evaluation in content.outcome.targets.items():
        found.append(
            TargetSection(
                name=name,
                heading=name if several else "",
                evaluation=evaluation,
                lines=_verdict(evaluation, words),
                notes=[note.text(words.lang) for note in evaluation.notes],
                simpler=_simpler(evaluation, words),
                without=_without(evaluation, words) if evaluation.missing else None,
                labels=[_label(label, scores) for label, scores in evaluation.labels.items()],
            )
        )
    return found


def scatter(points: Float[np.ndarray, "row two"], words: Words) -> Markup:
    """Predicted against true amounts; the ideal is the diagonal."""
    low, high = float(points.min()), float(points.max())
    dots = [(float(true), float(predicted)) for true, predicted in points]
    lines = [Line([(low, low), (high, high)], "ideal"), Line(dots, "dots", [2.4] * len(dots))]
    x, y = Axis(words("true_amount"), low, high), Axis(words("predicted_amount"), low, high)
    return line_chart(lines, x, y, words("against_true"))


def _verdict(evaluation: TargetEvaluation, words: Words) -> list[str]:
    metric, lang = words(f"metric_{evaluation.headline}"), words.lang
    guess_name, guess = next(iter(evaluation.baselines.items()))
    facts = {
        "metric": metric,
        "value": _spelled(evaluation[evaluation.headline], lang),
        "n": evaluation.n,
        "guess": words(f"guess_{guess_name}"),
        "baseline": _number(guess.value),
    }
    lines = [sentence(lang, "target", **facts)]
    if evaluation.fusion_gain.value is not None:
        gain = _spelled(evaluation.fusion_gain, lang, sign="+")
        lines.append(sentence(lang, fusion_verdict(evaluation.fusion_gain), gain=gain, name=evaluation.best_single))
    return lines


def _simpler(evaluation: TargetEvaluation, words: Words) -> IntervalPlot:
    everything = words("all_inputs")
    alone = [(words.only(name), e) for name, e in evaluation.baselines.items() if name.endswith(" only")]
    alone.sort(key=lambda item: -evaluation.better * (item[1].value or 0.0))
    guess_name, guess = next(iter(evaluation.baselines.items()))
    rows = [(everything, evaluation[evaluation.headline]), *alone, (words(f"guess_{guess_name}"), guess)]
    return number_plot(rows, frozenset({everything}))


def _without(evaluation: TargetEvaluation, words: Words) -> IntervalPlot:
    everything, metric = words("all_inputs"), evaluation.headline
    rows = [(words.without(name), metrics[metric]) for name, metrics in evaluation.missing.items()]
    rows.sort(key=lambda item: -evaluation.better * (item[1].value or 0.0))
    return number_plot([(everything, evaluation[metric]), *rows], frozenset({everything}))


def _label(label: str, scores: Mapping[str, Any]) -> tuple[str, Estimate, Estimate, int]:
    f1, precision = (Estimate.from_json(scores[name]) for name in ("f1", "average_precision"))
    return label, f1, precision, scores["support"]


def _number(value: float | None, sign: str = "") -> str:
    return "-" if value is None else f"{value:{sign},.4g}"


def _spelled(estimate: Estimate, lang: str, sign: str = "") -> str:
    texts = {name: _number(getattr(estimate, name), sign) for name in ("value", "low", "high")}
    return texts["value"] if estimate.low is None else sentence(lang, "interval", **texts)
