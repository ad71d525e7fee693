"""The remedy the counts of the classes call for, and how a plan carries one to its members."""

from dataclasses import replace

import pytest
from made_up_facts import facts

from polysight.advice.imbalance import FEW_ROWS, RATIO, recommended
from polysight.advice.plan import plan
from polysight.advice.reasons import reasons
from polysight.advice.remedied import remedied
from polysight.core.errors import ConfigError
from polysight.objectives import REMEDIES
from polysight.objectives.imbalance.base import remedy_of
from polysight.report.words import words


def uneven(commonest, rarest):
    return replace(facts(), commonest=commonest, rarest=rarest)


@pytest.mark.parametrize(
    ("commonest", "rarest", "remedy", "says"),
    [
        (100, 100, None, "not more than 3 to 1"),
        (RATIO * 50, 50, None, "not more than 3 to 1"),
        (RATIO * 50 + 1, 50, "threshold", "over, smote and class_weights teach much the same"),
        (160, 8, "threshold", "with 8 rows of the rarest class, copies"),
        (160, FEW_ROWS, "threshold", "over, smote"),
        (40, 0, "threshold", "with 0 rows"),
    ],
)
def test_the_rule(commonest, rarest, remedy, says):
    given = uneven(commonest, rarest)
    advice = recommended(given)
    assert advice.remedy == remedy
    assert remedy is None or remedy in REMEDIES
    assert says in advice.reason
    assert advice.reason in reasons(given, plan(given, "quick"))
    chinese = words("zh").reason(advice.reason)
    assert chinese.startswith("稀有类别")
    assert str(commonest) in chinese


def test_members_a_remedy_acts_on_are_taught_with_it():
    before = plan(facts(), "good", limit=1e6)
    given = [member.learner.get_params(deep=False) for member in before.members]
    smote, weights = (remedied(before, remedy_of(kind)) for kind in ("smote", "class_weights"))
    for member in smote.members:
        expected = {"kind": "smote"} if member.learner.remedy_place == "features" else None
        assert member.learner.imbalance == expected
    assert all(member.learner.imbalance == {"kind": "class_weights"} for member in weights.members)
    assert [member.learner.get_params(deep=False) for member in before.members] == given
    assert remedied(before, remedy_of("threshold")) is before
    assert remedied(before, remedy_of({"kind": "over", "share": 0.5})).members[0].learner.imbalance == {
        "kind": "over",
        "share": 0.5,
    }


def test_a_remedy_for_networks_needs_a_plan_with_networks():
    assert remedied(plan(facts(), "good", limit=1e6), remedy_of("rare_branch")).preset == "good"
    with pytest.raises(ConfigError, match="acts on no learner of this plan"):
        remedied(plan(facts(), "quick"), remedy_of("rare_branch"))
