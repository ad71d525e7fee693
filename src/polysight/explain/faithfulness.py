"""Faithfulness: whether the parts an explanation puts first are those the answer hangs on.

Parts are taken away in the order of an explanation, and given back in it (``curves``); an order that is no better than
chance explains nothing. Of heat maps it is asked too whether they beat an edge detector, which knows nothing of the
model, and whether they change when what the network has learned is gone (``randomised``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from polysight.core.randomness import generator
from polysight.data.samples import Samples
from polysight.evaluation.intervals import Estimate, plain_mean
from polysight.evaluation.resampling import Resampling
from polysight.explain.base import Explained, Explainer
from polysight.explain.curves import Areas, areas, by_value, edges
from polysight.explain.unit_game import unit_game
from polysight.objectives.imbalance.decision import choose

#: Rows an explanation is tested on at most, and how many rows a model is asked about for all inputs.
MOST_ROWS, BUDGET = 32, 1000
#: By fewer rows nothing is judged: all of seven gains are on one side by chance alone in one of 64 cases.
LEAST_ROWS = 8
#: Random orders of each row, and the rows on which maps are compared with those of networks without learning.
ORDERS, RANDOMISED_ROWS = 2, 8
#: The rank correlation with a network that has learned nothing from which on a map is no explanation.
ALIKE = 0.5


@dataclass
class Tested:
    """How one explainer did on the rows of one input.

    Attributes:
        method: Its kind.
        rows: The rows it was tested on.
        areas: Those of its order, a row each.
        randomised: The likeness of its maps to those of networks without learning; None: not applicable.
    """

    method: str
    rows: list[int] = field(default_factory=list)
    areas: list[Areas] = field(default_factory=list)
    randomised: float | None = None


@dataclass
class Compared:
    """What explanations of one input are compared with, by row: the same for all explainers."""

    random: dict[int, float] = field(default_factory=dict)
    edges: dict[int, Areas] = field(default_factory=dict)
    asked: int = 0


def faithfulness(
    model: Explained,
    samples: Samples,
    explainers: Sequence[Explainer],
    *,
    groups: np.ndarray | None = None,
    seed: int = 0,
    budget: int = BUDGET,
) -> dict[str, dict[str, Any]]:
    """Test explanations on rows the model has not seen.

    Args:
        model: A fitted model.
        samples: The rows; some are drawn.
        explainers: What is tested.
        groups: The group of each row, for intervals.
        seed: Same seed, same result.
        budget: How many rows the model may be asked about, about, for all inputs together; it is overrun where an
            input would be tested on fewer rows than anything is judged by.

    Returns:
        For each input of which some explainer says something: the numbers of the explainer that did worst as its
        ``method`` (areas under the curves: ``deletion`` should be below ``random``, ``insertion`` above it; ``gain``
        with its interval; ``edges``, the gain of an edge detector; ``randomised``), ``passed`` (None: cannot tell with
        so few rows) with a ``reason``, and all explainers' under ``methods``.
    """
    order = generator(seed, "faithfulness").permutation(len(samples))
    targets = choose(model.predict_samples(samples.take(order[:MOST_ROWS])), getattr(model, "decision_", None))
    found = {}
    for name in samples.names:
        there = samples.views[name].any_present[order[:MOST_ROWS]]
        rows = [(int(row), int(target)) for row, target in zip(order[there.nonzero()[0]], targets[there], strict=True)]
        tested, compared = _tested(model, samples, name, rows, explainers, seed, budget // len(samples.names))
        stamps = {one.method: _stamp(one, compared, groups, seed) for one in tested if one.rows}
        if stamps:
            worst = min(stamps.values(), key=lambda stamp: (_RANK[stamp["passed"]], stamp["gain"]["value"]))
            found[name] = {**worst, "asked": compared.asked, "methods": stamps}
    return found


_RANK: Mapping[bool | None, int] = {False: 0, None: 1, True: 2}


def _tested(
    model: Explained,
    samples: Samples,
    name: str,
    rows: Sequence[tuple[int, int]],
    explainers: Sequence[Explainer],
    seed: int,
    budget: int,
) -> tuple[list[Tested], Compared]:
    tested, compared = {one.kind: Tested(one.kind) for one in explainers}, Compared()
    dice = generator(seed, "faithfulness", name)
    for row, target in rows:
        if compared.asked >= budget and len(compared.random) >= LEAST_ROWS:
            break
        one = samples.take([row])
        units, game = unit_game(model, one, name)
        if len(units) < 2:
            continue
        orders = {explainer.kind: _order(explainer, model, one, name, target, units.labels) for explainer in explainers}
        known = {kind: values for kind, (values, _) in orders.items() if values is not None}
        if not known:
            continue
        strength = edges(units)
        plain = [] if strength is None else [by_value(strength)]
        chance = [dice.permutation(len(units)) for _ in range(ORDERS)]
        answered = areas(game, target, [*map(by_value, known.values()), *chance, *plain])
        for kind, area in zip(known, answered, strict=False):
            tested[kind].rows.append(row)
            tested[kind].areas.append(area)
        drawn = answered[len(known) : len(known) + ORDERS]
        compared.random[row] = float(np.mean([(area.deletion + area.insertion) / 2 for area in drawn]))
        if plain:
            compared.edges[row] = answered[-1]
        compared.asked += sum(cost for _, cost in orders.values()) + 2 * (4 * len(answered)) + 2
    chosen = dict(rows)
    for explainer in explainers:
        of_one = tested[explainer.kind]
        some = of_one.rows[:RANDOMISED_ROWS]
        aims = np.array([chosen[row] for row in some], dtype=np.int64)
        if some:
            of_one.randomised = explainer.likeness_without_learning(model, samples.take(some), name, aims, seed)
    return list(tested.values()), compared


def _order(
    explainer: Explainer, model: Explained, row: Samples, name: str, target: int, labels: tuple[str, ...]
) -> tuple[Float[np.ndarray, " unit"] | None, int]:
    """What an explainer says of the parts, if it is about these, and how many rows it asked the model about."""
    found = explainer.explain(model, row, name, target, 0)
    if found is None:
        return None, 0
    return (found.values if found.labels == labels else None), int(found.facts.get("asked", 0))


def _stamp(tested: Tested, compared: Compared, groups: np.ndarray | None, seed: int) -> dict[str, Any]:
    """The numbers of one explainer, and the verdict."""
    rows, gains = tested.rows, np.array([area.gain for area in tested.areas])
    resampling = Resampling(len(rows), None if groups is None else groups[rows], seed)
    gain = plain_mean(gains, resampling)
    plain = np.array([compared.edges[row].gain for row in rows if row in compared.edges])
    against = plain_mean(gains - plain, resampling) if len(plain) == len(rows) else None
    passed, reason = _verdict(len(rows), gain, against, tested.randomised)
    return {
        "method": tested.method,
        "deletion": float(np.mean([area.deletion for area in tested.areas])),
        "insertion": float(np.mean([area.insertion for area in tested.areas])),
        "random": float(np.mean([compared.random[row] for row in rows])),
        "gain": gain.to_json(),
        "edges": None if against is None else float(plain.mean()),
        "randomised": tested.randomised,
        "passed": passed,
        "reason": reason,
        "rows": len(rows),
    }


def _verdict(rows: int, gain: Estimate, against: Estimate | None, randomised: float | None) -> tuple[bool | None, str]:
    """Whether an explanation passed, and if not, why, as a stable word."""
    if randomised is not None and randomised > ALIKE:
        return False, "same_without_learning"
    if rows < LEAST_ROWS:
        return None, "too_few_rows"
    if against is not None and against.high is not None and against.high < 0:
        return False, "edges_explain_better"
    if gain.low is not None and gain.low > 0:
        return True, ""
    if gain.value is not None and gain.value > 0:
        return None, "too_few_rows"
    return False, "no_better_than_chance"
