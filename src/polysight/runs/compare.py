"""Compare: from a configuration to a folder with a ranked comparison of methods."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polysight.comparison.harness import ADDITIVE_ROWS, Harness
from polysight.comparison.method import Method, Spec, check_methods, grid
from polysight.comparison.ranking import Ranking, rank
from polysight.comparison.split import Split
from polysight.core.errors import ConfigError, MissingColumnError
from polysight.core.events import emit, listen
from polysight.core.files import write_json
from polysight.data.samples import Samples
from polysight.data.splits import holdout
from polysight.learners.base import classes_in
from polysight.learners.table_model import Truth
from polysight.modalities.base import Modality
from polysight.modalities.inputs import Task, read_samples
from polysight.report.comparison import write_comparison
from polysight.runs.config import RunConfig, write_yaml
from polysight.runs.environment import environment
from polysight.runs.folder import check_free, opened
from polysight.runs.judged import Judged
from polysight.runs.kinds import check_classes
from polysight.runs.splits import group_names, tell_shared_groups
from polysight.runs.tables import write_set_aside
from polysight.runs.understand import description, load, specs_of, understand

#: The file settings are left in: not ``config.yaml``, which says that ``train`` can go on there.
SETTINGS = "compare.yaml"
#: What is compared where nothing is said.
FUSIONS, OBJECTIVES, BALANCES = ("concat", "gated", "transformer", "mean_logits"), ("cross_entropy",), ("none",)


@dataclass(frozen=True)
class Contest:
    """What is compared, beyond the settings of a run.

    Attributes:
        fusions: Specs of fusions; empty takes the learner's own, else ``FUSIONS``.
        objectives: Specs of objectives; empty takes the learner's own, else ``OBJECTIVES``.
        balances: Specs of balances; empty takes the learner's own, else ``BALANCES``.
        seeds: How many trainings of each, with seeds from the run's on.
        additive_rows: Test rows of the additive projection, at most.
    """

    fusions: Sequence[Spec] = ()
    objectives: Sequence[Spec] = ()
    balances: Sequence[Spec] = ()
    seeds: int = 3
    additive_rows: int = ADDITIVE_ROWS

    def methods(self, learner: Mapping[str, Any]) -> list[Method]:
        """Every combination; what is not named here is taken from the settings of the learner."""

        def chosen(named: Sequence[Spec], own: str, usual: Sequence[Spec]) -> Sequence[Spec]:
            return named or ((learner[own],) if own in learner else usual)

        return grid(
            chosen(self.fusions, "fusion", FUSIONS),
            chosen(self.objectives, "objective", OBJECTIVES),
            chosen(self.balances, "balance", BALANCES),
        )

    def command(self) -> str:
        """How it is asked for on the command line."""
        options = {"--fusion": self.fusions, "--objective": self.objectives, "--balance": self.balances}
        named = [f"{option} {shlex.quote(','.join(map(str, specs)))}" for option, specs in options.items() if specs]
        return " ".join(["compare", *named, f"--seeds {self.seeds}", f"--additive-rows {self.additive_rows}"])


def compare(
    config: RunConfig, contest: Contest, out: Path, *, resume: bool = False, lang: str = "en"
) -> dict[str, Any]:
    """Train every method with every seed on the same rows, judge them on others, and leave a folder.

    The folder keeps every finished trial: a comparison that is resumed makes only those that are missing, whether
    it was cut off or asks for more methods or seeds than before.

    Args:
        config: The settings of the table and, under ``learner``, what all methods share.
        contest: What is compared.
        out: The folder.
        resume: Use what is kept there.
        lang: The language of the page.

    Returns:
        The content of ``comparison.json``.

    Raises:
        PolysightError: The table, the settings or the disk do not permit it.
    """
    check_free(out)
    common = _common(config)
    methods = contest.methods(config.learner or {})
    frame = load(config.table, config.root)
    test = None if config.test is None else load(config.test, config.root)
    task = understand(config, frame)
    check_classes(task, where="compare", fix="name one target that holds classes")
    check_methods(methods, common, task.samples.names, len(task.classes))
    split = _split(config, task, test)
    with opened(out, resume=resume) as folder, folder.recorded() as log, listen(log):
        emit("run_started", folder=str(out), resumed=resume)
        if test is not None:
            tell_shared_groups(group_names(frame, config.group), group_names(test, config.group), config.group)
        complete = replace(config, inputs=specs_of(task.inputs))
        write_yaml(complete, folder / SETTINGS, command=contest.command())
        write_json(folder / "environment.json", environment())
        write_json(folder / "data.json", description(config, frame, task))
        write_set_aside(folder / "set_aside.csv", task.set_aside)
        seeds = range(config.seed, config.seed + contest.seeds)
        harness = Harness(split, methods, common, seeds, folder / "checkpoints", contest.additive_rows)
        ranking = rank(harness.run(), harness.baselines, split, seed=config.seed)
        found = _as_data(config, contest, split, ranking, seeds) | {"failed": harness.failed}
        write_json(folder / "comparison.json", found)
        emit("run_finished", folder=str(out))
        write_comparison(folder.path, lang=lang)
    return found


def latest(table: Path, parent: Path) -> Path:
    """The newest comparison on a table.

    Raises:
        ConfigError: There is none.
    """
    found = sorted(path for path in parent.glob(f"*-{table.stem}-compare*") if (path / SETTINGS).exists())
    if not found:
        raise ConfigError(
            f"there is no comparison on {table.name} in {parent}",
            where="--resume",
            fix="name its folder with --out, or leave out --resume to start anew",
        )
    return found[-1]


def _common(config: RunConfig) -> dict[str, Any]:
    """The options of the learner that all methods share.

    Raises:
        ConfigError: Another learner than a network is asked for.
    """
    learner = dict(config.learner or {})
    kind = learner.pop("kind", "neural")
    if kind != "neural":
        raise ConfigError(f"compares networks, not {kind!r}", where="learner.kind", fix="leave learner.kind out")
    own = {name: value for name, value in learner.items() if name not in ("fusion", "objective", "balance")}
    return {"device": config.device, **own}


def _split(config: RunConfig, task: Task, test: pd.DataFrame | None) -> Split:
    """The rows to learn from and those to judge on: another table, or a fifth of this one, whole groups."""
    if test is None:
        train, held = holdout(task.codes, task.groups, seed=config.seed)
        emit("held_out", train=len(train), holdout=len(held), grouped=task.groups is not None)
        judged = Judged.of_task(task, held)
        return Split(task.take(train), judged.samples, judged.codes, judged.groups)
    target = config.targets[0]
    if target not in test.columns:
        raise MissingColumnError(target, test.columns, where=str(config.test))
    judged = Judged.of_table(_Reader(task.inputs, task.classes, config.group), test, target)
    return Split(task, judged.samples, judged.codes, judged.groups)


@dataclass(frozen=True, eq=False)
class _Reader:
    """What reading a test table needs of a model, before there is one."""

    inputs: Mapping[str, Modality]
    classes_: NDArray[Any]
    group: str | None

    def read(self, frame: pd.DataFrame) -> Samples:
        return read_samples(self.inputs, frame)

    def truth_in(self, frame: pd.DataFrame, target: str) -> Truth:
        return classes_in(frame, target, self.classes_)


def _as_data(
    config: RunConfig, contest: Contest, split: Split, ranking: Ranking, seeds: Sequence[int]
) -> dict[str, Any]:
    lines = [standing.to_json() for standing in ranking.standings]
    sampled = min(contest.additive_rows, len(split.codes)) if len(split.names) > 1 else 0
    return {
        "target": config.target,
        "evaluated_on": "holdout" if config.test is None else "test",
        "rows": {
            "train": len(split.train.codes),
            "test": len(split.codes),
            "groups": None if split.groups is None else len(np.unique(split.groups)),
            "additive": sampled,
        },
        "inputs": list(split.names),
        "classes": len(split.train.classes),
        "seeds": list(seeds),
        "best": ranking.best,
        "best_baseline": ranking.best_baseline,
        "ranking": lines,
        "seconds": {"fit": round(sum(line["seconds"] for line in lines) * len(seeds), 3)},
    }
