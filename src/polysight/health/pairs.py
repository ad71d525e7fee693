"""Pairs: rows that are the same thing twice, and what that means within, across labels and across the two tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Int

from polysight.health.examination import Examination
from polysight.health.finding import Finding, Status

#: The share of rows (with another label, or of the test table) from which on copies make numbers wrong. Below it they
#: may be an accident: of the 400 test rows of a real set of digits one is in training, equal in all 649 numbers.
GRAVE = 0.01
#: Pairs a sentence shows.
_SHOWN = 5

#: Pairs of positions: training rows come first, then those of the test table; the first of a pair is the lower.
Pairs = Int[np.ndarray, "pair 2"]

NO_PAIRS: Pairs = np.empty((0, 2), dtype=np.intp)


def equal_keys(keys: Sequence[object]) -> Pairs:
    """Each position whose key came before, with the first that had it; a key of None equals nothing."""
    first: dict[object, int] = {}
    found = [
        (first[key], position)
        for position, key in enumerate(keys)
        if key is not None and first.setdefault(key, position) != position
    ]
    return np.array(found, dtype=np.intp).reshape(-1, 2)


def findings(
    name: str, pairs: Pairs, table: Examination, columns: tuple[str, ...], *, certain: bool = False
) -> Iterator[Finding]:
    """One finding each: within training, across labels, and (with a test table) across the two tables.

    Args:
        name: What is the same (``duplicate_images``).
        pairs: The pairs found.
        table: The table.
        columns: The columns they were found in.
        certain: Whether pairs are the same for certain, so that many across labels or tables are a failure.
    """
    rows, codes = len(table.task.rows), table.task.codes
    inside = pairs[(pairs < rows).all(axis=1)]
    torn = codes[inside[:, 0]] != codes[inside[:, 1]]

    def status(found: Pairs, of: int) -> Status:
        return "fail" if certain and len(np.unique(found[:, 1])) >= GRAVE * of else "warn"

    yield _finding(name, inside[~torn], table, columns, "warn")
    yield _finding(f"{name}_across_labels", inside[torn], table, columns, status(inside[torn], rows))
    if table.test is not None:
        across = pairs[(pairs[:, 0] < rows) & (pairs[:, 1] >= rows)]
        yield _finding(f"{name}_in_test", across, table, columns, status(across, len(table.test.rows)))


def _finding(name: str, pairs: Pairs, table: Examination, columns: tuple[str, ...], status: Status) -> Finding:
    if not len(pairs):
        return Finding.good(name)
    facts = {
        "rows": len(np.unique(pairs[:, 1])),
        "pairs": "; ".join(_shown(pair, table) for pair in pairs[:_SHOWN]),
    }
    positions = np.unique(pairs[pairs < len(table.task.rows)])
    return Finding(name, status, f"{name}.found", facts, columns, table.rows_of(positions))


def _shown(pair: Int[np.ndarray, " 2"], table: Examination) -> str:
    rows = len(table.task.rows)
    first = int(table.task.rows[pair[0]])
    if table.test is not None and pair[1] >= rows:
        return f"{first} = test {int(table.test.rows[pair[1] - rows])}"
    return f"{first} = {int(table.task.rows[pair[1]])}"
