"""Candidates for targets of any kind: classical learners on features of each input and of all, and networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from polysight.advice.candidates import LEAST_NETWORK_ROWS, PlannedMember, shown_spec
from polysight.advice.costs import epochs_for, megabytes, network_seconds, solving_seconds
from polysight.advice.facts import Facts
from polysight.advice.presets import Preset
from polysight.core.config import build
from polysight.learners import LEARNERS
from polysight.learners.regressors import COUNTERPARTS
from polysight.learners.target_features import FeatureTargetLearner
from polysight.modalities.base import Classical

#: Megabytes a small network takes beside its batches.
_NETWORK_MEMORY = 300.0
#: Rows beyond which a kernel over all pairs of rows takes too long to be decomposed.
_MOST_KERNEL_ROWS = 3_000


def target_candidates(
    facts: Facts, preset: Preset, *, device: str, seed: int, kinds: Sequence[str] = ("regression",)
) -> list[PlannedMember]:
    """All candidates, in the order in which time is given to them: the first of each input, all inputs, the rest.

    Of several targets a network over all inputs comes before the rest: it alone learns them together.
    """
    alone = [list(_alone(name, facts, preset, seed, kinds)) for name in facts.inputs]
    first = [members[0] for members in alone if members]
    others = [member for members in alone for member in members[1:]]
    together = list(_together(facts, preset, seed, kinds)) if len(facts.inputs) > 1 else []
    networks = sorted(_networks(facts, preset, device, seed, kinds), key=lambda m: m.seconds) if preset.steps else []
    shared = [member for member in networks if len(member.inputs) > 1 and len(kinds) > 1]
    return [*first, *together, *shared, *others, *(member for member in networks if member not in shared)]


def _alone(name: str, facts: Facts, preset: Preset, seed: int, kinds: Sequence[str]) -> Iterator[PlannedMember]:
    modality = facts.inputs[name]
    for choice in modality.classical:
        fits = choice.least_rows <= facts.rows <= choice.most_rows
        if not fits or (choice.estimator == "svm" and facts.rows > _MOST_KERNEL_ROWS):
            continue
        shown = [shown_spec(spec) for spec in choice.features]
        why = choice.reason or f"a strong start for {modality.kind}"
        estimator = _told(choice.estimator, kinds)
        title = f"{name}: {'+'.join(shown)} {estimator}"
        yield _classical({name: choice}, title, f"{estimator} on {', '.join(shown)}: {why}", facts, preset, seed, kinds)


def _together(facts: Facts, preset: Preset, seed: int, kinds: Sequence[str]) -> Iterator[PlannedMember]:
    tried = [
        ("logistic", False, "all features side by side let inputs correct each other"),
        ("forest", True, "trees find interactions between short descriptions of all inputs"),
        ("boosting", True, "boosted trees correct each other's errors, input by input"),
    ]
    if facts.rows <= _MOST_KERNEL_ROWS:
        tried.append(("svm", False, "a Gaussian kernel over all features sees simple interactions"))
    for estimator, compact, reason in tried:
        sets = {
            name: Classical(m.compact_features if compact else m.default_features, estimator)
            for name, m in facts.inputs.items()
        }
        yield _classical(sets, f"all: {_told(estimator, kinds)}", reason, facts, preset, seed, kinds)


def _told(estimator: str, kinds: Sequence[str]) -> str:
    """What an estimator is called: amounts take its counterpart."""
    return COUNTERPARTS.get(estimator, estimator) if set(kinds) == {"regression"} else estimator


def _classical(
    choices: Mapping[str, Classical],
    title: str,
    reason: str,
    facts: Facts,
    preset: Preset,
    seed: int,
    kinds: Sequence[str],
) -> PlannedMember:
    choice = next(iter(choices.values()))
    learner = FeatureTargetLearner(
        task=list(kinds),
        features={name: chosen.features for name, chosen in choices.items()},
        estimator={"kind": choice.estimator, **choice.options},
        random_state=seed,
    )
    sets = learner.feature_sets({name: facts.inputs[name] for name in choices})
    seconds = solving_seconds(sets, choice.estimator, facts, preset.folds * preset.repeats)
    return PlannedMember(title, learner, tuple(choices), seconds, reason, sets, preset.repeats, megabytes(sets, facts))


def _networks(facts: Facts, preset: Preset, device: str, seed: int, kinds: Sequence[str]) -> Iterator[PlannedMember]:
    epochs = epochs_for(facts, preset.steps, preset.folds)
    common: dict[str, Any] = {
        "kind": "target_network",
        "task": list(kinds),
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

    for name, modality in facts.inputs.items():
        if modality.network_alone:
            reason = f"a small augmented network is the best single learner for many {modality.kind} inputs"
            yield planned(f"{name}: network", (name,), reason)
    for fusion in preset.fusions if len(facts.inputs) > 1 else ():
        reason = "one network over all inputs learns how they interact"
        yield planned(f"all: {fusion} network", tuple(facts.inputs), reason, fusion=fusion)
