"""Verdict: an evaluation in a few plain sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from polysight.evaluation.intervals import Estimate
from polysight.evaluation.sentences import sentence

if TYPE_CHECKING:
    from polysight.evaluation.result import Evaluation

#: Deviations of the normal curve: 95 % lie within the first, 80 % below the second.
_SURE, _POWER = 1.96, 0.84
#: More rows than anybody will be asked for.
_MOST_ROWS = 1_000_000
#: Calibration error from which, surely exceeded, probabilities should not be taken literally.
_CALIBRATION_LIMIT = 0.05


def verdict(evaluation: Evaluation, lang: str = "en") -> list[str]:
    """Is it good, is fusion justified, what is the costliest input to lose, can its probabilities be believed.

    Args:
        evaluation: The numbers.
        lang: ``en`` or ``zh``.

    Raises:
        ConfigError: A language polysight does not speak.
    """
    accuracy, majority = evaluation["accuracy"], evaluation.baselines["majority"]
    lines = [
        sentence(lang, "accuracy", accuracy=share(accuracy, lang), n=evaluation.n, majority=percent(majority.value))
    ]
    if accuracy.low is not None and majority.high is not None and accuracy.low <= majority.high:
        lines.append(sentence(lang, "no_better_than_guessing"))
    if evaluation.fusion_gain.value is not None:
        lines += fusion_lines(evaluation.fusion_gain, evaluation.best_single, evaluation.n, lang)
    if evaluation.missing:
        lines.append(_costliest(evaluation, lang))
    ece = evaluation["ece"]
    if ece.low is not None and ece.low > _CALIBRATION_LIMIT:
        lines.append(sentence(lang, "overconfident", ece=_points(ece, lang, sign="")))
    return lines


def fusion_lines(gain: Estimate, over: str, rows: int, lang: str = "en") -> list[str]:
    """Whether fusion is justified; and if these rows cannot tell, about how many could.

    Args:
        gain: By how much all inputs together are more accurate than the best one alone.
        over: That input.
        rows: How many rows it was measured on.
        lang: ``en`` or ``zh``.
    """
    code = fusion_verdict(gain)
    lines = [sentence(lang, code, gain=_points(gain, lang), name=over)]
    needed = rows_needed(gain, rows) if code == "fusion_open" else None
    return lines if needed is None else [*lines, sentence(lang, "rows_needed", rows=f"{needed:,}")]


def fusion_verdict(gain: Estimate) -> str:
    """``fusion_yes`` if the whole interval is above zero, ``fusion_no`` if none of it is, else ``fusion_open``."""
    if gain.low is None or gain.high is None or gain.low <= 0 < gain.high:
        return "fusion_open"
    return "fusion_yes" if gain.low > 0 else "fusion_no"


def rows_needed(gain: Estimate, rows: int) -> int | None:
    """About how many rows would show the gain to be no accident, in four cases of five, if it is what it seems.

    Source: J. Cohen, "Statistical Power Analysis for the Behavioral Sciences", 1988: the standard error must be the
    gain over 1.96 + 0.84; it falls with the root of the rows, whole groups being added.

    Returns:
        Rounded up to two digits; None where there is no gain or no interval, or it would take over a million.
    """
    if not gain.value or gain.low is None or gain.high is None:
        return None
    error = (gain.high - gain.low) / (2 * _SURE)
    exact = rows * ((_SURE + _POWER) * error / gain.value) ** 2
    if exact > _MOST_ROWS:
        return None
    unit = 10 ** max(0, len(str(math.ceil(exact))) - 2)
    return math.ceil(exact / unit) * unit


def share(estimate: Estimate, lang: str = "en") -> str:
    """A share with its interval, as ``91.2 % (89.0 % to 93.1 %)``."""
    if estimate.low is None or estimate.high is None:
        return percent(estimate.value)
    texts = {name: percent(getattr(estimate, name)) for name in ("value", "low", "high")}
    return sentence(lang, "interval", **texts)


def percent(value: float | None) -> str:
    """A share as a percentage with one decimal."""
    return "-" if value is None else f"{100 * value:.1f} %"


def _points(estimate: Estimate, lang: str, sign: str = "+") -> str:
    values = {name: getattr(estimate, name) for name in ("value", "low", "high")}
    texts = {name: "-" if value is None else f"{100 * value:{sign}.1f}" for name, value in values.items()}
    if estimate.low is None:
        return sentence(lang, "points", value=texts["value"])
    return sentence(lang, "points_interval", **texts)


def _costliest(evaluation: Evaluation, lang: str) -> str:
    accuracy = {name: metrics["accuracy"] for name, metrics in evaluation.missing.items()}
    worst = min(accuracy, key=lambda name: accuracy[name].value or 0.0)
    if (accuracy[worst].value or 0.0) >= (evaluation["accuracy"].value or 0.0):
        return sentence(lang, "nothing_costs")
    return sentence(lang, "costliest", name=worst.removeprefix("without "), accuracy=share(accuracy[worst], lang))
