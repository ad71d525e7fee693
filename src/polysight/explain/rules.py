"""Rules: what a model does, told as a few if-then rules over readable facts - and how well they tell it.

A small decision tree is fitted to what the model says of some rows; whether it says the same is measured on others.

Source: M. Craven, J. Shavlik, "Extracting tree-structured representations of trained networks", NIPS 1995 (fidelity);
Breiman et al., "Classification and Regression Trees", 1984.
Departures: no rows are made up; leaves that say the same are joined; a row of which a fact is unknown that no fitted
row lacked is covered by no rule, which counts against them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int
from sklearn.tree import DecisionTreeClassifier

from polysight.core.errors import DataError
from polysight.core.randomness import derived_seed
from polysight.data.samples import Samples
from polysight.data.splits import holdout
from polysight.evaluation.intervals import Estimate, share_estimate
from polysight.evaluation.resampling import Resampling
from polysight.explain.conditions import PRESENT, Asked, Condition, facts_of, measured
from polysight.modalities.base import Modality

#: The most conditions of a rule.
DEPTH = 4
#: A rule stands for so many fitted rows at least.
LEAST_ROWS = 5
#: The part of the rows on which rules are judged, and the fewest rows that are enough for both.
JUDGED, FEWEST = 1 / 3, 30
#: Rules that say what the model says of fewer rows than this are called not faithful.
FAITHFUL = 0.8


@dataclass(frozen=True)
class Rule:
    """One rule: if all conditions hold, the model says this class.

    Attributes:
        conditions: In the order of the inputs; empty where the model says one class of everything.
        says: The class, as a position in ``classes``.
        coverage: The share of judged rows in which the conditions hold.
        fidelity: In what share of these the model says the class; None where they hold in none.
        rows: How many these are.
    """

    conditions: tuple[Condition, ...]
    says: int
    coverage: float = 0.0
    fidelity: float | None = None
    rows: int = 0


@dataclass(frozen=True)
class Rules:
    """The rules of a model, those that cover most first.

    Attributes:
        rules: No two cover the same row.
        classes: The labels.
        fidelity: The share of judged rows of which rules and model say the same.
        majority: The same of always saying what the model says most often of fitted rows.
        fitted_on: How many rows the rules were fitted on.
        judged_on: How many others they were judged on.
    """

    rules: tuple[Rule, ...]
    classes: tuple[str, ...]
    fidelity: Estimate
    majority: float
    fitted_on: int
    judged_on: int

    @property
    def faithful(self) -> bool:
        """Whether the rules may stand for the model: nearly always, and surely more often than a constant would."""
        value, low = self.fidelity.value, self.fidelity.low
        always = len(self.rules) == 1
        return value is not None and value >= FAITHFUL and (always or (low is not None and low > self.majority))

    def to_json(self) -> dict[str, Any]:
        """Everything, as JSON holds it."""
        return {
            "faithful": self.faithful,
            "fidelity": self.fidelity.to_json(),
            "majority": self.majority,
            "fitted_on": self.fitted_on,
            "judged_on": self.judged_on,
            "classes": list(self.classes),
            "rules": [
                {
                    "if": [condition.to_json() for condition in rule.conditions],
                    "then": self.classes[rule.says],
                    "coverage": rule.coverage,
                    "fidelity": rule.fidelity,
                    "rows": rule.rows,
                }
                for rule in self.rules
            ],
        }


def learn_rules(
    samples: Samples,
    inputs: Mapping[str, Modality],
    said: Int[np.ndarray, " row"],
    classes: Sequence[Any],
    *,
    groups: np.ndarray | None = None,
    seed: int = 0,
) -> Rules | None:
    """Put what a model says of some rows into rules.

    Args:
        samples: Rows the model has not learned from.
        inputs: The settled modality of each input.
        said: What the model says of each row, as positions in ``classes``.
        classes: The labels.
        groups: The group of each row; rules are judged on groups they were not fitted on.
        seed: Same seed, same rules.

    Returns:
        The rules; None where there are too few rows, or groups, to fit rules and to judge them.
    """
    if len(said) < FEWEST:
        return None
    codes = None if groups is None else np.unique(groups, return_inverse=True)[1]
    try:
        fitted, judged = holdout(said, codes, fraction=JUDGED, seed=derived_seed(seed, "rules"))
    except DataError:
        return None
    asked = facts_of(samples.take(fitted), inputs)
    table = measured(samples, inputs, asked)
    found = _rules(asked, table[fitted], said[fitted], derived_seed(seed, "rules", "tree"))
    told, judged_table, truth = np.full(len(judged), -1), table[judged], said[judged]
    weighed = []
    for rule in found:
        covered = holding(rule.conditions, asked, judged_table)
        told[covered] = rule.says
        right = float((truth[covered] == rule.says).mean()) if covered.any() else None
        weighed.append(Rule(rule.conditions, rule.says, float(covered.mean()), right, int(covered.sum())))
    usual = np.bincount(said[fitted]).argmax()
    resampling = Resampling(len(judged), None if codes is None else codes[judged], seed)
    return Rules(
        tuple(sorted(weighed, key=lambda rule: -rule.coverage)),
        tuple(str(name) for name in classes),
        share_estimate(told == truth, resampling),
        float((truth == usual).mean()),
        len(fitted),
        len(judged),
    )


def holding(
    conditions: Sequence[Condition], asked: Sequence[Asked], table: Float[np.ndarray, "row fact"]
) -> Bool[np.ndarray, " row"]:
    """The rows in which all conditions hold."""
    holds = np.ones(len(table), dtype=bool)
    for condition in conditions:
        holds &= condition.holds(table[:, asked.index(condition.asked)])
    return holds


def _rules(
    asked: Sequence[Asked], table: Float[np.ndarray, "row fact"], said: Int[np.ndarray, " row"], seed: int
) -> list[Rule]:
    """The leaves of a tree that was fitted to the rows."""
    telling = np.flatnonzero([len(np.unique(column)) > 1 for column in table.T])
    if len(telling) == 0 or len(np.unique(said)) == 1:
        return [Rule((), int(np.bincount(said).argmax()))]
    grown = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=LEAST_ROWS, random_state=seed)
    tree = grown.fit(table[:, telling].astype(np.float32), said).tree_
    unknown = np.isnan(table).any(axis=0)
    found: list[Rule] = []

    def grow(node: int) -> int | None:
        """The one class that all leaves below a node say, if it is one."""
        left, right = tree.children_left[node], tree.children_right[node]
        if left < 0:
            return int(grown.classes_[tree.value[node][0].argmax()])
        below, above = grow(left), grow(right)
        return below if below == above else None

    def tell(node: int, path: dict[int, Condition]) -> None:
        says = grow(node)
        if says is not None:
            found.append(Rule(tuple(path[place] for place in sorted(path)), says))
            return
        place, threshold = int(telling[tree.feature[node]]), float(tree.threshold[node])
        lost_left = bool(tree.missing_go_to_left[node])
        there = asked.index(Asked(asked[place].input, PRESENT))
        if threshold == np.inf and (np.isnan(table[:, place]) == (table[:, there] == 0)).all():
            # Known or unknown is the same as there or not, which is plainer; what is known goes left.
            before = path.get(there, Condition(asked[there]))
            tell(tree.children_left[node], {**path, there: before.more_than(0.5, unknown=False)})
            tell(tree.children_right[node], {**path, there: before.at_most(0.5, unknown=False)})
            return
        before = path.get(place, Condition(asked[place], unknown=bool(unknown[place])))
        tell(tree.children_left[node], {**path, place: before.at_most(threshold, unknown=lost_left)})
        tell(tree.children_right[node], {**path, place: before.more_than(threshold, unknown=not lost_left)})

    tell(0, {})
    return found
