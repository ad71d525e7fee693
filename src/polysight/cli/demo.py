"""polysight demo: demonstration data, trained on and measured, in about a minute."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polysight.cli.options import Device, Json, Quiet, Verbose
from polysight.cli.settings import gathered
from polysight.cli.summary import summary
from polysight.cli.talk import Talk
from polysight.cli.train import RUNS, run


def demo(  # noqa: PLR0913 - the contract's options
    name: Annotated[str | None, typer.Argument(help="Which demonstration [digits].")] = None,
    out: Annotated[
        str | None, typer.Option("--out", help="The run folder [runs/NAME, without NAME runs/demo].")
    ] = None,
    preset: Annotated[str, typer.Option("--preset", help="quick, good or best.")] = "quick",
    seed: Annotated[int, typer.Option("--seed", help="The seed of data and training.")] = 0,
    rows: Annotated[int, typer.Option("--rows", min=100, max=1797, help="How many samples to make.")] = 1200,
    device: Device = None,
    list_: Annotated[bool, typer.Option("--list", help="List the demonstrations and leave.")] = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Train on demonstration data and write a report."""
    talk = Talk(json=json, quiet=quiet, verbose=verbose)
    if list_:
        _list(talk)
        return
    from polysight.data.demonstration import DEMONSTRATIONS
    from polysight.runs.folder import opened

    build = DEMONSTRATIONS.load(name or "digits")
    folder = Path(out) if out else RUNS / (name or "demo")
    # A setting that does not fit must be told before anything is made.
    given: dict[str, object] = {"table": str(folder / "data" / "train.csv"), "test": str(folder / "data" / "test.csv")}
    given |= {"target": "label", "group": "voice", "preset": preset, "device": device}
    settings = gathered(None, {**given, "seed": seed})
    with opened(folder, resume=True):
        talk.say(f"making the data in {folder / 'data'}; the speech is synthetic, nobody was recorded")
        build(folder / "data", seed=seed, rows=rows)
    metrics = run(settings, folder, talk)
    following = f"polysight predict {folder} {folder / 'data' / 'test.csv'} -o predictions.csv"
    note = "the speech is synthetic: these numbers say nothing about human voices"
    talk.result(
        {"run": str(folder), "note": note, "next": following, **metrics},
        f"{note}\n{summary(metrics, folder)}\nnext               {following}",
    )


def _list(talk: Talk) -> None:
    from polysight.cli.catalogue import first_line
    from polysight.data.demonstration import DEMONSTRATIONS

    items = [{"name": name, "summary": first_line(DEMONSTRATIONS.load(name))} for name in sorted(DEMONSTRATIONS)]
    talk.result({"items": items}, "\n".join(f"{item['name']}  {item['summary']}" for item in items))
