"""Schedules: the learning rate of each step, as a share of the optimiser's.

A schedule is a function of the step alone, so that there is no state to save and a training that was cut off goes on
exactly.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

Share = Annotated[float, Field(ge=0, le=1)]


class Schedule(ABC):
    """Shares of a learning rate. Schedules are frozen dataclasses: their fields are their options."""

    kind: ClassVar[str]

    @abstractmethod
    def share(self, step: int, steps: int) -> float:
        """The share of the learning rate, 0 to 1, in a step (counted from 0) out of all."""


@dataclass(frozen=True)
class Constant(Schedule):
    """The same learning rate in all steps."""

    kind: ClassVar[str] = "constant"

    def share(self, step: int, steps: int) -> float:
        """One; see ``Schedule.share``."""
        return 1.0


@dataclass(frozen=True)
class Cosine(Schedule):
    """A warm-up, then a cosine down to zero.

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, ICLR 2017 (without restarts).

    Attributes:
        warmup: The share of all steps in which the learning rate rises from zero, 0 to 1.
        floor: What it falls to, as a share of the highest.
    """

    kind: ClassVar[str] = "cosine"

    warmup: Share = 0.1
    floor: Share = 0.0

    def share(self, step: int, steps: int) -> float:
        """See ``Schedule.share``."""
        rising = self.warmup * steps
        if step < rising:
            return (step + 1) / (rising + 1)
        done = (step - rising) / max(steps - rising, 1)
        return self.floor + (1 - self.floor) * 0.5 * (1 + math.cos(math.pi * done))


@dataclass(frozen=True)
class OneCycle(Schedule):
    """Half a cosine up to the highest learning rate, then half a cosine down to nearly nothing.

    Source: Smith and Topin, Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates, 2018.
    Departures: cosines for straight lines, as in PyTorch; momentum stays as it is.

    Attributes:
        rising: The share of all steps up to the highest learning rate, above 0 to below 1.
        start: The first step's share of the highest learning rate.
        end: The last step's share.
    """

    kind: ClassVar[str] = "one_cycle"

    rising: Annotated[float, Field(gt=0, lt=1)] = 0.3
    start: Annotated[float, Field(gt=0, le=1)] = 0.04
    end: Annotated[float, Field(gt=0, le=1)] = 4e-6

    def share(self, step: int, steps: int) -> float:
        """See ``Schedule.share``."""
        top = self.rising * steps - 1
        if step <= top:
            return _cosine(self.start, 1.0, step / top if top > 0 else 1.0)
        return _cosine(1.0, self.end, (step - top) / max(steps - 1 - top, 1e-9))


@dataclass(frozen=True)
class Steps(Schedule):
    """The full learning rate, multiplied by the same factor after each of some shares of the training.

    Attributes:
        after: The shares of all steps after which the learning rate falls, each 0 to 1.
        factor: What it is multiplied by each time, above 0 to 1.
    """

    kind: ClassVar[str] = "step"

    after: tuple[Share, ...] = (0.5, 0.75)
    factor: Annotated[float, Field(gt=0, le=1)] = 0.1

    def share(self, step: int, steps: int) -> float:
        """See ``Schedule.share``."""
        return self.factor ** sum(step >= share * steps for share in self.after)


def _cosine(start: float, end: float, done: float) -> float:
    return end + (start - end) * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))
