from __future__ import annotations

from dataclasses import replace

import pytest
from made_up_facts import facts

from polysight.advice.facts import Facts
from polysight.advice.plan import plan
from polysight.advice.reasons import BY_SIZE, reasons
from polysight.report.words import words


def told(given: Facts, **options) -> str:
    return "\n".join(reasons(given, plan(given, "good", **options)))


@pytest.mark.parametrize(("rows", "rule"), [(100, 0), (1_000, 1), (50_000, 2), (500_000, 3)])
def test_the_rule_is_the_one_for_the_rows(rows, rule):
    assert BY_SIZE[rule][1] in told(facts(rows))


def test_it_names_what_a_reader_must_know():
    assert "stacking needs 15" in told(facts(100))
    assert "No group column" in told(facts())
    assert "41 groups stay whole" in told(replace(facts(), groups=41))
    assert "imbalanced (800 rows to 5)" in told(replace(facts(), rarest=5, commonest=800))
    assert "there in 40% of the rows" in told(replace(facts(), present={"photo": 0.4, "table": 1.0}))
    assert "only 0.1 GB are free" in told(replace(facts(), memory=100.0))
    assert "GB are free" not in told(replace(facts(), memory=None))
    assert "cuda: networks are cheap" in told(replace(facts(), accelerator="cuda"))
    assert "Left out for time" in told(facts(), limit=5.0)
    assert "Left out for time" not in told(facts(), limit=1e6)


@pytest.mark.parametrize(
    "given",
    [
        facts(100),
        replace(facts(), groups=41, present={"photo": 0.4, "table": 1.0}, accelerator="cuda", memory=None),
        replace(facts(50_000), rarest=5, commonest=800, memory=100.0),
        facts(500_000),
    ],
)
def test_every_reason_can_be_told_in_chinese(given):
    chosen, chinese = plan(given, "best", limit=20.0), words("zh")
    for english in [*reasons(given, chosen), *(m.left_out or m.reason for m in chosen.members)]:
        assert chinese.reason(english) != english
