from __future__ import annotations

from dataclasses import replace

import pytest
from made_up_facts import facts

from polysight.advice.plan import PLANNED_SHARE, plan
from polysight.advice.presets import PRESETS
from polysight.core.errors import ConfigError
from polysight.modalities.image.modality import Image


@pytest.mark.parametrize("rows", [40, 400, 4000])
@pytest.mark.parametrize("limit", [0.001, 5.0, 60.0, 3600.0])
def test_each_input_has_a_member_and_the_others_fit_the_limit(rows, limit):
    chosen = plan(facts(rows), "good", limit=limit)
    alone = [next(m for m in chosen.fitted if m.inputs == (name,)) for name in ("photo", "table")]
    assert chosen.seconds <= max(PLANNED_SHARE * limit, chosen.preparing + sum(m.seconds for m in alone)) + 1e-9
    assert all(m.left_out for m in chosen.members if m not in chosen.fitted)


def test_every_candidate_is_there_with_a_reason_whether_it_fits_or_not():
    generous, short = plan(facts(), "best", limit=1e6), plan(facts(), "best", limit=10.0)
    assert {m.name for m in generous.members} == {m.name for m in short.members}
    assert len({m.name for m in generous.members}) == len(generous.members)
    assert all(m.reason for m in short.members)
    assert {m.name for m in short.fitted} < {m.name for m in generous.fitted}
    assert any("were left" in m.left_out for m in short.members)


def test_an_input_whose_strongest_member_is_dear_leaves_time_for_the_others():
    four = {f"photo{place}": Image(columns=(f"photo{place}",), size=224) for place in range(4)}
    inputs = {**four, "table": facts().inputs["table"]}
    photos = facts(400, inputs=inputs, present=dict.fromkeys(inputs, 1.0), megabytes=300.0)
    generous, short = plan(photos, "good", limit=1e4), plan(photos, "good", limit=150.0)
    opening = {m.inputs: m.name for m in reversed(short.fitted) if len(m.inputs) == 1}
    strongest = {m.inputs: m.name for m in reversed(generous.fitted) if len(m.inputs) == 1}
    assert opening[("table",)] == strongest[("table",)]
    assert all(opening[(name,)] != strongest[(name,)] for name in four)
    assert [m.inputs for m in short.fitted[:5]] == [(name,) for name in inputs]
    assert all(not m.left_out for m in short.members if m.inputs == ("table",))
    assert short.seconds <= PLANNED_SHARE * 150.0


def test_more_thorough_presets_fit_more():
    counts = [len(plan(facts(), preset, limit=1e6).fitted) for preset in PRESETS]
    assert counts == sorted(set(counts))


def test_a_network_is_left_out_where_it_would_learn_by_heart():
    reasons = {m.name: m.left_out for m in plan(facts(60), "good").members}
    assert "too few for a network" in reasons["photo: network"]
    assert not {m.name: m.left_out for m in plan(facts(600), "good").members}["photo: network"]


def test_features_are_derived_once_however_many_members_look_at_them():
    chosen = plan(facts(), "quick", limit=1e6)
    several = [m for m in chosen.fitted if "hog" in {f.kind for sets in m.features.values() for f in sets}]
    assert len(several) > 1
    assert chosen.seconds == pytest.approx(chosen.preparing + sum(m.seconds for m in chosen.fitted))
    doubled = plan(replace(facts(), present={"photo": 0.5, "table": 1.0}), "quick", limit=1e6)
    assert doubled.preparing < chosen.preparing


def test_the_same_facts_give_the_same_plan():
    first, second = plan(facts(), "good"), plan(facts(), "good")
    assert [(m.name, m.seconds, m.left_out) for m in first.members] == [
        (m.name, m.seconds, m.left_out) for m in second.members
    ]


def test_one_input_has_no_members_over_all():
    only = facts()
    only = replace(only, inputs={"photo": only.inputs["photo"]}, present={"photo": 1.0})
    assert {m.inputs for m in plan(only, "best").members} == {("photo",)}


def test_an_unknown_preset_offers_the_nearest():
    with pytest.raises(ConfigError, match="did you mean 'best'"):
        plan(facts(), "bst")


def test_few_groups_make_few_folds():
    four, many = (plan(replace(facts(), groups=groups), "good", limit=1e6) for groups in (4, 40))
    assert (four.folds, many.folds) == (4, 8)
    assert plan(facts(5_000), "good").folds == 5
    assert four.seconds < many.seconds


def test_networks_come_first_where_rows_are_many():
    order = [[m.name for m in plan(facts(rows), "good", limit=1e6).members] for rows in (1_000, 3_000)]
    assert order[0].index("photo: network") > order[0].index("all: forest")
    assert order[1].index("photo: network") < order[1].index("all: logistic")
    assert set(order[0]) == set(order[1])
