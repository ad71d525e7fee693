"""Advise: from a configuration to what training would do, without training."""

from __future__ import annotations

from polysight.advice.facts import Facts
from polysight.advice.plan import Plan, plan
from polysight.advice.presets import PRESETS
from polysight.core.duration import seconds_of
from polysight.data.splits import holdout
from polysight.runs.config import RunConfig
from polysight.runs.kinds import check_classes
from polysight.runs.measure import FEW_ROWS
from polysight.runs.understand import load, understand
from polysight.training.device import choose_device


def advised(config: RunConfig) -> tuple[Facts, dict[str, Plan]]:
    """The facts of the rows that ``polysight train`` would fit on, and the plan of each preset.

    The time limit of the configuration counts for its preset, the others keep their own.

    Raises:
        PolysightError: The table or the settings do not permit training.
    """
    task = understand(config, load(config.table, config.root))
    if config.test is None and len(task.rows) >= FEW_ROWS:
        task = task.take(holdout(task.codes, task.groups, seed=config.seed)[0])
    check_classes(task, where="advise", fix="polysight train tells what it tries and what became of it")
    facts = Facts.of(
        task.samples,
        task.codes,
        task.groups,
        inputs=task.inputs,
        classes=len(task.classes),
        accelerator=choose_device(config.device).type,
    )
    limit = None if config.time_limit is None else seconds_of(config.time_limit)
    limits = {name: limit if name == config.preset else None for name in PRESETS}
    plans = {n: plan(facts, n, limit=limits[n], device=config.device, seed=config.seed) for n in PRESETS}
    return facts, plans
