"""Volumes, and photos that share an encoder: lidc_nodules and houses_price beside what they must reach.

python benchmarks/volumes.py [--only PART_OF_A_ROW'S_NAME ...] [--preset quick] [--limit 3m]

All rows of a set count, each judged by the model of a fold that did not see it (nor anything of its patient). The
last line says what volume and image add to the table alone, with the interval of a bootstrap of whole patients. The
table of lidc_nodules holds what readers of the scans judged, and so does its label: not independent of each other.
"""

from __future__ import annotations

import argparse
import warnings
from dataclasses import dataclass

import numpy as np

from polysight import Image
from protocol import Protocol, Result

_PHOTOS = ("image_bathroom", "image_bedroom", "image_frontal", "image_kitchen")
_TABLE = (
    *("diameter_mm", "pixel_mm", "slice_mm", "calcification", "internalstructure", "lobulation", "margin"),
    *("sphericity", "spiculation", "subtlety", "texture"),
)
_LIDC = ("lidc_nodules", "patient_id")
_ALL, _ALONE = "lidc volume + image + table", "lidc table"


@dataclass(frozen=True)
class Row:
    """A line of the table: what is measured, and what accuracy and AUROC are held against."""

    protocol: Protocol
    must: float | None
    auroc: float | None = None


ROWS = {
    "lidc volume": Row(Protocol(*_LIDC, ("image", *_TABLE)), 0.84),
    "lidc image": Row(Protocol(*_LIDC, ("volume", *_TABLE)), None),
    _ALONE: Row(Protocol(*_LIDC, ("volume", "image")), None),
    _ALL: Row(Protocol(*_LIDC), 0.89, 0.95),
    "houses four photos, one encoder": Row(
        Protocol("houses_price", "group", inputs={"photos": Image(columns=_PHOTOS)}), 0.58
    ),
}


def main() -> None:
    """Run the chosen rows and print a line as each ends."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", help="parts of row names; default: all rows")
    parser.add_argument("--preset", default="quick")
    parser.add_argument("--limit", help="time limit of a fit; default: the preset's own")
    options = parser.parse_args()
    print(f"{'':34s} {'accuracy':>8s} {'must':>6s} {'AUROC':>6s} {'must':>6s} {'s a fit':>8s}   without each input")
    results = {}
    for name, row in ROWS.items():
        if row.protocol.there and (not options.only or any(part in name for part in options.only)):
            results[name] = row.protocol.run(options.preset, limit=options.limit)
            print(line(name, row, results[name]), flush=True)
    if _ALL in results and _ALONE in results:
        gain, low, high = paired_gain(results[_ALL], results[_ALONE])
        print(f"volume and image beside the table: {gain:+.3f} ({low:+.3f} to {high:+.3f}, whole patients redrawn)")


def line(name: str, row: Row, result: Result) -> str:
    """One row as text."""
    goals = [f"{'' if goal is None else format(goal, '.3f'):>6s}" for goal in (row.must, row.auroc)]
    without = ", ".join(f"{n} {a:.3f}" for n, a in result.without.items()) if len(result.without) > 1 else ""
    late = sum(part.late for part in result.parts)
    return (
        f"{name:34s} {result.accuracy:8.3f} {goals[0]} {result.values['roc_auc_ovr']:6.3f} {goals[1]} "
        f"{result.seconds:8.0f}   {without}" + f" (cut short: {late} of {len(result.parts)})" * (late > 0)
    )


def paired_gain(more: Result, less: Result, draws: int = 2_000) -> tuple[float, float, float]:
    """How much more often one model is right than another on the same rows, and the 95 % interval of that."""
    patients = np.concatenate([test["patient_id"].to_numpy() for _, test in ROWS[_ALL].protocol.splits()])
    right = [np.concatenate([p.answers[""].argmax(axis=1) == p.truth for p in r.parts]) for r in (more, less)]
    _, group = np.unique(patients, return_inverse=True)
    gains = np.bincount(group, weights=right[0].astype(float) - right[1].astype(float))
    rows = np.bincount(group)
    drawn = np.random.default_rng(0).integers(0, len(rows), (draws, len(rows)))
    low, high = np.quantile(gains[drawn].sum(axis=1) / rows[drawn].sum(axis=1), [0.025, 0.975])
    return float(gains.sum() / rows.sum()), float(low), float(high)


if __name__ == "__main__":
    main()
