"""Numbers: one way to write each kind of number, everywhere in a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from polysight.evaluation.intervals import Estimate
from polysight.evaluation.verdict import percent

#: Metrics that are no shares of rows; they are written as they are.
_DECIMAL = frozenset({"mcc", "roc_auc_ovr", "average_precision", "log_loss", "brier"})


def decimal(value: float | None) -> str:
    """Three decimals."""
    return "-" if value is None else f"{value:.3f}"


def of_any_size(value: float | None) -> str:
    """Four digits that say something, with a comma every three before the point."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def count(value: int) -> str:
    """A whole number with a comma every three digits."""
    return f"{value:,}"


def seconds(value: float | None) -> str:
    """A duration in the two largest units that say something."""
    if value is None:
        return "-"
    if value < 9.95:
        return f"{value:.1f} s"
    whole = round(value)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def writer_of(metric: str) -> Callable[[float | None], str]:
    """How a metric is written: a percentage, or three decimals."""
    return decimal if metric in _DECIMAL else percent


def number_writer(metric: str) -> Callable[[float | None], str]:
    """How a metric of amounts or labels is written, whatever it is."""
    return of_any_size


def points(value: float | None) -> str:
    """A difference of shares, in points."""
    return "-" if value is None else f"{100 * value:+.1f}"


def estimate_of(plain: Any) -> Estimate:
    """An estimate from plain data: a number alone is a value without an interval, nothing is undefined."""
    if isinstance(plain, Mapping):
        return Estimate.from_json(plain)
    known = isinstance(plain, int | float) and not isinstance(plain, bool)
    return Estimate(float(plain), None, None) if known else Estimate(None, None, None, "not_measured")


def signed(write: Callable[[float | None], str]) -> Callable[[float | None], str]:
    """The same way of writing, with a plus before what is more."""
    return lambda value: f"+{write(value)}" if value is not None and value > 0 else write(value)


def p_value(value: float | None) -> str:
    """A p-value as exact as it deserves."""
    if value is None:
        return "–"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def gain(estimate: Mapping[str, Any]) -> str:
    """A difference of shares in points with its interval, from plain data; a dash where it is undefined."""
    values = [estimate.get(name) for name in ("value", "low", "high")]
    texts = [f"{100 * value:+.1f}" for value in values if value is not None]
    if not texts:
        return "-"
    return texts[0] if len(texts) < 3 else f"{texts[0]} ({texts[1]} – {texts[2]})"


def spread(estimate: Estimate, write: Callable[[float | None], str]) -> str:
    """The interval alone, with the unit once; empty where there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{write(estimate.low).removesuffix(' %')} – {write(estimate.high)}"
