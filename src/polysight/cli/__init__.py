"""The command line: one file a verb. Verbs parse, call and print.

Nothing heavy is imported until a verb runs, so that ``--help`` answers at once: verbs import what they need
inside their function, which is done nowhere else.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from polysight import __version__
from polysight.cli import advise, check, compare, demo, doctor, evaluate, explain, info, init, predict, report, train
from polysight.cli.failure import INTERRUPTED, Interrupted, report_failure

app = typer.Typer(
    help="Multimodal image classification you can defend: one table in, a classifier and a report out.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(demo.demo)
app.command()(init.init)
app.command()(check.check)
app.command()(advise.advise)
app.command()(train.train)
app.command()(compare.compare)
app.command()(evaluate.evaluate)
app.command()(predict.predict)
app.command()(explain.explain)
app.command()(report.report)
app.command()(info.info)
app.command()(doctor.doctor)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"polysight {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Multimodal image classification you can defend: one table in, a classifier and a report out."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code; see ``polysight.core.errors.OUTSIDE``."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _say_warning
            # Outside standalone mode a verb that ends by itself gives None, and ``typer.Exit`` its code.
            code = app(given or ["--help"], prog_name="polysight", standalone_mode=False) or 0
            if code == INTERRUPTED:
                raise Interrupted
            return code
    except Exception as error:
        return report_failure(error, json="--json" in given, verbose=bool({"-v", "--verbose"} & set(given)))


def _say_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    typer.echo(f"warning: {message}", err=True)
