"""polysight report: rebuild the report and the figures of a run from its files."""

from __future__ import annotations

from typing import Annotated

import typer

from polysight.cli.options import Json, Quiet, Verbose
from polysight.cli.progress import shown
from polysight.cli.talk import Talk


def report(
    runs: Annotated[list[str], typer.Argument(help="Run folders.")],
    lang: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Rebuild the report and the figures of a run from its files."""
    from polysight.report.build import write_report
    from polysight.report.figures import write_figures

    talk = Talk(json=json, quiet=quiet, verbose=verbose)
    with shown(talk):
        reports = [str(write_report(run, lang=lang)) for run in runs]
        figures = [str(path) for run in runs for path in write_figures(run, lang=lang)]
    talk.result({"reports": reports, "figures": figures}, "\n".join([*reports, *figures]))
