"""Reasons: why a plan is as it is, in sentences a person can read and argue with."""

from __future__ import annotations

from collections.abc import Iterator

from polysight.advice.facts import Facts
from polysight.advice.imbalance import recommended
from polysight.advice.plan import Plan
from polysight.core.duration import readable

#: Up to how many rows a rule holds, and the rule.
BY_SIZE = (
    (
        300,
        "classical learners on features of each input, judged over many folds; answers are multiplied, because "
        "with so few rows learning how to weigh them costs more than it gains",
    ),
    (
        2_000,
        "classical learners on two or three feature sets of each input are hard to beat here; small augmented "
        "networks see what features miss",
    ),
    (
        100_000,
        "networks trained on the data itself come level with features; both are tried and weighed out of fold",
    ),
    (float("inf"), "networks have enough to learn from; classical learners are tried where they are fast enough"),
)
#: The largest class over the smallest beyond which classes are called imbalanced.
IMBALANCED = 10


def reasons(facts: Facts, plan: Plan) -> list[str]:
    """One sentence a decision: data size, inputs, groups, machine, time, memory."""
    return [*_data(facts), *_machine(facts, plan), *_time(facts, plan)]


def _data(facts: Facts) -> Iterator[str]:
    rule = next(rule for most, rule in BY_SIZE if facts.rows < most)
    yield f"{facts.rows:,} rows, {facts.classes} classes, {facts.rarest} rows in the rarest: {rule}."
    for name, modality in facts.inputs.items():
        there = facts.present[name]
        gaps = "" if there == 1 else f", there in {there:.0%} of the rows; the others are answered without it"
        columns = len(modality.columns)
        yield f"{name}: {modality.kind}, {columns} column{'s' if columns > 1 else ''}{gaps}."
    if facts.rarest < 15:
        yield (
            f"The rarest class has {facts.rarest} rows: stacking needs 15 and is not tried, and what is said of that "
            "class rests on very few rows."
        )
    if facts.commonest > IMBALANCED * facts.rarest:
        yield (
            f"The classes are imbalanced ({facts.commonest} rows to {facts.rarest}): read recall by class and the "
            "macro averages, not accuracy."
        )
    yield recommended(facts).reason
    if facts.groups is None:
        yield "No group column: rows of one patient, speaker or product must not be told apart by luck; see --group."
    else:
        yield f"{facts.groups:,} groups stay whole in every fold."


def _machine(facts: Facts, plan: Plan) -> Iterator[str]:
    cores = f"{facts.cores} core{'s' if facts.cores > 1 else ''}"
    if facts.accelerator == "cpu":
        yield f"{cores}, no accelerator: networks are small and trained from scratch."
    else:
        yield f"{cores} and {facts.accelerator}: networks are cheap here."
    needed = f"About {plan.memory / 1000:.1f} GB of memory at the worst moment"
    if facts.memory is None:
        yield f"{needed}."
    elif plan.memory > facts.memory:
        yield f"{needed}, and only {facts.memory / 1000:.1f} GB are free: take fewer rows or smaller images."
    else:
        yield f"{needed}, {facts.memory / 1000:.1f} GB are free."


def _time(facts: Facts, plan: Plan) -> Iterator[str]:
    models = plan.folds * max(member.repeats for member in plan.members)
    yield (
        f"About {readable(plan.seconds)} of {readable(plan.limit)}: {readable(plan.preparing)} for features (less where"
        f" the cache has them), then {len(plan.fitted)} learners, up to {models} models each."
    )
    late = [member.name for member in plan.members if member.left_out.startswith("skipped")]
    if late:
        yield f"Left out for time: {', '.join(late)}. A longer --time-limit takes them in."
