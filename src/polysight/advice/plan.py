"""Plan: the candidates that fit the time, what they will cost, and the reasons in plain words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from polysight.advice.candidates import PlannedMember, candidates, peak_memory
from polysight.advice.costs import derive_seconds, learning_seconds
from polysight.advice.facts import Facts
from polysight.advice.presets import preset_of
from polysight.core.config import describe
from polysight.learners.blocks import derived_name
from polysight.modalities.base import Features

#: The part of the time limit that is planned for; the rest is for what a plan cannot know.
PLANNED_SHARE = 0.9


@dataclass(frozen=True)
class Plan:
    """What to fit.

    Attributes:
        preset: The preset it was made for.
        limit: The time limit in seconds.
        folds: Parts the rows are divided into.
        members: Every candidate in the order of fitting; those that are not fitted say why.
        preparing: Expected seconds until all features are derived, with nothing in the cache.
        seconds: Expected seconds of the whole fit.
        memory: Expected megabytes at the worst moment.
    """

    preset: str
    limit: float
    folds: int
    members: Sequence[PlannedMember]
    preparing: float
    seconds: float
    memory: float

    @property
    def fitted(self) -> list[PlannedMember]:
        """The members that will be fitted."""
        return [member for member in self.members if not member.left_out]


#: Lists the learners worth a try on a table.
Lister = Callable[..., list[PlannedMember]]


def plan(
    facts: Facts,
    preset: str,
    *,
    limit: float | None = None,
    device: str = "auto",
    seed: int = 0,
    lister: Lister = candidates,
) -> Plan:
    """Choose what to fit.

    Args:
        facts: What there is.
        preset: ``quick``, ``good`` or ``best``.
        limit: Seconds the fit may take; None is the preset's own limit. Each input has a member whatever the limit.
        device: Where networks will run.
        seed: The seed of the learners.
        lister: What lists them, called as ``candidates`` is.

    Raises:
        ConfigError: No such preset.
    """
    chosen = preset_of(preset).for_rows(facts.rows, facts.groups)
    within = chosen.time_limit if limit is None else limit
    every = lister(facts, chosen, device=device, seed=seed)
    members = list(_within(_by_urgency(every, facts, within, chosen.folds), facts, within, chosen.folds))
    fitted = [member for member in members if not member.left_out]
    preparing = _preparing(fitted, facts)
    return Plan(
        preset=preset,
        limit=within,
        folds=chosen.folds,
        members=members,
        preparing=preparing,
        seconds=preparing + sum(member.seconds for member in fitted),
        memory=peak_memory(fitted, facts),
    )


def _by_urgency(members: Sequence[PlannedMember], facts: Facts, limit: float, folds: int) -> Sequence[PlannedMember]:
    """The order in which members get time: as listed, or cheap ones first where the first of some input is too dear.

    Too dear is more than an even share of the time. Four photos whose strongest members took it all would leave none
    for a table that answers in a second.
    """
    share = PLANNED_SHARE * limit / max(len(facts.inputs), 1)
    costs = {member.name: _alone_seconds(member, facts, folds) for member in members}
    alone = [[m for m in members if m.inputs == (name,) and not m.left_out] for name in facts.inputs]
    # The strongest that fits an even share; where none does, the cheapest.
    openings = [
        next((m for m in own if costs[m.name] <= share), min(own, key=lambda m: costs[m.name])) for own in alone if own
    ]
    if all(opening is own[0] for opening, own in zip(openings, filter(None, alone), strict=True)):
        return members
    others = [member for member in members if not any(member is opening for opening in openings)]
    return [*openings, *sorted(others, key=lambda member: costs[member.name])]


def _alone_seconds(member: PlannedMember, facts: Facts, folds: int) -> float:
    """What a member costs if nothing of it has been derived or learned before."""
    parts = folds * member.repeats
    sets = list(_sets(member))
    prepared = sum(derive_seconds(f, name, facts) + learning_seconds(f, name, facts, parts) for name, f in sets)
    return member.seconds + prepared


def _within(members: Sequence[PlannedMember], facts: Facts, limit: float, folds: int) -> Iterator[PlannedMember]:
    """The members, those that do not fit the time marked; the first one of each input always fits."""
    derived: set[tuple[str, str]] = set()
    learned: set[tuple[str, str]] = set()
    inputs: set[tuple[str, ...]] = set()
    spent = 0.0
    for member in members:
        parts = folds * member.repeats
        # In the order of the sets: sums of floats in an order of chance would differ in their last digits.
        new = {(name, json.dumps(describe(f), sort_keys=True)): (f, name) for name, f in _sets(member)}
        learning = sum(learning_seconds(*of, facts, parts) for key, of in new.items() if key not in learned)
        raw = {(name, derived_name(f)): (f, name) for name, f in _sets(member)}
        own = member.seconds + learning
        needs = own + sum(derive_seconds(*of, facts) for key, of in raw.items() if key not in derived)
        first = len(member.inputs) == 1 and member.inputs not in inputs
        if member.left_out:
            yield member
        elif first or spent + needs <= PLANNED_SHARE * limit:
            spent += needs
            derived |= raw.keys()
            learned |= new.keys()
            inputs.add(member.inputs)
            yield replace(member, seconds=own)
        else:
            left = max(PLANNED_SHARE * limit - spent, 0.0)
            yield replace(member, left_out=f"skipped: needs about {needs:.0f} s, {left:.0f} s were left")


def _preparing(members: Sequence[PlannedMember], facts: Facts) -> float:
    """Seconds to derive the feature sets of some members, each once."""
    sets = {(name, derived_name(f)): (f, name) for member in members for name, f in _sets(member)}
    return sum(derive_seconds(features, name, facts) for features, name in sets.values())


def _sets(member: PlannedMember) -> Iterator[tuple[str, Features]]:
    return ((name, features) for name, several in member.features.items() for features in several)
