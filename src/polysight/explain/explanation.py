"""Explanation: everything that is said about why a model answered one row as it did; a value, as JSON and as a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
from jaxtyping import Float

from polysight.data.view import Problem
from polysight.explain import PAGES
from polysight.explain.base import Within
from polysight.explain.cases import Case
from polysight.explain.counterfactual import Counterfactual
from polysight.explain.measure import Measure
from polysight.explain.modalities import Shares
from polysight.explain.subject import Subject
from polysight.explain.voice import Voice


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why a model says what it says of one row.

    Attributes:
        subject: What everything here is about: a class, a label or an amount.
        shares: What each input is worth.
        voice: The model taken apart.
        within: What the parts of each input did, by input and explainer.
        cases: The nearest training rows, nearest first; None where the model keeps none or they are not to be shown.
        change: The smallest change of table cells that changes the answer; None where there is no such cell.
        cells: What the table holds for each input, as text, by input and column.
        problems: The cells of the row that could not be read.
        faithfulness: How explanations of each input stood up to tests, by input.
        rules: What the model does in a few rules, and how well they do it.
    """

    subject: Subject
    shares: Shares
    voice: Voice
    within: Mapping[str, Mapping[str, Within]] = field(default_factory=dict)
    cases: tuple[Case, ...] | None = None
    change: Counterfactual | None = None
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    faithfulness: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> int:
        """The number of the answer that is explained, as its position among ``subject.target.names``."""
        return self.subject.place(self.shares.worth.everybody)

    @property
    def about(self) -> Any:
        """The class or label that is explained (by default the predicted one), or the name of the amount."""
        return self.subject.target.names[self.target]

    @property
    def stands(self) -> bool:
        """Whether what is explained is (among) what the model says."""
        return self.subject.stands(self.target, self.shares.worth.everybody)

    @property
    def prediction(self) -> Any:
        """What the model says: a class, labels as a cell holds them, or an amount."""
        return self.subject.says(self.shares.worth.everybody)

    @property
    def probabilities(self) -> dict[str, float]:
        """The probability of each class or label; empty where an amount is predicted."""
        return self.subject.probabilities(self.shares.worth.everybody)

    @property
    def prior(self) -> float:
        """What ``value`` is when nothing is known of the row."""
        return float(self.shares.worth.nobody[self.target])

    @property
    def value(self) -> float:
        """The probability of what is explained, or the amount; it is ``prior`` and the Shapley values of all inputs."""
        return float(self.shares.worth.everybody[self.target])

    @property
    def probability(self) -> float:
        """``value`` by the name it has where classes or labels are predicted."""
        return self.value

    @property
    def measure(self) -> Measure:
        """What ``value`` and all differences are measured in."""
        return self.subject.measure(self.shares.worth, self.target)

    @property
    def modalities(self) -> dict[str, dict[str, Any]]:
        """For each input its Shapley value, whether the row has it, and the answer if it were missing.

        Shapley values are in probability of what is explained, or in the unit of the amount.
        """
        worth = self.shares.worth
        told = {name: self._answer(worth.without[place]) for place, name in enumerate(self.shares.names)}
        told |= dict.fromkeys(self.shares.absent, self._answer(worth.everybody))
        return self.shares.to_json(self.target, told)

    @property
    def interactions(self) -> dict[str, float]:
        """What two inputs add together to the sum of what each adds, by ``<input> + <input>``."""
        return self.shares.interactions(self.target)

    def to_json(self) -> dict[str, Any]:
        """All of it but pictures, as JSON holds it."""
        return {
            "prediction": self.prediction,
            "probabilities": self.probabilities,
            "modalities": self.modalities,
            "interactions": self.interactions,
            "within": {
                name: {kind: part.to_json() for kind, part in parts.items()} for name, parts in self.within.items()
            },
            "faithfulness": {name: dict(stamp) for name, stamp in self.faithfulness.items()},
            "rules": dict(self.rules),
            "prior": self.prior,
            "exact": self.shares.exact,
            "apart": self.voice.to_json(self.subject.vote_json),
            "cases": None if self.cases is None else [self._case(case) for case in self.cases],
            "counterfactual": None if self.change is None else self._counterfactual(self.change),
            "problems": [f"{problem.column}: {problem.code}" for problem in self.problems],
            **self.subject.about_json(self.target, self.shares.worth.everybody),
        }

    def to_html(self, lang: str = "en") -> str:
        """One self-contained page.

        Args:
            lang: ``en`` or ``zh``.

        Raises:
            ConfigError: A language polysight does not speak.
        """
        page: Any = PAGES.load("explanation")
        return str(page(self, lang=lang))

    def _repr_html_(self) -> str:
        """The page in a frame, so that its style does not leave it."""
        page = escape(self.to_html())
        return f'<iframe srcdoc="{page}" style="width:100%;height:48rem;border:0" sandbox></iframe>'

    def _answer(self, answer: Float[np.ndarray, " answer"]) -> dict[str, Any]:
        return {"prediction": self.subject.says(answer), "probabilities": self.subject.probabilities(answer)}

    def _case(self, case: Case) -> dict[str, Any]:
        return {"row": case.row, "label": self.subject.target.names[case.code], "distance": case.distance}

    def _counterfactual(self, change: Counterfactual) -> dict[str, Any]:
        told: dict[str, Any] = {"found": bool(change.changes), "tried": change.tried}
        if change.changes:
            told |= {"changes": [one.to_json() for one in change.changes], **self._answer(change.probabilities)}
        return told
