"""OneTarget: a learner of any targets, asked about one of them only, as explanations ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from jaxtyping import Float
from numpy import ndarray

from polysight.data.samples import Samples
from polysight.data.target_kinds.base import Answers
from polysight.data.target_kinds.several import Part
from polysight.explain.voice import Voice
from polysight.modalities.base import Modality

if TYPE_CHECKING:
    from polysight.learners.target_learner import TargetLearner


@dataclass(frozen=True, eq=False)
class OneTarget:
    """What an explanation needs of a learner, of one of its targets.

    Such learners keep no training rows or cells to set an answer beside, and their explanations are not tested.

    Attributes:
        learner: The learner.
        part: The target, and where it stands in the learner's answers.
    """

    cases_: ClassVar[None] = None
    values_: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    rules_: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    faithfulness_: ClassVar[Mapping[str, Any]] = MappingProxyType({})

    learner: TargetLearner
    part: Part

    @property
    def inputs_(self) -> dict[str, Modality]:
        """The learner's inputs."""
        return self.learner.inputs_

    @property
    def prior_(self) -> Float[ndarray, " answer"]:
        """What is said about a row in which nothing can be read."""
        return self.learner.prior_[self.part.answers]

    @property
    def random_state(self) -> int:
        """The learner's."""
        return self.learner.random_state

    def predict_samples(self, samples: Samples) -> Answers:
        """The answers to this target."""
        return self.learner.predict_samples(samples)[:, self.part.answers]

    def prepared(self, samples: Samples) -> Samples:
        """The same samples with what answering derives from them."""
        return self.learner.prepared(samples)

    def apart(self, row: Samples) -> Voice:
        """What is said of one row, and what that was made of."""
        return self.learner.apart(row, self.part)
