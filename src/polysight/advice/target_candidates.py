"""Candidates for targets of any kind: classical learners on features of each input and of all, and networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from polysight.advice.candidates import (
    KERNEL,
    LINEAR,
    TREES,
    Joint,
    Learners,
    PlannedMember,
    alone_on,
    networks,
    over_all,
)
from polysight.advice.facts import Facts
from polysight.advice.presets import Preset
from polysight.learners.regressors import COUNTERPARTS
from polysight.learners.target_features import FeatureTargetLearner
from polysight.modalities.base import FeatureSpecs

#: Rows beyond which a kernel over all pairs of rows takes too long to be decomposed.
_MOST_KERNEL_ROWS = 3_000
_BOOSTED = Joint("boosting", True, "boosted trees correct each other's errors, input by input")


def target_candidates(
    facts: Facts, preset: Preset, *, device: str, seed: int, kinds: Sequence[str] = ("regression",)
) -> list[PlannedMember]:
    """All candidates, in the order in which time is given to them: the first of each input, all inputs, the rest.

    Of several targets a network over all inputs comes before the rest: it alone learns them together.
    """
    learners = _learners(kinds)
    alone = [list(alone_on(name, facts, preset, seed, learners)) for name in facts.inputs]
    first = [members[0] for members in alone if members]
    others = [member for members in alone for member in members[1:]]
    tried = [LINEAR, TREES, _BOOSTED, *([KERNEL] if facts.rows <= _MOST_KERNEL_ROWS else [])]
    together = over_all(tried, facts, preset, seed, learners)
    trained = networks(facts, preset, device, seed, learners)
    shared = [member for member in trained if len(member.inputs) > 1 and len(kinds) > 1]
    return [*first, *together, *shared, *others, *(member for member in trained if member not in shared)]


def _learners(kinds: Sequence[str]) -> Learners:
    def classical(
        features: Mapping[str, FeatureSpecs], estimator: Mapping[str, Any], seed: int
    ) -> FeatureTargetLearner:
        return FeatureTargetLearner(task=list(kinds), features=features, estimator=estimator, random_state=seed)

    def called(estimator: str) -> str:
        # Amounts take its counterpart.
        return COUNTERPARTS.get(estimator, estimator) if set(kinds) == {"regression"} else estimator

    return Learners(classical, {"kind": "target_network", "task": list(kinds)}, called, _MOST_KERNEL_ROWS)
