"""A plan under a remedy against class imbalance: the members it acts on are taught with it."""

from __future__ import annotations

from dataclasses import replace

from sklearn.base import clone

from polysight.advice.candidates import PlannedMember
from polysight.advice.plan import Plan
from polysight.core.errors import ConfigError
from polysight.learners.base import Learner
from polysight.learners.specs import as_plain
from polysight.objectives.imbalance.base import Remedy, kinds_for


def remedied(plan: Plan, remedy: Remedy) -> Plan:
    """The plan with the remedy carried to the members it acts on; one that acts on the decision changes none.

    Raises:
        ConfigError: It acts on no member that is to be fitted.
    """
    if "decision" in remedy.acts_on:
        return plan
    members = [_remedied(member, remedy) for member in plan.members]
    if not any(_takes(member.learner, remedy) for member in plan.fitted):
        raise ConfigError(
            f"{remedy.kind} acts on no learner of this plan (preset {plan.preset!r}, {plan.limit:.0f} s)",
            where="imbalance",
            fix=f"choose a preset or time limit with such learners, or one of: {', '.join(kinds_for('decision'))}",
        )
    return replace(plan, members=members)


def _remedied(member: PlannedMember, remedy: Remedy) -> PlannedMember:
    if not _takes(member.learner, remedy):
        return member
    return replace(member, learner=clone(member.learner).set_params(imbalance=as_plain(remedy, where="imbalance")))


def _takes(learner: Learner, remedy: Remedy) -> bool:
    return learner.remedy_place in remedy.acts_on
