"""polysight report: rebuild the report of a run from its files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polysight.cli.options import Json, Quiet, Verbose
from polysight.cli.talk import Talk


def report(
    runs: Annotated[list[str], typer.Argument(help="Run folders.")],
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Rebuild the report of a run from its files."""
    from polysight.core.errors import MissingFileError
    from polysight.report.build import write_report

    talk = Talk(json=json, quiet=quiet, verbose=verbose)
    folders = [Path(run) for run in runs]
    for folder in folders:
        if not (folder / "metrics.json").is_file():
            fix = "name a folder that polysight train has finished"
            raise MissingFileError("is not a finished run", where=str(folder), fix=fix)
    for folder in folders:
        write_report(folder)
    written = [str(folder / "report.html") for folder in folders]
    talk.result({"reports": written}, "\n".join(written))
