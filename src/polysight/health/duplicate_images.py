"""Images that look the same: copies, re-compressed, resized, brightened or darkened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import UInt8

from polysight.data.samples import Samples
from polysight.health.base import Check
from polysight.health.examination import Examination
from polysight.health.finding import Finding
from polysight.health.pairs import NO_PAIRS, Pairs, findings
from polysight.health.perceptual import alike, looks_of

#: Images looked at of each column; every pair of them is compared.
MOST_IMAGES = 5_000


@dataclass(frozen=True)
class DuplicateImages(Check):
    """Images that look the same, column by column."""

    kind: ClassVar[str] = "duplicate_images"

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """Warn of pairs within training, across labels and across the tables."""
        found: list[Pairs] = []
        columns: list[str] = []
        seen = False
        for name in table.task.samples.names:
            for slot, column in enumerate(table.columns_of(name)):
                pictures = list(_pictures(table, name, slot))
                if not pictures:
                    continue
                seen = True
                pairs = _pairs(pictures)
                found.append(pairs)
                columns += [column] if len(pairs) else []
        if not seen:
            return ()
        pairs = np.unique(np.concatenate([NO_PAIRS, *found]), axis=0)
        return tuple(findings(self.kind, pairs, table, tuple(columns)))


def _pictures(table: Examination, name: str, slot: int) -> Iterator[tuple[int, UInt8[np.ndarray, "height width_px 3"]]]:
    """Position and pixels of the images of a column, those of the test table after those of training."""
    yield from _of(table.task.samples, name, slot, 0)
    if table.test is not None:
        yield from _of(table.test.samples, name, slot, len(table.task.rows))


def _of(
    samples: Samples, name: str, slot: int, offset: int
) -> Iterator[tuple[int, UInt8[np.ndarray, "height width_px 3"]]]:
    view = samples.views[name]
    pixels = view.arrays.get("pixels")
    # Frames of a sequence have one axis more.
    if pixels is None or pixels.ndim != 5:
        return
    for row in np.flatnonzero(view.present[:, slot])[:MOST_IMAGES]:
        yield offset + int(row), pixels[row, slot]


def _pairs(pictures: list[tuple[int, UInt8[np.ndarray, "height width_px 3"]]]) -> Pairs:
    positions = np.array([position for position, _ in pictures])
    return positions[alike(looks_of(np.stack([picture for _, picture in pictures])))]
