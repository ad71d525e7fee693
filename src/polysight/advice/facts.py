"""Facts: everything a plan depends on - the data, the machine - and nothing that is measured on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Int

from polysight.core.devices import cpu_count, free_memory
from polysight.data.samples import Samples
from polysight.modalities.base import Modality


@dataclass(frozen=True)
class Facts:
    """What the plan depends on.

    Attributes:
        rows: Training rows.
        classes: Classes.
        rarest: Rows of the rarest class.
        commonest: Rows of the most frequent class.
        inputs: The settled modality of each input.
        present: The share of rows that have each input, 0 to 1.
        groups: How many groups there are; None where each row stands for itself.
        megabytes: What has been read, in memory.
        cores: The cores of this process.
        memory: The free memory in megabytes; None where the system does not say.
        accelerator: ``cpu``, ``cuda`` or ``mps``.
    """

    rows: int
    classes: int
    rarest: int
    commonest: int
    inputs: Mapping[str, Modality]
    present: Mapping[str, float]
    groups: int | None
    megabytes: float
    cores: int
    memory: float | None
    accelerator: str

    @classmethod
    def of(
        cls,
        samples: Samples,
        codes: Int[np.ndarray, " row"],
        groups: Int[np.ndarray, " row"] | None,
        *,
        inputs: Mapping[str, Modality],
        classes: int,
        accelerator: str = "cpu",
    ) -> Self:
        """The facts of samples that have been read."""
        counts = np.bincount(codes, minlength=classes)
        arrays = [array for view in samples.views.values() for array in view.arrays.values()]
        return cls(
            rows=len(codes),
            classes=classes,
            rarest=int(counts.min()),
            commonest=int(counts.max()),
            inputs=inputs,
            present={name: float(view.any_present.mean()) for name, view in samples.views.items()},
            groups=None if groups is None else len(np.unique(groups)),
            megabytes=sum(array.nbytes for array in arrays) / 1e6,
            cores=cpu_count(),
            memory=free_memory(),
            accelerator=accelerator,
        )
