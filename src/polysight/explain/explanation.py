"""Explanation: everything that is said about why a model answered one row as it did; a value, as JSON and as a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from polysight.data.view import Problem
from polysight.explain import PAGES
from polysight.explain.base import Within
from polysight.explain.cases import Case
from polysight.explain.counterfactual import Counterfactual
from polysight.explain.modalities import Shares
from polysight.explain.voice import Voice
from polysight.objectives.imbalance.decision import choose


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why a model says what it says of one row.

    Attributes:
        classes: The labels.
        target: The class that was chosen, as a position in ``classes``; the one everything here is about.
        factors: What probabilities are multiplied by where a class is chosen; None chooses the most probable.
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

    classes: NDArray[Any]
    target: int
    factors: Float[np.ndarray, " class"] | None
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
    def prediction(self) -> Any:
        """The label."""
        return _plain(self.classes[self.target])

    @property
    def probabilities(self) -> dict[str, float]:
        """The probability of each class."""
        return self._said(self.shares.worth.everybody)

    @property
    def prior(self) -> float:
        """The probability of the chosen class when nothing is known of the row."""
        return float(self.shares.worth.nobody[self.target])

    @property
    def probability(self) -> float:
        """The probability of the chosen class; it is ``prior`` and the Shapley values of all inputs."""
        return float(self.shares.worth.everybody[self.target])

    @property
    def modalities(self) -> dict[str, dict[str, Any]]:
        """For each input its Shapley value, whether the row has it, and the answer if it were missing.

        Shapley values are in probability of the chosen class.
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
            "apart": self.voice.to_json(self.classes),
            "cases": None if self.cases is None else [self._case(case) for case in self.cases],
            "counterfactual": None if self.change is None else self._counterfactual(self.change),
            "problems": [f"{problem.column}: {problem.code}" for problem in self.problems],
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

    def _answer(self, probabilities: Float[np.ndarray, " class"]) -> dict[str, Any]:
        chosen = int(choose(probabilities[None], self.factors)[0])
        return {"prediction": _plain(self.classes[chosen]), "probabilities": self._said(probabilities)}

    def _said(self, probabilities: Float[np.ndarray, " class"]) -> dict[str, float]:
        return {str(name): float(value) for name, value in zip(self.classes, probabilities, strict=True)}

    def _case(self, case: Case) -> dict[str, Any]:
        return {"row": case.row, "label": _plain(self.classes[case.code]), "distance": case.distance}

    def _counterfactual(self, change: Counterfactual) -> dict[str, Any]:
        told: dict[str, Any] = {"found": bool(change.changes), "tried": change.tried}
        if change.changes:
            told |= {"changes": [one.to_json() for one in change.changes], **self._answer(change.probabilities)}
        return told


def _plain(label: Any) -> Any:
    """A label as JSON holds it."""
    return label.item() if isinstance(label, np.generic) else label
