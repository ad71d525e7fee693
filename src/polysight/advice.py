"""What to fit, and why: the plan, drawn from data size, inputs, cores and constants - never from a measured speed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from polysight.core.errors import ConfigError, did_you_mean
from polysight.learners.base import Learner
from polysight.learners.effort import default_batch_size
from polysight.learners.features import FeatureClassifier
from polysight.learners.neural import NeuralClassifier
from polysight.modalities.base import Modality

#: Seconds a preset may take when no limit is given.
TIME_LIMITS = {"quick": 60.0, "good": 600.0, "best": 3600.0}
#: Folds of a preset.
FOLDS = {"quick": 4, "good": 5, "best": 5}


@dataclass(frozen=True)
class PlannedMember:
    """A learner to fit: its name, what it looks at, its expected cost for all folds, why it is there.

    ``repeats`` says how often it goes through the folds, divided differently each time; ``seconds`` counts them all.
    Once is what the plan asks for: two and three repeats made the log-loss on new rows .168 and .163 instead of .148
    on mfeat6 (100 rows, three draws), 1.0435 and 1.0438 instead of 1.0479 on avmnist images (300 rows, two draws).
    """

    name: str
    learner: Learner
    inputs: tuple[str, ...]
    seconds: float
    reason: str
    repeats: int = 1


@dataclass(frozen=True)
class Facts:
    """What the plan depends on."""

    rows: int
    classes: int
    rarest: int
    inputs: Mapping[str, Modality]
    cores: int


def plan(facts: Facts, preset: str, *, device: str = "auto", random_state: int = 0) -> list[PlannedMember]:
    """The members to fit, cheapest kind first, so that a short time limit still leaves every input with a member.

    Raises:
        ConfigError: No such preset.
    """
    if preset not in FOLDS:
        fix = did_you_mean(preset, FOLDS) or f"choose one of: {', '.join(FOLDS)}"
        raise ConfigError(f"there is no preset named {preset!r}", where="preset", fix=fix)
    members = [*_classical(facts, random_state), *_early(facts, random_state)]
    if preset != "quick":
        members += _neural(facts, preset, device, random_state)
    return members


def _classical(facts: Facts, seed: int) -> list[PlannedMember]:
    members = []
    for name, modality in facts.inputs.items():
        for choice in modality.classical:
            estimator = {"kind": choice.estimator, **choice.options}
            learner = FeatureClassifier(features={name: choice.features}, estimator=estimator, random_state=seed)
            title = f"{name}: {'+'.join(choice.features)} {choice.estimator}"
            reason = f"{choice.estimator} on {', '.join(choice.features)} is a strong start for {modality.kind}"
            members.append(PlannedMember(title, learner, (name,), _seconds(facts, choice.estimator, 1), reason))
    return members


def _early(facts: Facts, seed: int) -> list[PlannedMember]:
    if len(facts.inputs) < 2:
        return []
    names = tuple(facts.inputs)
    full = {name: modality.default_features for name, modality in facts.inputs.items()}
    compact = {name: modality.compact_features for name, modality in facts.inputs.items()}
    members = []
    for features, estimator, reason in (
        (full, "logistic", "all features side by side let inputs correct each other"),
        (full, "svm", "a Gaussian kernel over all features sees simple interactions"),
        (compact, "forest", "trees find interactions between short descriptions of all inputs"),
    ):
        learner = FeatureClassifier(features=features, estimator=estimator, random_state=seed)
        seconds = _seconds(facts, estimator, len(names))
        members.append(PlannedMember(f"all: {estimator}", learner, names, seconds, reason))
    return members


def _neural(facts: Facts, preset: str, device: str, seed: int) -> list[PlannedMember]:
    # The last epoch of a cosine schedule is as good as the best, and every row may teach: no inner validation.
    common: dict[str, Any] = {
        "device": device,
        "validation_fraction": 0.0,
        "width": 128,
        "learning_rate": 3e-3,
        "weight_decay": 0.05,
        "epochs": _epochs(facts, preset),
    }
    members = []
    for name, modality in facts.inputs.items():
        if not modality.network_alone:
            continue
        learner = NeuralClassifier(random_state=seed, **common)
        reason = f"a small augmented network is the best single learner for many {modality.kind} inputs"
        seconds = _network_seconds(facts, (name,), preset)
        members.append(PlannedMember(f"{name}: network", learner, (name,), seconds, reason))
    members.sort(key=lambda member: member.seconds)
    names = tuple(facts.inputs)
    if len(names) > 1:
        for fusion in ("concat", "transformer") if preset == "best" else ("concat",):
            learner = NeuralClassifier(fusion=fusion, random_state=seed, **common)
            reason = "one network over all inputs learns how they interact"
            seconds = _network_seconds(facts, names, preset)
            members.append(PlannedMember(f"all: {fusion} network", learner, names, seconds, reason))
    return members


def _epochs(facts: Facts, preset: str) -> int:
    """About 900 steps (half as many again for ``best``), in 15 to 60 epochs: more only overfits small data."""
    steps = facts.rows * (FOLDS[preset] - 1) / FOLDS[preset] / default_batch_size(facts.rows)
    return int(min(max(round({"best": 1350}.get(preset, 900) / steps), 15), 60))


def _seconds(facts: Facts, estimator: str, inputs: int) -> float:
    thousand = facts.rows / 1000
    cost = {
        "logistic": 0.5 * thousand * facts.classes / 5,
        "svm": 1.0 * thousand**2 + 0.5 * thousand,
        "boosting": 0.5 * facts.classes * max(thousand, 0.5) ** 0.5,
        "forest": 1.0 * thousand,
        "neighbours": 0.3 * thousand,
    }
    return 5 * inputs * cost.get(estimator, thousand) * 2 / min(facts.cores, 2)


def _network_seconds(facts: Facts, names: tuple[str, ...], preset: str) -> float:
    milliseconds = sum(facts.inputs[name].work for name in names)
    passes = _epochs(facts, preset) * facts.rows * (FOLDS[preset] - 1)
    return passes * milliseconds / 1000 * 2 / min(facts.cores, 8)
