"""PlannedEnsemble: what every ensemble here does before it combines - plan, derive features, fit members in time."""

from __future__ import annotations

import json
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from sklearn.utils import estimator_html_repr

from polysight import __version__
from polysight.advice.candidates import PlannedMember, candidates
from polysight.advice.facts import Facts
from polysight.advice.plan import Lister, Plan, plan
from polysight.advice.presets import preset_of
from polysight.core.config import describe
from polysight.core.duration import seconds_of
from polysight.core.errors import OutOfTimeError, TrainingError
from polysight.core.events import emit
from polysight.data.samples import Samples
from polysight.data.splits import Fold
from polysight.data.view import content_key
from polysight.ensemble.fold_store import FoldStore
from polysight.ensemble.leaderboard import Entry
from polysight.ensemble.member import Member
from polysight.ensemble.notebook import ensemble_html
from polysight.ensemble.out_of_fold import places
from polysight.ensemble.target_member import TargetMember
from polysight.learners.blocks import with_derived
from polysight.modalities.base import Features, Modality
from polysight.modalities.inputs import Task

#: The part of the time limit after which no member is fitted any more; the rest is for combining them.
MEMBERS_SHARE = 0.95

M = TypeVar("M", Member, TargetMember)
T = TypeVar("T", bound=Task)


class PlannedEnsemble(ABC, Generic[T, M]):
    """The part of an ensemble that knows a plan and a clock, but not what is predicted.

    Attributes:
        plan_: What was to be fitted.
        leaderboard_: What each member reached, and what became of it.
        inputs_: The inputs with every automatic setting resolved.
        stopped_by_time_: Whether the time limit cut the plan short.
    """

    leaderboard_: Sequence[Mapping[str, Any]]
    inputs_: dict[str, Modality]

    preset: str
    time_limit: float | str | None
    device: str
    checkpoints: Path | str | None
    random_state: int
    plan_: Plan
    stopped_by_time_: bool

    @abstractmethod
    def _fit_member(self, item: PlannedMember, task: T, parts: Sequence[Fold], store: FoldStore, deadline: float) -> M:
        """Fit one member on every fold."""

    @abstractmethod
    def _score(self, member: M, task: T) -> float:
        """What a member reached out of fold, for those who watch."""

    @abstractmethod
    def _truth_key(self, task: T) -> Sequence[str | bytes]:
        """What is learned, as bytes: kept folds are taken up again only for the same."""

    def _repr_html_(self) -> str:
        """Inputs, scores and members of a fitted ensemble; before that its options, as scikit-learn shows them."""
        if not hasattr(self, "leaderboard_"):
            return estimator_html_repr(self)
        limit = "default time limit" if self.time_limit is None else f"time limit {self.time_limit}"
        facts = [f"preset {self.preset}, {limit}, seed {self.random_state}"]
        if hasattr(self, "plan_"):
            planned = self.plan_
            facts.append(f"plan: {len(planned.fitted)} of {len(planned.members)} members, {planned.folds} folds")
        if self.stopped_by_time_:
            facts.append("the time limit cut training short; more time may give a better model")
        return ensemble_html(type(self).__name__, self.inputs_, self.leaderboard_, facts)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """What a notebook asks for first."""
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def _planned(self, facts: Facts, lister: Lister = candidates) -> Plan:
        limit = None if self.time_limit is None else seconds_of(self.time_limit)
        if preset_of(self.preset).steps:
            # Brings torch, which a preset without networks does without.
            from polysight.training.device import choose_device

            facts = replace(facts, accelerator=choose_device(self.device).type)
        return plan(facts, self.preset, limit=limit, device=self.device, seed=self.random_state, lister=lister)

    def _derived(self, samples: Samples, start: float) -> Samples:
        """Samples that carry what the planned feature sets derive, so that folds share it."""
        sets: dict[str, list[Features]] = {}
        for item in self.plan_.fitted:
            for name, features in item.features.items():
                sets.setdefault(name, []).extend(f for f in features if f not in sets.get(name, []))
        emit("features_started", expected=self.plan_.preparing, sets={name: len(of) for name, of in sets.items()})
        shared = with_derived(samples, sets)
        emit("features_ready", seconds=time.monotonic() - start)
        return shared

    def _fit_members(self, task: T, ways: Sequence[Sequence[Fold]], start: float) -> tuple[list[M], list[Entry]]:
        """Fit the planned members one after the other until the time is over.

        Args:
            task: The training rows.
            ways: The ways of dividing them into folds; a member planned with repeats goes through several.
            start: When the fit began, by ``time.monotonic``.

        Raises:
            TrainingError: No member could be fitted.
        """
        limit, planned = MEMBERS_SHARE * self.plan_.limit, self.plan_.fitted
        members: list[M] = []
        entries = [Entry(item.name, item.inputs, 0.0, item.left_out) for item in self.plan_.members if item.left_out]
        for entry in entries:
            emit("member_skipped", member=entry.name, reason=entry.reason)
        self.stopped_by_time_ = False
        for number, item in enumerate(planned):
            began = time.monotonic()
            # Every input gets a member, however late it is; whatever else the plan has must end in time.
            spare = set(item.inputs) <= {name for member in members for name in member.inputs}
            left = limit - (began - start)
            if spare and item.seconds > left:
                # The plan had a place for it: so it was lateness that left it out.
                self.stopped_by_time_ = True
                reason = f"skipped: needs about {item.seconds:.0f} s, {max(left, 0):.0f} s were left"
                entries.append(Entry(item.name, item.inputs, 0.0, reason))
                emit("member_skipped", member=item.name, reason=reason)
                continue
            emit("member_started", member=item.name, number=number + 1, of=len(planned), expected=item.seconds)
            mine = ways[: item.repeats]
            parts = [part for way in mine for part in way]
            store = FoldStore(None if self.checkpoints is None else Path(self.checkpoints), self._key(item, task, mine))
            try:
                member = self._fit_member(item, task, parts, store, start + limit if spare else math.inf)
            except TrainingError as error:
                self.stopped_by_time_ |= isinstance(error, OutOfTimeError)
                entries.append(Entry(item.name, item.inputs, time.monotonic() - began, f"dropped: {error.what}"))
                continue
            entries.append(Entry(item.name, item.inputs, time.monotonic() - began, ""))
            members.append(member)
            emit("member_finished", member=item.name, score=self._score(member, task), seconds=entries[-1].seconds)
        if not members:
            raise TrainingError("no member could be fitted", fix="; ".join(entry.reason for entry in entries))
        return members, entries

    def _key(self, item: PlannedMember, task: T, ways: Sequence[Sequence[Fold]]) -> str:
        """What the folds of a member depend on."""
        chosen = [item.learner.get_params(), *(describe(task.inputs[name]) for name in item.inputs)]
        parts: list[str | bytes] = [__version__, item.name, json.dumps(chosen, sort_keys=True, default=str)]
        parts += [task.samples.views[name].fingerprint() for name in item.inputs]
        parts += self._truth_key(task)
        parts += [np.empty(0).tobytes() if task.groups is None else task.groups.tobytes()]
        parts += [places(way).tobytes() for way in ways]
        return content_key(parts).decode()
