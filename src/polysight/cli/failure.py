"""What a failed command says: what happened, where, how to fix it - and the exit code."""

from __future__ import annotations

import json as json_format
import os
import sys
import traceback

import typer

#: The exit code after Ctrl-C; also what typer makes of one that no verb handles.
INTERRUPTED = 130

#: What typer raises for a wrong command line; its own name for it differs between versions.
USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]


class Interrupted(Exception):  # noqa: N818 - what happened is no error
    """Ctrl-C, told by a verb that knows what is kept and how to go on.

    Args:
        what: What is kept.
        where: The folder it is in.
        fix: How to go on.
    """

    def __init__(self, what: str = "interrupted", *, where: str = "", fix: str = "") -> None:
        self.facts = {"code": "interrupted", "what": what, "where": where, "fix": fix}
        super().__init__(what)


def report_failure(error: Exception, *, json: bool, verbose: bool) -> int:
    """Say what went wrong on stderr (and with ``json`` as an object on stdout) and return the exit code."""
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has left (``| head``); what is still buffered goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if isinstance(error, Interrupted):
        return _told(error.facts, INTERRUPTED, json=json)
    if isinstance(error, USAGE_ERROR):
        message, context = error.format_message(), error.ctx  # type: ignore[attr-defined]
        help_ = f"{context.command_path if context else 'polysight'} --help"
        return _told({"code": "usage", "what": message, "where": "", "fix": help_}, 2, json=json)
    # Imported here because it brings scikit-learn, which no successful ``--help`` needs.
    from polysight.core.errors import PolysightError, exit_code

    code = exit_code(error)
    if isinstance(error, PolysightError):
        facts = {"code": error.code, "what": error.what, "where": error.where, "fix": error.fix}
    elif code == 1:
        what = f"this is a bug: {type(error).__name__}: {error}"
        fix = "report it with the traceback above" if verbose else "run again with -v and report the traceback"
        facts = {"code": "bug", "what": what, "where": "", "fix": fix}
    else:
        facts = {"code": type(error).__name__, "what": str(error), "where": "", "fix": ""}
    if verbose:
        traceback.print_exception(error)
    return _told(facts, code, json=json)


def _told(facts: dict[str, str], code: int, *, json: bool) -> int:
    place = f"{facts['where']}: " if facts["where"] else ""
    typer.echo(f"error: {place}{facts['what']}", err=True)
    if facts["fix"]:
        typer.echo(f"  fix: {facts['fix']}", err=True)
    if json:
        typer.echo(json_format.dumps({"error": {**facts, "exit_code": code}}, ensure_ascii=False, indent=2))
    return code
