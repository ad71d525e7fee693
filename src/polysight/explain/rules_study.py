"""The study ``rules``: the model's answers to the rows it is measured on, as if-then rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.core.randomness import generator
from polysight.evaluation.studies.base import Case, Study
from polysight.explain.rules import learn_rules

#: Rules are fitted and judged on so many rows at most.
MOST_ROWS = 2000


class RulesStudy(Study):
    """What the model says, as rules; nothing where many models answered, or too few rows are there to judge rules."""

    kind: ClassVar[str] = "rules"

    def run(self, case: Case) -> Mapping[str, Any] | None:
        """See ``explain.rules``."""
        inputs = getattr(case.model, "inputs_", None)
        if inputs is None:
            return None
        order = generator(case.seed, "rules", "rows").permutation(len(case.codes))
        some = order[:MOST_ROWS]
        some.sort()
        said = case.variants.chosen(case.variants.whole)[some]
        groups = None if case.groups is None else case.groups[some]
        rules = learn_rules(case.samples.take(some), inputs, said, case.classes.tolist(), groups=groups, seed=case.seed)
        return None if rules is None else rules.to_json()
