"""The study ``faithfulness``: how the explanations that belong to every answer stand up to tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.evaluation.studies.base import Case, Study
from polysight.explain import WITHIN
from polysight.explain.faithfulness import faithfulness


class FaithfulnessStudy(Study):
    """The explainers of every explanation, on some of the rows; nothing where many models answered these."""

    kind: ClassVar[str] = "faithfulness"

    def run(self, case: Case) -> Mapping[str, Any] | None:
        """See ``explain.faithfulness``."""
        model: Any = case.model
        if getattr(model, "inputs_", None) is None:
            return None
        usual = [kind() for kind in map(WITHIN.load, WITHIN) if kind.by_default]
        return faithfulness(model, case.samples, usual, groups=case.groups, seed=case.seed) or None
