"""Metrics by name: the part of an evaluation that is a mapping from names to estimates, as data and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from polysight.evaluation.intervals import Estimate


class NamedMetrics(Mapping[str, Estimate]):
    """An evaluation by the names of its metrics: ``ev["f1_macro"].low``.

    Attributes:
        metrics: Every metric by name.
    """

    metrics: Mapping[str, Estimate]

    def __getitem__(self, name: str) -> Estimate:
        return self.metrics[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.metrics)

    def __len__(self) -> int:
        return len(self.metrics)


def to_plain(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    """Estimates by name as plain data."""
    return {name: estimate.to_json() for name, estimate in estimates.items()}


def from_plain(plain: Mapping[str, Any]) -> dict[str, Estimate]:
    """The way back from ``to_plain``."""
    return {name: Estimate.from_json(value) for name, value in plain.items()}
