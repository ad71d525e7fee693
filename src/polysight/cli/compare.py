"""polysight compare: several ways to fuse and train, on the same rows and encoders, ranked with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from polysight.cli.columns import aligned
from polysight.cli.failure import Interrupted
from polysight.cli.options import (
    Config,
    Device,
    Group,
    Ignore,
    Json,
    Language,
    Quiet,
    Root,
    Seed,
    Set,
    Table,
    Target,
    Task,
    Test,
    Verbose,
)
from polysight.cli.progress import shown
from polysight.cli.settings import gathered
from polysight.cli.talk import Talk
from polysight.cli.train import RUNS

if TYPE_CHECKING:
    from polysight.report.words import Words
    from polysight.runs.compare import Contest
    from polysight.runs.config import RunConfig


def compare(  # noqa: PLR0913 - the contract's options
    table: Table = None,
    target: Target = None,
    fusion: Annotated[
        str | None, typer.Option("--fusion", help="Fusions with commas between, or all [a choice of four].")
    ] = None,
    objective: Annotated[
        str | None, typer.Option("--objective", help="Objectives with commas between, or all [cross_entropy].")
    ] = None,
    balance: Annotated[
        str | None, typer.Option("--balance", help="Balances with commas between, or all [none].")
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Trainings of each, with seeds from --seed on.")] = 3,
    test: Test = None,
    group: Group = None,
    ignore: Ignore = None,
    root: Root = None,
    config: Config = None,
    task: Task = None,
    set_: Set = None,
    seed: Seed = None,
    device: Device = None,
    additive_rows: Annotated[
        int, typer.Option("--additive-rows", min=2, help="Test rows of the additive projection, at most.")
    ] = 200,
    out: Annotated[str | None, typer.Option("--out", help="The folder [runs/<time>-<table>-compare].")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Use what was finished before, and go on.")] = False,
    lang: Language = "en",
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Compare fusions, objectives and balances on a table.

    All are trained on the same rows with the same encoders and judged on rows nobody has seen, beside each input
    alone and their ensemble. Options of the network all share: --set learner.epochs=20.
    """
    from polysight.fusion import FUSIONS
    from polysight.objectives import BALANCES, OBJECTIVES
    from polysight.report.words import words
    from polysight.runs.compare import Contest, latest
    from polysight.runs.folder import named_by_time

    given = {"table": table, "target": target, "test": test, "group": group, "ignore": ignore, "root": root}
    settings = gathered(config, {**given, "task": task, "seed": seed, "device": device}, set_)
    contest = Contest(
        fusions=listed(fusion, FUSIONS),
        objectives=listed(objective, OBJECTIVES),
        balances=listed(balance, BALANCES),
        seeds=seeds,
        additive_rows=additive_rows,
    )
    spoken, talk, name = words(lang), Talk(json=json, quiet=quiet, verbose=verbose), Path(settings.table)
    if out is not None:
        folder = Path(out)
    else:
        folder = latest(name, RUNS) if resume else named_by_time(name.with_name(f"{name.stem}-compare"), RUNS)
    found = _run(settings, contest, folder, talk, resume=resume, lang=lang)
    talk.result({"run": str(folder), **found}, _text(found, folder, spoken))


def listed(text: str | None, registry: Mapping[str, str]) -> tuple[str, ...]:
    """The names between commas; ``all`` is every name there is."""
    if text is None:
        return ()
    if text.strip() == "all":
        return tuple(registry)
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _run(settings: RunConfig, contest: Contest, folder: Path, talk: Talk, *, resume: bool, lang: str) -> dict[str, Any]:
    from polysight.runs.compare import SETTINGS
    from polysight.runs.compare import compare as run_comparison

    try:
        with shown(talk, without=frozenset() if talk.verbose else frozenset({"epoch"})):
            return run_comparison(settings, contest, folder, resume=resume, lang=lang)
    except KeyboardInterrupt:
        place = folder / SETTINGS
        if not place.exists():
            raise Interrupted("interrupted before anything was written") from None
        fix = f"continue with --resume: polysight {contest.command()} --config {place} --out {folder} --resume"
        raise Interrupted("interrupted; finished trials are kept", where=str(folder), fix=fix) from None


def _text(found: Mapping[str, Any], folder: Path, w: Words) -> str:
    """The ranking, what happens when inputs are missing, and the sentences."""
    from polysight.report.comparison_content import condition, name_of, p_value, points, sentences

    def against(line: Mapping[str, Any], other: str) -> str:
        held = line[f"against_{other}"]
        return "" if held is None else f"{points(held['difference'])} p {p_value(held['p_holm'])}"

    columns = ("compare_method", "compare_accuracy", "compare_against_the_best", "compare_against_the_baseline")
    ranking = [["", *map(w, (*columns, "compare_parameters", "compare_seconds"))]]
    for place, line in enumerate(found["ranking"], start=1):
        spread = "" if line["spread"] is None else f" ± {100 * line['spread']:.1f}"
        accuracy = points(line["accuracy"], sign="") + spread
        numbers = [f"{line['parameters']:,}", f"{line['seconds']:.1f}"]
        ranking.append(
            [str(place), name_of(line, w), accuracy, against(line, "best"), against(line, "baseline"), *numbers]
        )
    asked = list(next(line for line in found["ranking"] if line["kind"] == "method")["conditions"])
    heat = [[w("compare_method"), *(condition(name, w) for name in asked), w("compare_projection")]]
    for line in found["ranking"]:
        projected = "" if line["additive"] is None else f"{100 * line['additive']['value']:.1f}"
        cells = [f"{100 * line['conditions'][name]['value']:.1f}" for name in asked]
        heat.append([name_of(line, w), *cells, projected])
    parts = [aligned(ranking), *([aligned(heat)] if asked else []), "\n".join(sentences(found, w))]
    if asked:
        parts.append(w("compare_read_interactions", rows=found["rows"]["additive"]))
    return "\n\n".join([*parts, str(folder / "report.html")])
