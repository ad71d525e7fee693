"""polysight evaluate: a saved model on a labelled table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polysight.cli.options import Device, Json, Model, Quiet, Root, Verbose
from polysight.cli.progress import shown
from polysight.cli.summary import number, share, summary
from polysight.cli.talk import Talk


def evaluate(  # noqa: PLR0913 - the contract's options
    model: Model,
    table: Annotated[str, typer.Argument(help="A labelled table the model has not seen.")],
    target: Annotated[str | None, typer.Option("--target", help="The column with the truth [the model's].")] = None,
    root: Root = None,
    out: Annotated[str | None, typer.Option("--out", help="Where metrics.json and predictions.csv go.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="The seed of the intervals.")] = 0,
    device: Device = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Measure a model on a labelled table.

    Metrics with 95 % intervals, each input alone, each input missing.
    """
    from polysight.runs.model import evaluate as measure

    talk = Talk(json=json, quiet=quiet, verbose=verbose)
    folder = None if out is None else Path(out)
    with shown(talk):
        metrics = measure(Path(model), Path(table), target=target, root=root, out=folder, seed=seed, device=device)
    lines = [summary(metrics, None)]
    for name, part in metrics.get("targets", {"": metrics}).items():
        write, headline = (number, part["headline"]) if "task" in part else (share, "accuracy")
        lines += [f"{name}, {headline}:"] if name else []
        lines += [f"{told:<18} {write(estimate)}" for told, estimate in part["baselines"].items()]
        lines += [f"{told:<18} {write(estimates[headline])}" for told, estimates in part["missing"].items()]
    if folder is not None:
        lines.append(f"written            {folder}")
    talk.result(metrics, "\n".join(lines))
