"""Candidates: the learners worth a try on a table, each with the reason; whether there is time is another question.

Classical learners on features are the strongest single members below some 2,000 rows, small augmented networks join
them from some 300 on, and networks over all inputs pay once encoders have enough to learn from.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from polysight.advice.costs import PROGRAM, epochs_for, megabytes, network_seconds, solving_seconds
from polysight.advice.facts import Facts
from polysight.advice.presets import Preset
from polysight.core.config import build
from polysight.learners import LEARNERS
from polysight.learners.blocks import derived_name
from polysight.learners.features import FeatureClassifier
from polysight.learners.table_model import TableModel
from polysight.modalities.base import Classical, Features, FeatureSpecs

#: Fewer rows than this, and a network learns the training rows by heart.
LEAST_NETWORK_ROWS = 150
#: From so many rows on, networks are given time before all but the first classical learners.
MANY_ROWS = 2_000
#: Megabytes a small network takes beside its batches.
_NETWORK_MEMORY = 300.0


@dataclass(frozen=True)
class PlannedMember:
    """A learner to fit.

    Attributes:
        name: Its name in the leaderboard.
        learner: The unfitted learner.
        inputs: What it looks at.
        seconds: Its expected cost for all folds; in a plan with what it is the first to learn of its features.
        reason: Why it is worth a try.
        features: The feature sets it looks at, by input.
        repeats: How often it goes through the folds, divided differently each time; ``seconds`` counts them all.
        memory: Expected megabytes, the program's own not counted.
        left_out: Why it is not fitted after all; empty where it is.
    """

    name: str
    learner: TableModel
    inputs: tuple[str, ...]
    seconds: float
    reason: str
    features: Mapping[str, Sequence[Features]] = field(default_factory=dict)
    repeats: int = 1
    memory: float = 0.0
    left_out: str = ""


@dataclass(frozen=True)
class Learners:
    """What members are made of, for one kind of task.

    Attributes:
        classical: Makes an unfitted learner of feature sets by input and the spec of an estimator.
        network: The kind of network, and options that are not every network's.
        called: What an estimator is called in titles.
        most_kernel_rows: With more rows a Gaussian kernel over all pairs of them takes too long.
    """

    classical: Callable[[Mapping[str, FeatureSpecs], Mapping[str, Any], int], Any]
    network: Mapping[str, Any]
    called: Callable[[str], str] = str
    most_kernel_rows: float = math.inf


def _classifier(features: Mapping[str, FeatureSpecs], estimator: Mapping[str, Any], seed: int) -> FeatureClassifier:
    return FeatureClassifier(features=features, estimator=estimator, random_state=seed)


# The last epoch of a cosine schedule is as good as the best, and every row may teach: no inner validation.
_CLASSIFIERS = Learners(_classifier, {"kind": "neural", "validation_fraction": 0.0})


def candidates(facts: Facts, preset: Preset, *, device: str, seed: int) -> list[PlannedMember]:
    """All candidates, in the order in which time is given to them.

    The first learner of each input comes first, then learners over all inputs, the other classical ones, and
    networks, cheapest first; where there are many rows, networks come before the classical ones over all inputs.
    """
    alone = [list(alone_on(name, facts, preset, seed, _CLASSIFIERS)) for name in facts.inputs]
    first = [members[0] for members in alone if members]
    others = [member for members in alone for member in members[1:]]
    tried = [LINEAR, TREES]
    if preset.steps:
        # It takes longest of the three, and the product of experts leaves it little to add.
        tried.append(KERNEL)
    rest = [*over_all(tried, facts, preset, seed, _CLASSIFIERS), *others]
    trained = networks(facts, preset, device, seed, _CLASSIFIERS)
    return [*first, *trained, *rest] if facts.rows >= MANY_ROWS else [*first, *rest, *trained]


def alone_on(name: str, facts: Facts, preset: Preset, seed: int, learners: Learners) -> Iterator[PlannedMember]:
    """The classical learners of one input, the strongest first."""
    modality = facts.inputs[name]
    for choice in modality.classical:
        if not choice.least_rows <= facts.rows <= choice.most_rows:
            continue
        if choice.estimator == KERNEL.estimator and facts.rows > learners.most_kernel_rows:
            continue
        why = choice.reason or f"a strong start for {modality.kind}"
        shown = [shown_spec(spec) for spec in choice.features]
        called = learners.called(choice.estimator)
        reason = f"{called} on {', '.join(shown)}: {why}"
        yield _classical({name: choice}, f"{name}: {'+'.join(shown)} {called}", reason, facts, preset, seed, learners)


def shown_spec(spec: str | Mapping[str, Any]) -> str:
    """A feature set in a title: its kind, and what of it is out of the ordinary."""
    if isinstance(spec, str):
        return spec
    options = [name if value is True else f"{value} {name}" for name, value in spec.items() if name != "kind"]
    return f"{spec['kind']} ({', '.join(options)})"


class Joint(NamedTuple):
    """A classical learner over all inputs: its estimator, whether it looks at short descriptions, and why."""

    estimator: str
    compact: bool
    reason: str


LINEAR = Joint("logistic", False, "all features side by side let inputs correct each other")
TREES = Joint("forest", True, "trees find interactions between short descriptions of all inputs")
KERNEL = Joint("svm", False, "a Gaussian kernel over all features sees simple interactions")


def over_all(
    tried: Sequence[Joint], facts: Facts, preset: Preset, seed: int, learners: Learners
) -> Iterator[PlannedMember]:
    """Classical learners over all inputs, where there are several."""
    for estimator, compact, reason in tried if len(facts.inputs) > 1 else ():
        sets = {
            name: Classical(m.compact_features if compact else m.default_features, estimator)
            for name, m in facts.inputs.items()
        }
        yield _classical(sets, f"all: {learners.called(estimator)}", reason, facts, preset, seed, learners)


def _classical(
    choices: Mapping[str, Classical],
    title: str,
    reason: str,
    facts: Facts,
    preset: Preset,
    seed: int,
    learners: Learners,
) -> PlannedMember:
    choice = next(iter(choices.values()))
    features = {name: chosen.features for name, chosen in choices.items()}
    learner = learners.classical(features, {"kind": choice.estimator, **choice.options}, seed)
    sets = learner.feature_sets({name: facts.inputs[name] for name in choices})
    seconds = solving_seconds(sets, choice.estimator, facts, preset.folds * preset.repeats)
    return PlannedMember(title, learner, tuple(choices), seconds, reason, sets, preset.repeats, megabytes(sets, facts))


def networks(facts: Facts, preset: Preset, device: str, seed: int, learners: Learners) -> list[PlannedMember]:
    """Networks over each medium and over all inputs, cheapest first; none in a preset without."""
    if not preset.steps:
        return []
    epochs = epochs_for(facts, preset.steps, preset.folds)
    common = {
        **learners.network,
        "device": device,
        "width": 128,
        "learning_rate": 3e-3,
        "weight_decay": 0.05,
        "epochs": epochs,
        "random_state": seed,
    }
    few = f"{facts.rows} rows are too few for a network (it takes {LEAST_NETWORK_ROWS})"
    left_out = few if facts.rows < LEAST_NETWORK_ROWS else ""

    def planned(title: str, names: tuple[str, ...], reason: str, **options: Any) -> PlannedMember:
        learner = build(LEARNERS, {**common, **options}, where="plan")
        seconds = network_seconds(names, epochs, facts, preset.folds)
        return PlannedMember(title, learner, names, seconds, reason, memory=_NETWORK_MEMORY, left_out=left_out)

    found = []
    for name, modality in facts.inputs.items():
        if modality.network_alone:
            reason = f"a small augmented network is the best single learner for many {modality.kind} inputs"
            found.append(planned(f"{name}: network", (name,), reason))
    for fusion in preset.fusions if len(facts.inputs) > 1 else ():
        reason = "one network over all inputs learns how they interact"
        found.append(planned(f"all: {fusion} network", tuple(facts.inputs), reason, fusion=fusion))
    return sorted(found, key=lambda member: member.seconds)


def peak_memory(members: Sequence[PlannedMember], facts: Facts) -> float:
    """Megabytes at the worst moment: the program, what was read and derived, and the largest member."""
    derived = {
        (name, derived_name(features)): facts.rows * features.cost(facts.inputs[name]).kilobytes / 1000
        for member in members
        for name, sets in member.features.items()
        for features in sets
    }
    return PROGRAM + 2 * facts.megabytes + sum(derived.values()) + max((m.memory for m in members), default=0.0)
