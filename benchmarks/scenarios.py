"""The five scenarios: accuracy beside the oracle and the best single view, and how long a demonstration takes.

python benchmarks/scenarios.py [--only NAME ...] [--preset P] [--seed N] [--keep FOLDER]

Each one runs as ``polysight demo NAME`` does, in a process of its own, from nothing to the report, with a cache of its
own that is empty at first. "must": accuracy at least 93 % of the oracle and 5 points over the best single view, within
180 seconds on two idle cores; "CPU" counts what the process took of them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SCENARIOS = ("driving", "logistics", "medical", "security", "vr")
MUST_SHARE, MUST_GAIN, MUST_SECONDS = 0.93, 0.05, 180.0


def ran(name: str, preset: str, seed: int, folder: Path) -> tuple[dict[str, Any], float, float]:
    """What a demonstration says of itself, and the seconds by the clock and of the processor."""
    command = [sys.executable, "-m", "polysight", "demo", name, "--preset", preset, "--seed", str(seed), "--json", "-q"]
    environment = {**os.environ, "POLYSIGHT_CACHE": str(folder / "cache")}
    start, used = time.monotonic(), _processor()
    done = subprocess.run(
        [*command, "--out", str(folder / "run")], env=environment, stdout=subprocess.PIPE, check=True, text=True
    )
    return json.loads(done.stdout), time.monotonic() - start, _processor() - used


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def line(name: str, told: dict[str, Any], seconds: float, processor: float) -> str:
    """A row of the table."""
    accuracy, gain, oracle = told["metrics"]["accuracy"], told["fusion_gain"], told["oracle"]
    single = told["baselines"][f"{gain['over']} only"]["value"]
    kept = (
        oracle["reached"] >= MUST_SHARE,
        accuracy["value"] - single >= MUST_GAIN,
        seconds <= MUST_SECONDS,
    )
    own = ", ".join(f"{what.replace('_', ' ')} {value:.2f}" for what, value in told["own"].items())
    cells = (
        name,
        f"{accuracy['value']:.3f} ({accuracy['low']:.3f} to {accuracy['high']:.3f})",
        f"{oracle['accuracy']:.3f}",
        f"{100 * oracle['reached']:.1f} %",
        f"{single:.3f} ({gain['over']})",
        f"{oracle['single']:.3f}",
        f"{seconds:.0f}",
        f"{processor:.0f}",
        "yes" if all(kept) else "NO",
        own,
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Run the scenarios asked for, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, default=SCENARIOS)
    parser.add_argument("--preset", default="quick")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="where run folders stay")
    asked = parser.parse_args()
    print("| scenario | accuracy | oracle | reached | best single view | oracle, one view | s | CPU s | must | own |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for name in asked.only:
        with tempfile.TemporaryDirectory() as temporary:
            folder = (asked.keep or Path(temporary)) / name
            folder.mkdir(parents=True, exist_ok=True)
            print(line(name, *ran(name, asked.preset, asked.seed, folder)), flush=True)


if __name__ == "__main__":
    main()
