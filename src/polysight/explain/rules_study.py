"""The study ``rules``: the model's answers to the rows it is measured on, as if-then rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

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
        some = case.take(np.sort(order[:MOST_ROWS]))
        said = some.variants.chosen(some.variants.whole)
        labels = case.classes.tolist()
        rules = learn_rules(some.samples, inputs, said, labels, groups=some.groups, seed=case.seed)
        return None if rules is None else rules.to_json()
