"""What explains an answer from within one input: a model and one row in, a value for each readable part out.

An explainer is one file and one line in ``WITHIN``. It asks the model through ``predict_samples`` (few calls, many rows
each), whatever the model is; one that looks inside networks asks for them by a method of its own that models declare.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np
from jaxtyping import Float, Int, UInt8

from polysight.data.samples import Samples
from polysight.evaluation.variants import Predictor
from polysight.modalities.base import Modality


class Explained(Predictor, Protocol):
    """What explanations need of a model; every fitted learner has it."""

    @property
    def inputs_(self) -> dict[str, Modality]:
        """The settled modality of each input."""


@dataclass(frozen=True, eq=False)
class Within:
    """What the parts of one input did for one class, one label or an amount.

    Attributes:
        method: The kind of explainer.
        unit: What a part is: ``region``, ``word``, ``band``, ``frame``, ``slice``, ``column``...
        labels: The parts, as a reader would name them (a word, ``0.5-0.7 s``, ``age = 63``), unique or not.
        values: How much each part spoke for the class, in probability unless ``facts`` says otherwise, or how much it
            raised the amount; NaN is refused.
        picture: The input as it was seen, to lay ``heat`` over or to show beside the values.
        heat: Where on the picture the values are, of any size with the picture's proportions; positive speaks for the
            class, negative against it.
        facts: What else there is to say, as JSON holds it (samples drawn, a fit's R2, the layer...).
    """

    method: str
    unit: str
    labels: tuple[str, ...]
    values: Float[np.ndarray, " unit"]
    picture: UInt8[np.ndarray, "height width_px 3"] | None = None
    heat: Float[np.ndarray, "y x"] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The parts and their values; pictures are for the page only."""
        values = [float(value) for value in self.values]
        return {"unit": self.unit, "labels": list(self.labels), "values": values, **self.facts}


class Explainer(ABC):
    """One way to look inside an input.

    Rows that are made to ask the model (``Samples`` with parts hidden) must have content keys of their own wherever
    their content differs, and carry nothing derived from another content (``View.derived``): everything that remembers
    results goes by keys.
    """

    #: The name in the registry, and in ``within`` of an explanation.
    kind: ClassVar[str]
    #: Whether it belongs to every explanation; others come when asked for by name.
    by_default: ClassVar[bool] = True

    @abstractmethod
    def explain(self, model: Explained, row: Samples, name: str, target: int, seed: int) -> Within | None:
        """Explain what one input did for one class.

        Args:
            model: A fitted model.
            row: One row, with every input of the model.
            name: The input, which the row has.
            target: The class, label or amount, as a position in the model's answer.
            seed: Same seed, same result.

        Returns:
            The parts and their values; None where this explainer has nothing to say of such an input or model.
        """

    def likeness_without_learning(
        self, model: Explained, rows: Samples, name: str, targets: Int[np.ndarray, " row"], seed: int
    ) -> float | None:
        """The mean rank correlation (-1 to 1) with what it says when networks have lost what they learned.

        None where it does not look into networks: a whole model is too dear to learn again.
        """
        return None
