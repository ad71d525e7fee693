"""Candidates for amounts and labels: each input first, what stands in for classifiers, networks where rows suffice."""

from functools import partial

import pytest
from made_up_facts import facts

from polysight.advice.plan import plan
from polysight.advice.target_candidates import target_candidates
from polysight.learners.target_features import FeatureTargetLearner
from polysight.learners.target_network import NeuralTargetLearner


def planned(preset="good", rows=600, kinds=("regression",), limit=1e6):
    return plan(facts(rows), preset, limit=limit, lister=partial(target_candidates, kinds=kinds))


def test_each_input_comes_first_whatever_the_limit():
    members = planned(limit=0.001).fitted
    assert [member.inputs for member in members] == [("photo",), ("table",)]


def test_amounts_have_regressors_and_labels_classifiers():
    names = {member.name for member in planned().members}
    assert {"all: ridge", "all: kernel_ridge", "all: forest", "all: boosting"} <= names
    assert not any("logistic" in name or "svm" in name for name in names)
    names = {member.name for member in planned(kinds=("multilabel",)).members}
    assert {"all: logistic", "all: svm"} <= names
    assert len(names) == len(planned(kinds=("multilabel",)).members)


@pytest.mark.parametrize("kinds", [("regression",), ("classification", "multilabel")])
def test_members_are_told_what_they_predict(kinds):
    members = planned(kinds=kinds).members
    assert all(member.learner.task == list(kinds) for member in members)
    assert {type(member.learner) for member in members} == {FeatureTargetLearner, NeuralTargetLearner}
    assert all(member.reason for member in members)


def test_quick_has_no_networks_and_few_rows_none_that_are_fitted():
    assert not [m for m in planned("quick").members if "network" in m.name]
    few = {m.name: m.left_out for m in planned(rows=60).members}
    assert "too few for a network" in few["photo: network"]
    assert "too few for a network" in few["all: concat network"]


def test_a_kernel_over_many_rows_is_not_tried():
    assert "all: kernel_ridge" not in {m.name for m in planned(rows=4000).members}


def test_several_targets_have_their_common_network_early():
    one, two = ([m.name for m in planned(kinds=kinds).members] for kinds in (["regression"], ["regression"] * 2))
    assert sorted(one) == sorted(two)
    assert two.index("all: concat network") < two.index("photo: network")
    assert two.index("all: concat network") < one.index("all: concat network")
