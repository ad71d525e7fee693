"""Split: the rows all methods learn from, and the rows all of them are judged on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, Shaped

from polysight.core.randomness import generator
from polysight.data.samples import Samples
from polysight.data.view import content_key
from polysight.modalities.inputs import Task


@dataclass(frozen=True, eq=False)
class Split:
    """Training rows and test rows.

    Attributes:
        train: The training rows.
        test: The test rows, read.
        codes: The class of each test row; -1 for a label never seen in training.
        groups: The group of each test row, or None.
    """

    train: Task
    test: Samples
    codes: Int[np.ndarray, " row"]
    groups: Shaped[np.ndarray, " row"] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The inputs."""
        return self.test.names

    def fingerprint(self) -> str:
        """A content key for all rows, their classes and groups."""
        train = self.train
        arrays = [train.codes, self.codes, *(g for g in (train.groups, self.groups) if g is not None)]
        views = [v.fingerprint() for samples in (train.samples, self.test) for v in samples.views.values()]
        return content_key([*self.names, *views, *(np.ascontiguousarray(a).tobytes() for a in arrays)]).decode()

    def shuffled(self, name: str, seed: int) -> Samples:
        """The test rows with the cells of one input dealt out anew among them."""
        order = generator(seed, "shuffled", name).permutation(len(self.test))
        return Samples({n: v.take(order) if n == name else v for n, v in self.test.views.items()})

    def sampled(self, count: int) -> Int[np.ndarray, " some"]:
        """Some test rows, in order; the same for every seed, so that trials can be put together."""
        return np.sort(generator(0, "sampled").permutation(len(self.test))[:count])
