"""The templates of pages: where they are, and what they may call."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from polysight.evaluation.verdict import percent
from polysight.report import numbers


@lru_cache
def templates() -> Environment:
    """The environment all pages are rendered in; what is put in appears as text."""
    environment = Environment(
        loader=PackageLoader("polysight.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": percent,
        "count": numbers.count,
        "seconds": numbers.seconds,
        "gain": numbers.gain,
        "p_value": numbers.p_value,
    }
    environment.globals |= {
        "writer_of": numbers.writer_of,
        "number_writer": numbers.number_writer,
        "spread": numbers.spread,
        "number": numbers.of_any_size,
        "decimal": numbers.decimal,
        "percent": percent,
        "points": numbers.points,
        "estimate_of": numbers.estimate_of,
    }
    return environment
