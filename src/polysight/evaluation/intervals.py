"""Intervals: a number and the 95 % interval it comes with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.special import ndtr, stdtrit

from polysight.evaluation.calibration import Calibration
from polysight.evaluation.metrics import METRICS, Scores
from polysight.evaluation.resampling import Resampling, pseudo_rows

#: Decimals kept, so that the last bits of a sum change no file.
_DECIMALS = 9


@dataclass(frozen=True)
class Estimate:
    """A value and its 95 % interval; None where there is none, with the reason as a stable word."""

    value: float | None
    low: float | None
    high: float | None
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """``value``, ``low``, ``high``; and ``reason`` where something is None."""
        plain: dict[str, Any] = {"value": self.value, "low": self.low, "high": self.high}
        return plain | ({"reason": self.reason} if self.reason else {})

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Estimate:
        """The way back from ``to_json``."""
        return cls(plain.get("value"), plain.get("low"), plain.get("high"), plain.get("reason", ""))


def undefined(reason: str) -> Estimate:
    """An estimate that does not exist, and why."""
    return Estimate(None, None, None, reason)


def percentile(
    value: float,
    resampled: Float[np.ndarray, " resample"],
    units: int,
    reason: str = "",
    left_out: Float[np.ndarray, " group"] | None = None,
) -> Estimate:
    """The expanded percentile interval of a value, which it always holds.

    Source: T. Hesterberg, "What Teachers Should Know About the Bootstrap", 2015: a bootstrap of few units is too
    narrow by what Student's t is wider than the normal curve, so quantiles further out are taken. For groups also B.
    Efron, "Better Bootstrap Confidence Intervals", JASA 1987 (acceleration).
    Departures: groups differ in size and spread, so there are fewer of them than it seems. Quantiles are taken further
    out by (units + 1) / (units - 1), which was chosen by simulation (``benchmarks/coverage.py``), and by what the
    jackknife's standard error is above the bootstrap's. The bias of the bootstrap's median is not corrected: the
    pseudo-rows put it there.

    Args:
        value: The metric on the rows themselves; NaN where it is undefined.
        resampled: The metric on each resample; NaN is left out.
        units: Independent rows or groups; one unit alone has no interval.
        reason: Why the value is undefined, if it is.
        left_out: The metric without each group in turn, where rows come in (not too many) groups; NaN is left out.
    """
    if np.isnan(value):
        return undefined(reason)
    value = round(float(value), _DECIMALS)
    known = resampled[~np.isnan(resampled)]
    if units < 2 or len(known) == 0:
        return Estimate(value, None, None, "one_unit_only")
    reach, lean = -stdtrit(units - 1, 0.025) * np.sqrt(units / (units - 1)), 0.0
    if left_out is not None:
        widening, lean = _jackknife(left_out[~np.isnan(left_out)], known.std())
        reach *= widening * (units + 1) / (units - 1)
    ends = np.array([-reach, reach])
    tails = ndtr(lean + (lean + ends) / np.maximum(1 - lean * (lean + ends), 0.25))
    low, high = np.round(np.quantile(known, tails), _DECIMALS)
    return Estimate(value, min(float(low), value), max(float(high), value))


def percentiles(
    values: Float[np.ndarray, " value"],
    resampled: Float[np.ndarray, "value resample"],
    units: int,
    reason: str = "",
    left_out: Float[np.ndarray, "value group"] | None = None,
) -> list[Estimate]:
    """The ``percentile`` of several values on the same resamples."""
    rest = [None] * len(values) if left_out is None else left_out
    return [
        percentile(value, drawn, units, reason, lacking)
        for value, drawn, lacking in zip(values, resampled, rest, strict=True)
    ]


def named_percentiles(
    values: Mapping[str, Float[np.ndarray, " one"]],
    resampled: Sequence[Mapping[str, Float[np.ndarray, " resample"]]],
    resampling: Resampling,
    reason: str,
    left_out: Mapping[str, Float[np.ndarray, " group"]] | None,
) -> dict[str, Estimate]:
    """The ``percentile`` of several metrics by name.

    Args:
        values: Each metric on the rows themselves.
        resampled: Each metric on the resamples, block by block.
        resampling: Where those come from.
        reason: Why a metric is undefined, if it is.
        left_out: Each metric without each group in turn; see ``Resampling.without_groups``.
    """
    rest = left_out or {}
    return {
        name: percentile(
            value[0], np.concatenate([block[name] for block in resampled]), resampling.units, reason, rest.get(name)
        )
        for name, value in values.items()
    }


def _jackknife(left_out: Float[np.ndarray, " group"], error: float) -> tuple[float, float]:
    """By what the jackknife's standard error is above another one (1 to 1.5 times), and the acceleration."""
    count = len(left_out)
    if count < 2:
        return 1.0, 0.0
    influence = left_out.mean() - left_out
    spread = np.square(influence).sum()
    if spread < 1e-18:
        return 1.0, 0.0
    widening = np.sqrt((count - 1) / count * spread) / max(error, 1e-12)
    return float(np.clip(widening, 1.0, 1.5)), float((influence**3).sum() / (6 * spread**1.5))


def metric_estimates(
    codes: Int[np.ndarray, " row"],
    probabilities: Float[np.ndarray, "row class"],
    resampling: Resampling,
    predicted: Int[np.ndarray, " row"] | None = None,
) -> dict[str, Estimate]:
    """Every metric (see ``metric_values``) with its interval.

    Args:
        codes: The true class of each row.
        probabilities: Its probabilities.
        resampling: How intervals are made.
        predicted: The class said of each row; None says the most probable.
    """
    said = probabilities.argmax(axis=1) if predicted is None else predicted
    scores = Scores(codes, probabilities, said)
    pseudo_codes, pseudo_probabilities = pseudo_rows(codes, probabilities, resampling.seed)
    widened = Scores(
        np.concatenate([codes, pseudo_codes]),
        np.concatenate([probabilities, pseudo_probabilities]),
        # A pseudo-row is made right or wrong by its most probable class, and says that.
        np.concatenate([said, pseudo_probabilities.argmax(axis=1)]),
    )
    dependence = resampling.dependence(said == codes)
    blocks = [widened(draw.with_pseudo(len(pseudo_codes), dependence)) for draw in resampling.draws()]
    values = scores(np.ones((len(codes), 1)))
    told = {name: values[name] for name in METRICS}
    estimates = named_percentiles(told, blocks, resampling, "one_class_only", resampling.without_groups(scores))
    return estimates | {"ece": calibration_estimate(scores.calibration, resampling)}


def calibration_estimate(calibration: Calibration, resampling: Resampling) -> Estimate:
    """The debiased ECE with its interval, whose lower end leaves out what noise alone would show."""
    value = calibration.error(np.ones((resampling.rows, 1)))[0]
    pairs = [(calibration.least_error(d.rows, 2.0), calibration.error(d.rows, 2.0)) for d in resampling.draws()]
    lacking = resampling.without_groups(calibration.error)
    least, most = (
        percentile(value, np.concatenate([pair[side] for pair in pairs]), resampling.units, left_out=lacking)
        for side in (0, 1)
    )
    return Estimate(most.value, least.low, most.high, most.reason)


def share_estimate(right: Bool[np.ndarray, " row"], resampling: Resampling) -> Estimate:
    """The share of rows that are right, with its interval."""
    return mean_estimate(right.astype(np.float64), 0.0, resampling)


def paired_gain(first: Bool[np.ndarray, " row"], second: Bool[np.ndarray, " row"], resampling: Resampling) -> Estimate:
    """By how much more often ``first`` is right than ``second`` on the same rows, with its interval."""
    return mean_estimate(first.astype(np.float64) - second, -1.0, resampling)


def statistic_estimate(
    statistic: Callable[[Float[np.ndarray, "row weighting"]], Float[np.ndarray, " weighting"]],
    resampling: Resampling,
    reason: str = "",
) -> Estimate:
    """A statistic of weighted rows that is no share of events, with its interval; rows alone are resampled.

    Args:
        statistic: Takes weights of the rows, one weighting a column.
        resampling: The resamples.
        reason: Why it is undefined, if it is.
    """
    drawn = np.concatenate([statistic(draw.rows) for draw in resampling.draws()])
    now, lacking = statistic(np.ones((resampling.rows, 1))), resampling.without_groups(statistic)
    return percentile(now[0], drawn, resampling.units, reason, lacking)


def plain_mean(values: Float[np.ndarray, " row"], resampling: Resampling) -> Estimate:
    """The mean of values that are no events and have no bounds, with its interval."""
    return statistic_estimate(lambda weights: values @ weights / weights.sum(axis=0), resampling)


def mean_estimate(values: Float[np.ndarray, " row"], least: float, resampling: Resampling) -> Estimate:
    """The mean of values from ``least`` to 1, with its interval.

    Args:
        values: One value a row, such as how often several models are right on it.
        least: The value of the wrong pseudo-row; the right one has 1.
        resampling: The resamples.
    """
    size = resampling.dependence(values)
    resampled = [
        (values @ d.rows + size * (d.right + least * d.wrong)) / (d.rows.sum(axis=0) + size * (d.right + d.wrong))
        for d in resampling.draws()
    ]
    lacking = resampling.without_groups(lambda weights: values @ weights / weights.sum(axis=0))
    return percentile(values.mean(), np.concatenate(resampled), resampling.units, left_out=lacking)
