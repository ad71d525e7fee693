"""polysight report: rebuild the report of a run from its files."""

from __future__ import annotations

from typing import Annotated

import typer

from polysight.cli.options import Json, Quiet, Verbose
from polysight.cli.talk import Talk


def report(
    runs: Annotated[list[str], typer.Argument(help="Run folders.")],
    lang: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Rebuild the report of a run from its files."""
    from polysight.report.build import write_report

    written = [str(write_report(run, lang=lang)) for run in runs]
    Talk(json=json, quiet=quiet, verbose=verbose).result({"reports": written}, "\n".join(written))
