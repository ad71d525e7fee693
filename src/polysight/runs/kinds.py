"""Which learner a task calls for, by the kind of its targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polysight.core.errors import ConfigError
from polysight.learners import LEARNERS
from polysight.learners.target_learner import TargetLearner
from polysight.modalities.inputs import Task
from polysight.modalities.target_task import TargetTask

#: The ensemble for one target of each kind.
ENSEMBLES: Mapping[str, str] = {
    "classification": "multimodal",
    "multilabel": "multimodal_labels",
    "regression": "multimodal_regressor",
}
#: The ensemble for several targets.
SEVERAL = "multimodal_targets"

#: What stands in for a classifier where the target is no class.
COUNTERPARTS: Mapping[str, str] = {"features": "target_features", "neural": "target_network"}


def ensemble_for(task: Task) -> str:
    """The kind of ensemble in ``LEARNERS``."""
    kinds = kinds_of(task)
    return ENSEMBLES[kinds[0]] if len(kinds) == 1 else SEVERAL


def kinds_of(task: Task) -> list[str]:
    """The kind of each target."""
    if isinstance(task, TargetTask):
        return [target.kind for target in task.targets.targets]
    return ["classification"]


def check_classes(task: Task, *, where: str, fix: str) -> None:
    """Check that the task is to tell classes.

    Raises:
        ConfigError: It is another one.
    """
    if isinstance(task, TargetTask):
        told = ", ".join(kinds_of(task))
        raise ConfigError(f"is for classification only, and the task is {told}", where=where, fix=fix)


def takes_any_target(learner: Mapping[str, Any] | None) -> bool:
    """Whether a learner that was asked for takes targets of any kind, classes among them."""
    if learner is None:
        return False
    made = LEARNERS.load(learner["kind"])
    return isinstance(made, type) and issubclass(made, TargetLearner)


def suited(learner: Mapping[str, Any], task: Task) -> Mapping[str, Any]:
    """The spec of a learner, or of the one that stands in for it where the target is no class.

    Raises:
        ConfigError: It is a classifier, and nothing stands in for it.
    """
    if not isinstance(task, TargetTask) or takes_any_target(learner):
        return learner
    if learner["kind"] not in COUNTERPARTS:
        raise ConfigError(
            f"{learner['kind']} is a classifier, and the task is {', '.join(kinds_of(task))}",
            where="learner.kind",
            fix=f"take {' or '.join(COUNTERPARTS.values())}, or leave the learner out",
        )
    return {**learner, "kind": COUNTERPARTS[learner["kind"]]}
