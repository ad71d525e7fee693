"""Subject: what an explanation is about - one class, one label or an amount - and what an answer says of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float

from polysight.data.target_kinds.base import Target
from polysight.data.target_kinds.labels import THRESHOLD
from polysight.explain.measure import InUnits, Measure, Probability
from polysight.explain.shapley import Worth
from polysight.objectives.imbalance.decision import choose

#: What a model answers to one row, as one number for each of the target's ``names``.
Answer = Float[np.ndarray, " answer"]


@dataclass(frozen=True, eq=False)
class Subject(ABC):
    """One of the numbers a model answers a row with.

    Attributes:
        target: What is predicted.
        asked: The number that was asked about, as its place in ``target.names``; None leaves it to the answer.
    """

    #: By which words a page speaks of it: ``class``, ``label`` or ``amount``.
    kind: ClassVar[str]
    #: Whether what is said is a choice, so that an input can switch it.
    chooses: ClassVar[bool] = True

    target: Target
    asked: int | None = None

    @abstractmethod
    def place(self, answer: Answer) -> int:
        """The place of the number that is explained."""

    def says(self, answer: Answer) -> Any:
        """What the model says given such an answer, as JSON holds it."""
        return self.target.decode(answer[None])[0]

    def votes(self, answer: Answer) -> Any:
        """What a part of the model says by itself."""
        return self.says(answer)

    def stands(self, place: int, answer: Answer) -> bool:
        """Whether what is explained is (among) what the model says."""
        return True

    def less_probable(self, answer: Answer) -> bool:
        """Whether the model says something although it finds something else more probable."""
        return False

    def probabilities(self, answer: Answer) -> dict[str, float]:
        """The probability of each class or label."""
        return {str(name): float(value) for name, value in zip(self.target.names, answer, strict=True)}

    def vote_json(self, answer: Answer) -> dict[str, Any]:
        """What a part of the model says, as JSON holds it."""
        return {"probabilities": self.probabilities(answer)}

    def about_json(self, place: int, answer: Answer) -> dict[str, Any]:
        """What the explanation is about, where the answer alone does not tell."""
        told = {"about": self.target.names[place]}
        return {**told, "target": self.target.name} if self.target.name else told

    def measure(self, worth: Worth, place: int) -> Measure:
        """What the values of an explanation are measured in."""
        return Probability()


@dataclass(frozen=True, eq=False)
class OneClass(Subject):
    """A class; by default the one that is chosen.

    Attributes:
        factors: What probabilities are multiplied by where a class is chosen; None chooses the most probable.
    """

    kind: ClassVar[str] = "class"

    factors: Float[np.ndarray, " class"] | None = None

    def place(self, answer: Answer) -> int:
        """The class asked about, or the one chosen."""
        return self._chosen(answer) if self.asked is None else self.asked

    def says(self, answer: Answer) -> Any:
        """The class that is chosen."""
        return self.target.names[self._chosen(answer)]

    def votes(self, answer: Answer) -> Any:
        """The most probable class: only the whole model favours any."""
        return self.target.names[int(answer.argmax())]

    def stands(self, place: int, answer: Answer) -> bool:
        """Whether the class is the chosen one."""
        return place == self._chosen(answer)

    def less_probable(self, answer: Answer) -> bool:
        """Whether another class is more probable than the chosen one."""
        return bool(answer[self._chosen(answer)] < answer.max())

    def about_json(self, place: int, answer: Answer) -> dict[str, Any]:
        """Nothing where it is about the prediction of a model that predicts nothing else."""
        return {} if self.stands(place, answer) and not self.target.name else super().about_json(place, answer)

    def _chosen(self, answer: Answer) -> int:
        return int(choose(answer[None], self.factors)[0])


@dataclass(frozen=True, eq=False)
class OneLabel(Subject):
    """A label; by default the most probable one."""

    kind: ClassVar[str] = "label"

    def place(self, answer: Answer) -> int:
        """The label asked about, or the most probable one."""
        return int(answer.argmax()) if self.asked is None else self.asked

    def stands(self, place: int, answer: Answer) -> bool:
        """Whether the row is said to have the label."""
        return bool(answer[place] >= THRESHOLD)


@dataclass(frozen=True, eq=False)
class OneAmount(Subject):
    """An amount: values are in its own unit, and there is no probability."""

    kind: ClassVar[str] = "amount"
    chooses: ClassVar[bool] = False

    def place(self, answer: Answer) -> int:
        """There is but one number."""
        return 0

    def says(self, answer: Answer) -> float:
        """The amount."""
        return float(answer[0])

    def probabilities(self, answer: Answer) -> dict[str, float]:
        """None."""
        return {}

    def vote_json(self, answer: Answer) -> dict[str, Any]:
        """The amount."""
        return {"prediction": self.says(answer), "probabilities": {}}

    def measure(self, worth: Worth, place: int) -> Measure:
        """The unit of the amount, as fine as what inputs change about it calls for."""
        whole = np.array([worth.nobody[place], worth.everybody[place]])
        changes = np.abs([*worth.players[:, place], *(worth.without[:, place] - whole[1])])
        return InUnits(float(changes.max()), float(np.abs(whole).max()))


#: What explains a target of each kind.
SUBJECTS: Mapping[str, type[OneClass] | type[OneLabel] | type[OneAmount]] = {
    "classification": OneClass,
    "multilabel": OneLabel,
    "regression": OneAmount,
}
