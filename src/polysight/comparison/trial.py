"""Trial: what one fitted method answered to the test rows, whole and with inputs missing or shuffled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from jaxtyping import Float, Int

#: The test rows as they are.
COMPLETE = "complete"

Answers = Float[np.ndarray, "row class"]


@dataclass(frozen=True, eq=False)
class Trial:
    """One method fitted with one seed.

    Attributes:
        answers: Probabilities of the test rows: ``complete``, ``without <input>``, ``shuffled <input>``.
        parameters: How many numbers were learned.
        seconds: How long fitting took.
        additive: Probabilities of some test rows by the additive projection of the model; None where it has none.
        sampled: Which test rows these are.
    """

    answers: Mapping[str, Answers]
    parameters: int
    seconds: float
    additive: Answers | None = None
    sampled: Int[np.ndarray, " some"] | None = None

    def right(self, codes: Int[np.ndarray, " row"], what: str = COMPLETE) -> Float[np.ndarray, " row"]:
        """One for each row that is answered rightly, zero for the others."""
        return (self.answers[what].argmax(axis=1) == codes).astype(np.float64)

    def to_state(self) -> dict[str, Any]:
        """Everything, as arrays and numbers."""
        return {
            "answers": {name: answers.astype(np.float32) for name, answers in self.answers.items()},
            "parameters": self.parameters,
            "seconds": self.seconds,
            "additive": None if self.additive is None else self.additive.astype(np.float32),
            "sampled": self.sampled,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``; answers come back in double precision, as they are kept."""
        answers = {name: values.astype(np.float64) for name, values in state["answers"].items()}
        additive = None if state["additive"] is None else state["additive"].astype(np.float64)
        return cls(answers, state["parameters"], state["seconds"], additive, state["sampled"])
