"""Few rows, no weights from elsewhere: accuracy and calibration on the shared sets beside their floors.

python benchmarks/small_data.py [--only PART_OF_A_ROW'S_NAME ...]

"must" and "reach" are the goals a row is held against; "ece" is the debiased calibration error over ten bins of
equal mass. Pooled rows are all rows of a set, each judged by the model of a fold that did not see it; draws are
judged on test.csv, which no choice was ever made on.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from protocol import Protocol, Result

SPEAKER = ("snr_db",)
NAMES = ("title", "description", "description_masked")
PHOTOS = ("image_bathroom", "image_bedroom", "image_frontal", "image_kitchen")
MEASURED = (
    *("brand", "retail_price", "discounted_price", "discount_ratio", "product_rating", "fk_advantage"),
    "title_masked",
)


@dataclass(frozen=True)
class Row:
    """A line of the table: what is measured, how, within what time, and what it is held against."""

    name: str
    protocol: Protocol
    preset: str
    floor: float | None
    must: float
    reach: float | None = None
    limit: str | None = None


ROWS = (
    Row("avmnist, good", Protocol("avmnist", "speaker", SPEAKER, pooled=False), "good", 0.837, 0.92, 0.95),
    Row("avmnist, best", Protocol("avmnist", "speaker", SPEAKER, pooled=False), "best", 0.837, 0.935, 0.95),
    Row(
        "avmnist, 300 rows, good, 3 draws",
        Protocol("avmnist", "speaker", SPEAKER, pooled=False, rows=300, draws=3),
        "good",
        None,
        0.78,
        0.86,
    ),
    Row(
        "mfeat6, 10 rows a class, good, 5 draws",
        Protocol("mfeat6", None, pooled=False, per_class=10, draws=5),
        "good",
        0.955,
        0.965,
        0.975,
    ),
    Row(
        "flipkart image+title+table, 15 rows a class, good, 5 draws",
        Protocol("flipkart_1050", "group", NAMES, pooled=False, per_class=15, draws=5),
        "good",
        0.78,
        0.81,
        0.85,
    ),
    Row(
        "flipkart image+title+table, good in 3 minutes, folds",
        Protocol("flipkart_1050", "group", NAMES),
        "good",
        0.915,
        0.93,
        0.945,
        limit="3m",
    ),
    Row(
        "flipkart image+table, good in 3 minutes, folds",
        Protocol("flipkart_1050", "group", (*NAMES, "title_masked")),
        "good",
        0.744,
        0.80,
        0.84,
        limit="3m",
    ),
    Row(
        "flipkart image, good in 3 minutes, folds",
        Protocol("flipkart_1050", "group", (*NAMES, *MEASURED)),
        "good",
        0.62,
        0.74,
        0.78,
        limit="3m",
    ),
    Row("flipkart image+title+table, quick, folds", Protocol("flipkart_1050", "group", NAMES), "quick", 0.915, 0.91),
    Row(
        "lidc image+table, good in 3 minutes, folds",
        Protocol("lidc_nodules", "patient_id", ("volume",)),
        "good",
        0.883,
        0.878,
        0.89,
        limit="3m",
    ),
    Row(
        "lidc table, good in 3 minutes, folds",
        Protocol("lidc_nodules", "patient_id", ("volume", "image")),
        "good",
        0.883,
        0.878,
        limit="3m",
    ),
    Row(
        "houses photos+table, good in 3 minutes, folds",
        Protocol("houses_price", "group"),
        "good",
        0.802,
        0.81,
        0.83,
        limit="3m",
    ),
    Row(
        "houses table, good in 3 minutes, folds",
        Protocol("houses_price", "group", PHOTOS),
        "good",
        0.802,
        0.802,
        limit="3m",
    ),
)


def main() -> None:
    """Run the chosen rows and print a line as each ends."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", help="parts of row names; default: all rows")
    chosen = parser.parse_args().only
    head = ("", "accuracy", "spread", "floor", "must", "reach", "ece", "loss", "s a fit", "planned")
    print("{:60s} {:>8s} {:>7s} {:>6s} {:>6s} {:>6s} {:>6s} {:>6s} {:>8s} {:>8s}   without each input".format(*head))
    for row in ROWS:
        if row.protocol.there and (not chosen or any(part in row.name for part in chosen)):
            print(line(row, row.protocol.run(row.preset, limit=row.limit)), flush=True)
    if not chosen or any(part in "cache" for part in chosen):
        cold, warm, same = second_run()
        print(f"features of flipkart images, first run {cold:.1f} s, second {warm:.2f} s: {cold / warm:.0f} x", end="")
        print(f" (must 10 x); answers equal to the bit: {same}")


def line(row: Row, result: Result) -> str:
    """One row as text."""
    numbers = (result.accuracy, result.spread, row.floor, row.must, row.reach)
    shown = " ".join(
        f"{'' if n is None else format(n, '.3f'):>{w}s}" for n, w in zip(numbers, (8, 7, 6, 6, 6), strict=True)
    )
    without = ", ".join(f"{name} {accuracy:.3f}" for name, accuracy in result.without.items())
    values = result.values
    scores = f"{values['ece']:6.3f} {values['log_loss']:6.3f} {result.seconds:8.0f} {result.planned:8.0f}"
    late = sum(part.late for part in result.parts)
    return f"{row.name:60s} {shown} {scores}   {without}" + (
        f" (cut short: {late} of {len(result.parts)})" * (late > 0)
    )


def second_run() -> tuple[float, float, bool]:
    """Seconds to derive every feature set of the flipkart table twice, and whether a fit then gives the same bits."""
    from polysight import MultimodalClassifier
    from polysight.core.events import listen

    train, test = next(Protocol("flipkart_1050", "group", NAMES).splits())
    seconds, answers = [], []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["POLYSIGHT_CACHE"] = str(Path(folder))
        for _ in range(2):
            with listen(lambda event, facts: seconds.append(facts["seconds"]) if event == "features_ready" else None):
                model = MultimodalClassifier("quick", group="group", ignore=NAMES).fit(train, "label")
            answers.append(model.predict_proba(test))
    return seconds[0], seconds[1], bool(np.array_equal(*answers))


if __name__ == "__main__":
    start = time.perf_counter()
    main()
    print(f"{(time.perf_counter() - start) / 60:.0f} minutes")
