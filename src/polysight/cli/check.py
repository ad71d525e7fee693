"""polysight check: what is wrong with a table, before anything is learned from it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from polysight.cli.options import (
    Config,
    Group,
    Ignore,
    Json,
    Language,
    Quiet,
    Root,
    Seed,
    Table,
    Target,
    Task,
    Test,
    Verbose,
)
from polysight.cli.progress import shown
from polysight.cli.settings import gathered
from polysight.cli.talk import Talk

#: The exit code of a table that is worse than asked for: bad data.
BAD_DATA = 65
#: Rows and columns of a finding that are printed; ``--json`` has more.
_SHOWN = 8


def check(  # noqa: PLR0913 - the contract's options
    table: Table = None,
    target: Target = None,
    test: Test = None,
    group: Group = None,
    ignore: Ignore = None,
    root: Root = None,
    config: Config = None,
    task: Task = None,
    seed: Seed = None,
    fail_on: Annotated[str, typer.Option("--fail-on", help="warn or fail: exit code 65 from there on.")] = "fail",
    lang: Language = "en",
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Check a table: duplicates, leaks, wrong labels, personal data; rows, columns and what to do.

    Nothing is trained but one quick model that looks for wrong labels. Rows are counted from 0.
    """
    from polysight.core.errors import ConfigError, did_you_mean
    from polysight.health.sentences import SENTENCES, WORDS, sentence
    from polysight.runs.health import checked

    if fail_on not in ("warn", "fail"):
        fix = did_you_mean(fail_on, ("warn", "fail")) or "choose one of: warn, fail"
        raise ConfigError(f"there is no level {fail_on!r}", where="--fail-on", fix=fix)
    if lang not in SENTENCES:
        sentence(lang, "", {})  # says which languages there are
    given = {"table": table, "target": target, "test": test, "group": group, "ignore": ignore, "root": root}
    settings = gathered(config, {**given, "task": task, "seed": seed})
    talk = Talk(json=json, quiet=quiet, verbose=verbose)
    with shown(talk):
        health = checked(settings)
    data = health.to_json(lang)
    talk.result(data, "" if json else _as_text(data, WORDS[lang]))
    if health.at_least("warn" if fail_on == "warn" else "fail"):
        raise typer.Exit(BAD_DATA)


def _as_text(data: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """The findings as a table on a terminal, as plain lines elsewhere; the worst last, where the eye is."""
    order = ("pass", "warn", "fail")
    checks = sorted(data["checks"], key=lambda finding: order.index(finding["status"]))
    counts = ", ".join(f"{sum(f['status'] == s for f in checks)} {s}" for s in reversed(order))
    told = _drawn(checks, words) if sys.stdout.isatty() else "\n".join(_lines(finding, words) for finding in checks)
    return f"{told}\n{data['status']}: {counts}"


def _lines(finding: Mapping[str, Any], words: Mapping[str, str]) -> str:
    first = f"{finding['status']:4s}  {finding['name']}: {finding['message']}"
    return "\n".join([first, *(f"      {line}" for line in _below(finding, words))])


def _below(finding: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    """What to do, and where: nothing of what passes."""
    if finding["status"] == "pass":
        return []
    rows, columns = [str(row) for row in finding["rows"]], finding["columns"]
    said = {"fix": finding["fix"], "columns": _some(columns), "rows": _some(rows)}
    return [f"{words[name]}: {text}" for name, text in said.items() if text]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")


def _drawn(checks: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> str:
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(show_header=False, box=None, padding=(0, 2, 0, 0))
    for _ in range(3):
        grid.add_column(overflow="fold")
    colours = {"pass": "green", "warn": "yellow", "fail": "bold red"}
    for finding in checks:
        said = Text(finding["message"])
        for line in _below(finding, words):
            said.append(f"\n{line}", style="dim")
        grid.add_row(Text(finding["status"], style=colours[finding["status"]]), Text(finding["name"]), said)
    console = Console()
    with console.capture() as captured:
        console.print(grid)
    return captured.get().rstrip("\n")
