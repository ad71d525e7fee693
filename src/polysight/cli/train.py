"""polysight train: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from polysight.cli.failure import Interrupted
from polysight.cli.options import (
    Config,
    Device,
    Group,
    Ignore,
    Imbalance,
    Json,
    Preset,
    Quiet,
    Root,
    Seed,
    Set,
    Table,
    Target,
    Task,
    Test,
    TimeLimit,
    Verbose,
)
from polysight.cli.progress import shown
from polysight.cli.settings import gathered
from polysight.cli.summary import summary
from polysight.cli.talk import Talk

if TYPE_CHECKING:
    from polysight.runs.config import RunConfig

#: Where runs without ``--out`` go.
RUNS = Path("runs")


def train(  # noqa: PLR0913 - the contract's options
    table: Table = None,
    target: Target = None,
    test: Test = None,
    group: Group = None,
    ignore: Ignore = None,
    root: Root = None,
    config: Config = None,
    task: Task = None,
    preset: Preset = None,
    time_limit: TimeLimit = None,
    imbalance: Imbalance = None,
    set_: Set = None,
    seed: Seed = None,
    device: Device = None,
    out: Annotated[str | None, typer.Option("--out", help="The run folder [runs/<time>-<table>].")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run.")] = False,
    refit: Annotated[bool, typer.Option("--refit", help="After measuring, fit once more on all rows.")] = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Train, measure and report: the main job.

    The classifier is measured on rows it has not seen; everything is left in a run folder.
    """
    from polysight.runs.folder import last_unfinished, named_by_time

    given = {
        "table": table,
        "target": target,
        "test": test,
        "group": group,
        "ignore": ignore,
        "root": root,
        "task": task,
        "preset": preset,
        "time_limit": time_limit,
        "imbalance": imbalance,
        "seed": seed,
        "device": device,
        "refit": refit or None,
    }
    settings = gathered(config, given, set_)
    talk = Talk(json=json, quiet=quiet, verbose=verbose)
    name = Path(settings.table)
    folder = Path(out) if out else (last_unfinished if resume else named_by_time)(name, RUNS)
    metrics = run(settings, folder, talk, resume=resume)
    talk.result({"run": str(folder), **metrics}, summary(metrics, folder))


def run(settings: RunConfig, folder: Path, talk: Talk, *, resume: bool = False) -> dict[str, Any]:
    """Train with progress shown; Ctrl-C keeps what is finished and says how to go on."""
    from polysight.runs.train import train as run_training

    try:
        with shown(talk):
            return run_training(settings, folder, resume=resume)
    except KeyboardInterrupt:
        config = folder / "config.yaml"
        if not config.exists():
            raise Interrupted("interrupted before anything was written") from None
        fix = f"continue with --resume: polysight train --config {config} --out {folder} --resume"
        raise Interrupted("interrupted; what is finished is kept", where=str(folder), fix=fix) from None
