"""Charts: small line charts as inline SVG. Text keeps the reader's fonts, so that any script shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup

_WIDTH, _HEIGHT = 420, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 12, 12, 42

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A line through points.

    Attributes:
        points: Data coordinates (x, y).
        style: A class of the style sheet.
        sizes: The radius of a dot at each point, in units of the chart; empty draws no dots.
    """

    points: Sequence[Point]
    style: str
    sizes: Sequence[float] = ()


@dataclass(frozen=True)
class Band:
    """An interval around a line: points (x, low, high) in data coordinates, from left to right."""

    points: Sequence[tuple[float, float, float]]


@dataclass(frozen=True)
class Axis:
    """A named axis; the range fits the data unless it is given."""

    label: str
    low: float | None = None
    high: float | None = None

    def ticks(self, values: Sequence[float]) -> list[float]:
        """Round numbers from at or below the smallest value to at or above the largest."""
        low = min(values) if self.low is None else self.low
        high = max(values) if self.high is None else self.high
        return round_numbers(low, high)


def line_chart(lines: Sequence[Line], x: Axis, y: Axis, title: str, bands: Sequence[Band] = ()) -> Markup:
    """A line chart.

    Args:
        lines: What to draw, later ones on top; at least one point in all.
        x: The horizontal axis.
        y: The vertical axis.
        title: Read out by screen readers.
        bands: Intervals, below the lines; one of a single point has no area and is left out.
    """
    bands = [band for band in bands if len(band.points) > 1]
    points = [point for line in lines for point in line.points]
    points += [(px, end) for band in bands for px, low, high in band.points for end in (low, high)]
    x_ticks, y_ticks = x.ticks([px for px, _ in points]), y.ticks([py for _, py in points])
    across = _Scale(x_ticks[0], x_ticks[-1], _LEFT, _WIDTH - _RIGHT)
    up = _Scale(y_ticks[0], y_ticks[-1], _HEIGHT - _BOTTOM, _TOP)
    parts = [_grid(x_ticks, y_ticks, across, up)]
    parts += [_filled(band, across, up) for band in bands]
    parts += [_drawn(line, across, up) for line in lines if line.points]
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    return Markup(
        '<svg class="chart" viewBox="0 0 {w} {h}" role="img" aria-label="{title}">{parts}'
        '<text x="{x}" y="{below}" text-anchor="middle">{x_label}</text>'
        '<text transform="translate(12 {y}) rotate(-90)" text-anchor="middle">{y_label}</text></svg>'
    ).format(
        w=_WIDTH,
        h=_HEIGHT,
        title=title,
        parts=Markup("").join(parts),
        x=(_LEFT + _WIDTH - _RIGHT) / 2,
        below=_HEIGHT - 8,
        x_label=x.label,
        y=middle,
        y_label=y.label,
    )


def round_numbers(low: float, high: float, about: int = 5) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten that reach from ``low`` to ``high``."""
    if high - low < 1e-9 * max(1.0, abs(high)):
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / about
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return round(self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start), 1)


def _grid(x_ticks: Sequence[float], y_ticks: Sequence[float], across: _Scale, up: _Scale) -> Markup:
    foot = _HEIGHT - _BOTTOM
    horizontal = Markup("").join(
        Markup(
            '<line class="grid" x1="{}" x2="{}" y1="{y}" y2="{y}"/><text x="{}" y="{}" text-anchor="end">{}</text>'
        ).format(_LEFT, _WIDTH - _RIGHT, _LEFT - 6, up(tick) + 4, _written(tick), y=up(tick))
        for tick in y_ticks
    )
    below = Markup("").join(
        Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(across(tick), foot + 16, _written(tick))
        for tick in x_ticks
    )
    return horizontal + below


def _written(tick: float) -> str:
    return f"{tick:,.0f}" if abs(tick) >= 10_000 else f"{tick:g}"


def _filled(band: Band, across: _Scale, up: _Scale) -> Markup:
    there = [f"{across(px)},{up(high)}" for px, _, high in band.points]
    back = [f"{across(px)},{up(low)}" for px, low, _ in reversed(band.points)]
    return Markup('<polygon class="band" points="{}"/>').format(" ".join([*there, *back]))


def _drawn(line: Line, across: _Scale, up: _Scale) -> Markup:
    places = [(across(px), up(py)) for px, py in line.points]
    path = " ".join(f"{px},{py}" for px, py in places)
    dots = Markup("").join(
        Markup('<circle class="{}" cx="{}" cy="{}" r="{:.1f}"/>').format(line.style, px, py, size)
        for (px, py), size in zip(places, line.sizes, strict=bool(line.sizes))
    )
    return Markup('<polyline class="{}" points="{}"/>').format(line.style, path) + dots
