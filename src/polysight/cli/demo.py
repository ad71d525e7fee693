"""polysight demo: demonstration data, trained on and measured, in a minute or a few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from polysight.cli.options import Device, Json, Quiet, Verbose
from polysight.cli.settings import gathered
from polysight.cli.summary import summary
from polysight.cli.talk import Talk
from polysight.cli.train import RUNS, run

if TYPE_CHECKING:
    from polysight.data.demonstration.base import Demonstration, Oracle
    from polysight.runs.config import RunConfig


def demo(  # noqa: PLR0913 - the contract's options
    name: Annotated[str | None, typer.Argument(help="Which demonstration [digits].")] = None,
    out: Annotated[
        str | None, typer.Option("--out", help="The run folder [runs/NAME, without NAME runs/demo].")
    ] = None,
    preset: Annotated[str, typer.Option("--preset", help="quick, good or best.")] = "quick",
    seed: Annotated[int, typer.Option("--seed", help="The seed of data and training.")] = 0,
    rows: Annotated[
        int | None, typer.Option("--rows", min=100, max=1797, help="How many samples to make [as the demonstration].")
    ] = None,
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

    shown = DEMONSTRATIONS.load(name or "digits")()
    folder = Path(out) if out else RUNS / (name or "demo")
    # A setting that does not fit must be told before anything is made.
    given: dict[str, object] = {"table": str(folder / "data" / "train.csv"), "test": str(folder / "data" / "test.csv")}
    given |= {"target": "label", "group": shown.group, "ignore": list(shown.ignore)}
    given |= {"preset": preset, "device": device}
    settings = gathered(None, {**given, "seed": seed})
    with opened(folder, resume=True):
        talk.say(f"making the data in {folder / 'data'}; {shown.note}")
        shown.build(folder / "data", seed=seed, rows=shown.rows if rows is None else rows)
    beside = _beside(shown, settings, talk)
    metrics = run(settings, folder, talk)
    compared = [*beside, _preset_reached(preset, metrics)] if beside else []
    facts, lines = _oracle(shown.oracle(), metrics)
    own = _own(shown, folder, device)
    page = _explained(folder, device)
    following = f"polysight predict {folder} {folder / 'data' / 'test.csv'} -o predictions.csv"
    lines = [f"{_table(compared)}{shown.note}", summary(metrics, folder), *lines]
    lines += [f"{name.replace('_', ' '):<18} {value:.2f}" for name, value in own.items()]
    lines += [f"one row explained  {page}", f"next               {following}"]
    told = {"run": str(folder), "note": shown.note, "next": following, "learners": compared, **facts, "own": own}
    told["explanation"] = page
    talk.result({**told, **metrics}, "\n".join(lines))


def _explained(folder: Path, device: str | None) -> str:
    """Explain the first row that was not learned from; the page's path."""
    from polysight.runs.explain import explain, write_explanation

    return str(write_explanation(folder, explain(folder, folder / "data" / "test.csv", 0, device=device)))


def _oracle(oracle: Oracle | None, metrics: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The best possible accuracy beside the one reached, where it is known: as facts and as lines."""
    if oracle is None:
        return {}, []
    reached = metrics["metrics"]["accuracy"]["value"] / oracle.accuracy
    return {"oracle": {**asdict(oracle), "reached": reached}}, [
        f"oracle             {oracle.accuracy:.3f}, the best possible here; {100 * reached:.1f} % of it is reached",
        f"oracle, one input  {oracle.single:.3f}: {oracle.view}",
    ]


def _own(shown: Demonstration, folder: Path, device: str | None) -> dict[str, float]:
    """What this demonstration in particular is about."""
    from polysight.runs.model import milliseconds_per_decision

    test = folder / "data" / "test.csv"
    own = dict(shown.told(test, folder / "predictions.csv"))
    if shown.live:
        own["milliseconds_per_decision"] = milliseconds_per_decision(folder, test, device=device)
    return own


def _beside(shown: Demonstration, settings: RunConfig, talk: Talk) -> list[dict[str, Any]]:
    """What the learners reach that a demonstration shows beside the preset; each epoch is told at once."""
    from polysight.core.events import listen
    from polysight.runs.beside import trained_beside

    def tell(event: str, facts: Mapping[str, Any]) -> None:
        if event == "epoch":
            # What a demonstration is for goes to stdout, unless one object is to stand there alone.
            line = f"Epoch {facts['epoch']}/{facts['epochs']}, Loss {facts['loss']:.4f}"
            talk.say(line) if talk.json else typer.echo(line)

    reached = []
    for name, learner in shown.beside.items():
        talk.say(f"{name}: {settings.table}")
        with listen(tell):
            one = trained_beside(replace(settings, inputs=dict(shown.inputs), learner=dict(learner)), name)
        reached.append(one.to_json())
    return reached


def _preset_reached(preset: str, metrics: Mapping[str, Any]) -> dict[str, Any]:
    """What the preset reached, in the form of the learners beside it."""
    loss, accuracy = (metrics["metrics"][name]["value"] for name in ("log_loss", "accuracy"))
    return {"name": preset, "loss": loss, "accuracy": accuracy, "seconds": metrics["seconds"]["fit"], "epochs": []}


def _table(compared: list[dict[str, Any]]) -> str:
    """Test loss and accuracy, a line a learner; nothing for none."""
    rows = [
        f"{one['name']:<20} test loss {one['loss']:.4f}, test accuracy {one['accuracy']:.3f}, {one['seconds']:.0f} s"
        for one in compared
    ]
    return "".join(f"{row}\n" for row in rows)


def _list(talk: Talk) -> None:
    from polysight.cli.catalogue import first_line
    from polysight.data.demonstration import DEMONSTRATIONS

    items = [{"name": name, "summary": first_line(DEMONSTRATIONS.load(name))} for name in sorted(DEMONSTRATIONS)]
    talk.result({"items": items}, "\n".join(f"{item['name']}  {item['summary']}" for item in items))
