"""polysight advise: which models suit a table, why, and what they will cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from polysight.cli.options import (
    Config,
    Device,
    Group,
    Ignore,
    Json,
    Preset,
    Quiet,
    Root,
    Seed,
    Table,
    Target,
    Task,
    Test,
    TimeLimit,
    Verbose,
)
from polysight.cli.settings import gathered
from polysight.cli.talk import Talk

if TYPE_CHECKING:
    from polysight.advice.candidates import PlannedMember
    from polysight.advice.plan import Plan
    from polysight.report.words import Words

Language = Annotated[str, typer.Option("--lang", help="en or zh: the language of what is printed.")]


def advise(  # noqa: PLR0913 - the contract's options
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
    seed: Seed = None,
    device: Device = None,
    lang: Language = "en",
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Say which models train would fit, why, and what they will cost.

    From rows, classes, kinds of input, cores, memory and the time limit; nothing is trained.
    """
    from polysight.advice.imbalance import recommended
    from polysight.advice.reasons import reasons
    from polysight.report.words import words
    from polysight.runs.advise import advised

    given = {"table": table, "target": target, "test": test, "group": group, "ignore": ignore, "root": root}
    more = {"task": task, "preset": preset, "time_limit": time_limit, "seed": seed, "device": device}
    settings = gathered(config, {**given, **more})
    talk, spoken = Talk(json=json, quiet=quiet, verbose=verbose), words(lang)
    facts, plans = advised(settings)
    chosen = plans[settings.preset]
    why = reasons(facts, chosen)
    lines = [*(_line(member, spoken) for member in chosen.members), "", *(spoken.reason(reason) for reason in why)]
    lines += [_preset(plan, spoken) for plan in plans.values() if plan is not chosen]
    remedy = recommended(facts)
    data = {**_as_data(why, chosen, plans), "imbalance": {"remedy": remedy.remedy, "reason": remedy.reason}}
    talk.result(data, "\n".join(lines))


def _line(member: PlannedMember, spoken: Words) -> str:
    time = "-" if member.left_out else f"{member.seconds:.0f} s"
    return f"{time:>7s}  {member.name}: {spoken.reason(member.left_out or member.reason)}"


def _preset(plan: Plan, spoken: Words) -> str:
    from polysight.core.duration import readable

    learners = f"{len(plan.fitted)} of {len(plan.members)} learners"
    return spoken.reason(f"--preset {plan.preset}: about {readable(plan.seconds)} for {learners}.")


def _as_data(why: list[str], plan: Plan, plans: Mapping[str, Plan]) -> dict[str, Any]:
    members = [
        {
            "member": member.name,
            "inputs": list(member.inputs),
            "fitted": not member.left_out,
            "seconds": round(member.seconds, 1),
            "memory_mb": round(member.memory),
            "reason": member.left_out or member.reason,
        }
        for member in plan.members
    ]
    others = {name: {"seconds": round(p.seconds, 1), "learners": len(p.fitted)} for name, p in plans.items()}
    return {
        "plan": members,
        "reasons": why,
        "preset": plan.preset,
        "time_limit": plan.limit,
        "seconds": round(plan.seconds, 1),
        "memory_mb": round(plan.memory),
        "presets": others,
    }
