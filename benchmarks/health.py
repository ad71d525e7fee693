"""Health of the shared data sets: what `polysight check` finds with everything ignored that must never be an input.

python benchmarks/health.py [--only NAME ...] [--verbose]

Prints fails, warnings and seconds a set, and the sum of fails, which must be 0. How many planted faults are found
is what tests/health/test_planted_faults.py measures; the last line counts them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
import warnings
from pathlib import Path

from polysight.runs.config import RunConfig
from polysight.runs.health import checked
from protocol import DATA

PLANTED = Path(__file__).parents[1] / "tests" / "health" / "test_planted_faults.py"

#: Set, group, columns that are never inputs (in whatever table of the set has them).
SETS = (
    ("avmnist", "speaker", ("id", "spectrogram_index", "recording", "snr_db", "mnist")),
    ("flipkart_1050", "group", ("uniq_id", "fold", "split", "title", "description")),
    ("lidc_nodules", "patient_id", ("key", "fold", "split")),
    ("houses_price", "group", ("house_id", "fold", "split")),
    ("mfeat6", None, ()),
)


def main() -> None:
    """Check the chosen sets and print a line as each ends."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", help="names of sets; default: all, and the planted faults")
    parser.add_argument("--verbose", action="store_true", help="say what was found")
    options = parser.parse_args()
    fails = 0
    print(f"{'':16s} {'fail':>5s} {'warn':>5s} {'pass':>5s} {'seconds':>8s}")
    for name, group, ignore in SETS:
        if options.only and name not in options.only:
            continue
        folder = DATA / name
        if not folder.exists():
            print(f"{name:16s} not here")
            continue
        config = RunConfig(
            table=str(folder / "train.csv"),
            test=str(folder / "test.csv"),
            target="label",
            group=group,
            ignore=ignore,
            task="classification",
        )
        start = time.perf_counter()
        health = checked(config)
        seconds = time.perf_counter() - start
        counts = [sum(f.status == status for f in health.findings) for status in ("fail", "warn", "pass")]
        fails += counts[0]
        print(f"{name:16s} {counts[0]:5d} {counts[1]:5d} {counts[2]:5d} {seconds:8.1f}", flush=True)
        for finding in health.at_least("warn") if options.verbose else ():
            print(f"    {finding.status} {finding.name}: {finding.to_json()['message']}", flush=True)
    print(f"fails on the shared sets: {fails} (must be 0)")
    if not options.only:
        subprocess.run([sys.executable, "-m", "pytest", "--no-cov", "-q", str(PLANTED)], check=False)


if __name__ == "__main__":
    main()
