"""polysight report: rebuild the report and the figures of a run from its files, or hold two runs against each other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polysight.cli.options import Json, Quiet, Verbose
from polysight.cli.progress import shown
from polysight.cli.talk import Talk


def report(
    runs: Annotated[list[str], typer.Argument(help="A run folder to rebuild its report, or two to compare them.")],
    out: Annotated[
        str | None, typer.Option("--out", help="Of two runs, the page [beside the first: A-against-B.html].")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Rebuild the report and the figures of a run, or compare two runs side by side.

    Two runs must have been judged on the same rows; differences come with intervals and tests row by row.
    """
    if len(runs) > 2:
        raise typer.BadParameter("give one run to rebuild its report, or two to compare them", param_hint="RUNS")
    if len(runs) == 1 and out is not None:
        raise typer.BadParameter("is for the page of two runs; a run's report stands in its folder", param_hint="--out")
    talk = Talk(json=json, quiet=quiet, verbose=verbose)
    if len(runs) == 2:
        _compared(runs[0], runs[1], out, lang, talk)
    else:
        _rebuilt(runs[0], lang, talk)


def _rebuilt(run: str, lang: str, talk: Talk) -> None:
    from polysight.report.build import write_report
    from polysight.report.figures import write_figures

    with shown(talk):
        report = str(write_report(run, lang=lang))
        figures = [str(path) for path in write_figures(run, lang=lang)]
    talk.result({"reports": [report], "figures": figures}, "\n".join([report, *figures]))


def _compared(run: str, other: str, out: str | None, lang: str, talk: Talk) -> None:
    from polysight.core.files import write_text
    from polysight.report.run_page import compared_page

    first, second = Path(run).resolve(), Path(other).resolve()
    place = Path(out) if out is not None else first.parent / f"{first.name}-against-{second.name}.html"
    with shown(talk):
        found, page = compared_page(first, second, lang=lang)
        write_text(place, page)
    talk.result({"report": str(place), **found}, str(place))
