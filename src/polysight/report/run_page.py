"""The page of two runs side by side: the verdict, every metric, rows only one got right, what differs in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from polysight.core.files import write_text
from polysight.evaluation.sentences import sentence
from polysight.evaluation.verdict import percent
from polysight.report.content import PREDICTIONS, ReportContent, read_run
from polysight.report.intervals_plot import interval_plot
from polysight.report.numbers import estimate_of, p_value, points, signed, spread, writer_of
from polysight.report.page import templates
from polysight.report.row_cells import RowCells, cells_of
from polysight.report.run_comparison import compared_runs
from polysight.report.run_words import RUN_WORDS
from polysight.report.sections.reproduce import flattened
from polysight.report.words import Words, words

#: Rows shown that only one of the two got right, of each.
MOST_ROWS = 12


class MetricLine(NamedTuple):
    """A metric of both runs, written out; ``clear`` where the difference is, after correction for several metrics."""

    name: str
    first: str
    first_interval: str
    second: str
    second_interval: str
    difference: str
    interval: str
    p: str
    clear: bool


class OnlyOne(NamedTuple):
    """A row that one of two runs got right."""

    row: int
    truth: str
    first: str
    second: str
    cells: RowCells


def write_run_page(first: Path | str, second: Path | str, out: Path | str, *, lang: str = "en") -> Path:
    """Compare two runs on the same rows and write the page, atomically; see ``compared_page``.

    Returns:
        The file written.

    Raises:
        StorageError: The file cannot be written.
    """
    write_text(out, compared_page(first, second, lang=lang)[1])
    return Path(out)


def compared_page(first: Path | str, second: Path | str, *, lang: str = "en") -> tuple[dict[str, Any], str]:
    """What ``compare_runs`` says of two runs, and the page.

    Args:
        first: A run folder.
        second: Another; differences are how much more it has.
        lang: ``en`` or ``zh``.

    Raises:
        MissingFileError: There is no run in one of the folders.
        DataError: The runs are not about the same rows, unfinished, damaged or no classification.
        ConfigError: A language polysight does not speak.
    """
    w = words(lang).extended(RUN_WORDS.get(lang, {}))
    runs = read_run(first), read_run(second)
    found = compared_runs(runs)
    return found, run_page(found, runs, w)


def run_page(found: Mapping[str, Any], runs: tuple[ReportContent, ReportContent], w: Words) -> str:
    """The page; everything that came from a table or a file appears as text, never as markup.

    Args:
        found: What ``compare_runs`` says.
        runs: Both runs.
        w: The words of a language, with those of this page.
    """
    names = _names(runs)
    accuracy = found["metrics"]["accuracy"]
    both = [(name, estimate_of(accuracy[key])) for name, key in zip(names, ("a", "b"), strict=True)]
    return (
        templates()
        .get_template("runs.html.j2")
        .render(
            w=w,
            names=names,
            rows=found["rows"],
            verdict=_verdict(found, names, w),
            plot=interval_plot(both),
            metrics=[_line(name, one) for name, one in found["metrics"].items()],
            mcnemar=found["mcnemar"],
            delong=found.get("delong"),
            only=only_one_right(runs),
            settings=differing(runs[0].settings, runs[1].settings),
            versions=differing(runs[0].environment, runs[1].environment),
            same_data=runs[0].data.get("fingerprint") == runs[1].data.get("fingerprint"),
        )
    )


def differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Settings that are not the same: name, in the first run, in the second; a dash where one has none."""
    here, there = dict(flattened(first)), dict(flattened(second))
    named = dict.fromkeys([*here, *there])
    return [(name, here.get(name, "–"), there.get(name, "–")) for name in named if here.get(name) != there.get(name)]


def only_one_right(runs: tuple[ReportContent, ReportContent]) -> tuple[list[OnlyOne], list[OnlyOne]]:
    """Rows only the first and rows only the second got right, ``MOST_ROWS`` at most of each, in the table's order."""
    here, there = (run.table(PREDICTIONS).set_index("row") for run in runs)
    there = there.loc[here.index]
    right = [table["prediction"].to_numpy() == here["target"].to_numpy() for table in (here, there)]
    kept = [here.index[mine & ~other][:MOST_ROWS] for mine, other in (right, right[::-1])]
    cells = cells_of(runs[0], [int(row) for rows in kept for row in rows])
    first, second = ([_only(row, here, there, cells) for row in rows] for rows in kept)
    return first, second


def _only(row: str, here: pd.DataFrame, there: pd.DataFrame, cells: Mapping[int, RowCells]) -> OnlyOne:
    truth, first = (str(here.loc[row, name]) for name in ("target", "prediction"))
    return OnlyOne(int(row), truth, first, str(there.loc[row, "prediction"]), cells.get(int(row), RowCells()))


def _names(runs: Sequence[ReportContent]) -> list[str]:
    """The names of both runs, told apart where they are the same."""
    first, second = (run.name for run in runs)
    return [first, second] if first != second else [f"{first} (1)", f"{second} (2)"]


def _verdict(found: Mapping[str, Any], names: Sequence[str], w: Words) -> str:
    accuracy = found["metrics"]["accuracy"]
    difference = estimate_of(accuracy["difference"])
    ends = {name: points(getattr(difference, name)) for name in ("value", "low", "high")}
    told = sentence(w.lang, "points" if difference.low is None else "points_interval", **ends)
    return w(f"runs_{found['verdict']}", a=names[0], b=names[1], p=p_value(accuracy.get("p")), difference=told)


def _line(metric: str, one: Mapping[str, Any]) -> MetricLine:
    write = writer_of(metric)
    # A difference of shares is told in points: a percentage of a percentage would be read wrongly.
    more = points if write is percent else signed(write)
    first, second, difference = (estimate_of(one[key]) for key in ("a", "b", "difference"))
    p = one.get("p_holm")
    return MetricLine(
        metric,
        write(first.value),
        spread(first, write),
        write(second.value),
        spread(second, write),
        more(difference.value),
        spread(difference, more),
        p_value(p),
        p is not None and p < 0.05,
    )
