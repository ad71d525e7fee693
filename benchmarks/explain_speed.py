"""How long one explanation takes, once the model is loaded.

python benchmarks/explain_speed.py MODEL TABLE [--rows N] [--methods NAME ...]

Prints the seconds of the processor and of the clock for each of the first rows, from cells of the table to the page.
The first row also pays for what is imported on use.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from polysight.data.table import read_table
from polysight.learners.base import load_model
from polysight.runs.model import model_folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("table", type=Path)
    parser.add_argument("--rows", type=int, default=5)
    parser.add_argument("--methods", nargs="+", default=None)
    given = parser.parse_args()
    model, table = load_model(model_folder(given.model)), read_table(given.table)
    print(f"members: {', '.join(member.name for member in getattr(model, 'members_', ()))}")
    for row in range(min(given.rows, len(table))):
        processor, clock = time.process_time(), time.perf_counter()
        page = model.explain(table.iloc[[row]], methods=given.methods).to_html()
        processor, clock = time.process_time() - processor, time.perf_counter() - clock
        print(f"row {row}: {processor:.2f} s of the processor, {clock:.2f} s; a page of {len(page) // 1000} kB")


if __name__ == "__main__":
    main()
