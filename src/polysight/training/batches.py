"""Batches: rows of samples as tensors; in training shuffled and augmented, the same for the same seed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from polysight.core.randomness import generator
from polysight.data.samples import Samples
from polysight.modalities.base import Arrays, Modality

T = TypeVar("T")

#: Changes which rows the batches of an epoch hold: the batches, the class of each row, what is random.
Redraw = Callable[
    [Sequence[Int[np.ndarray, " some"]], Int[np.ndarray, " row"], np.random.Generator],
    Sequence[Int[np.ndarray, " some"]],
]

#: Classes, or the columns of other targets.
Truth = Int[Tensor, " batch"] | Float[Tensor, "batch column"]
#: The same of rows that are not cut into batches yet.
RowTruth = Int[np.ndarray, " row"] | Float[np.ndarray, "row column"]

#: How many batches are made ahead of the one that is trained on.
AHEAD = 2


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows as tensors.

    Attributes:
        arrays: For each modality the arrays its encoder takes.
        present: For each modality which slots are there.
        targets: The class of each row, or the numbers its targets are, where they are known.
        progress: In training, how much of it is done, 0 to 1.
    """

    arrays: Mapping[str, Mapping[str, Tensor]]
    present: Mapping[str, Bool[Tensor, "batch slot"]]
    targets: Truth | None = None
    progress: float = 0.0

    def __len__(self) -> int:
        return len(next(iter(self.present.values())))

    @property
    def truth(self) -> Any:
        """The targets, where there must be some.

        Raises:
            ValueError: The rows came without classes.
        """
        if self.targets is None:
            raise ValueError("these rows came without classes")
        return self.targets

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device; itself where it is there already."""
        if all(present.device == device for present in self.present.values()):
            return self
        return Batch(
            {name: {key: array.to(device) for key, array in arrays.items()} for name, arrays in self.arrays.items()},
            {name: present.to(device) for name, present in self.present.items()},
            None if self.targets is None else self.targets.to(device),
            self.progress,
        )

    def part(self, rows: slice) -> Batch:
        """Some of the rows."""
        return Batch(
            {name: {key: array[rows] for key, array in arrays.items()} for name, arrays in self.arrays.items()},
            {name: present[rows] for name, present in self.present.items()},
            None if self.targets is None else self.targets[rows],
            self.progress,
        )


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows that are ready to be cut into batches: every fitted modality's ``transform`` is done.

    Attributes:
        modalities: The fitted modalities.
        arrays: What ``transform`` gave, by modality.
        present: Which slots are there, by modality.
        codes: The class of each row; or numbers, float32 [row, column], for targets of other kinds.
        changing: Of which classes rows are augmented; None: of all.
    """

    modalities: Mapping[str, Modality]
    arrays: Mapping[str, Arrays]
    present: Mapping[str, Bool[np.ndarray, "row slot"]]
    codes: RowTruth | None = None
    changing: Bool[np.ndarray, " class"] | None = None

    @classmethod
    def of(cls, samples: Samples, modalities: Mapping[str, Modality], codes: RowTruth | None = None) -> Rows:
        """Transform samples; inputs the samples do not have are left out (a network takes them as absent)."""
        there = {name: modality for name, modality in modalities.items() if name in samples.views}
        arrays = {name: modality.transform(samples.views[name]) for name, modality in there.items()}
        return cls(there, arrays, {name: samples.views[name].present for name in there}, codes)

    def __len__(self) -> int:
        return len(next(iter(self.present.values())))

    @property
    def changes(self) -> bool:
        """Whether any modality augments at all."""
        return any(modality.augments for modality in self.modalities.values())

    def batch(self, rows: Int[np.ndarray, " row"] | slice) -> Batch:
        """The given rows as they are."""
        return self._batch(rows, {name: _taken(arrays, rows) for name, arrays in self.arrays.items()})

    def augmented_batch(self, rows: Int[np.ndarray, " row"], seed: int, *place: int) -> Batch:
        """The given rows, changed at random; ``place`` (epoch, step) names the random numbers, whatever the thread."""
        changed = {
            name: self._changed(name, _taken(arrays, rows), rows, generator(seed, "augment", name, *place))
            for name, arrays in self.arrays.items()
        }
        return self._batch(rows, changed)

    def _changed(self, name: str, arrays: Arrays, rows: Int[np.ndarray, " row"], rng: np.random.Generator) -> Arrays:
        modality = self.modalities[name]
        if self.changing is None or self.codes is None:
            return modality.augmented(arrays, rng)
        some = np.flatnonzero(self.changing[self.codes[rows]])
        mixed = {key: array.copy() for key, array in arrays.items()}
        if len(some):
            for key, array in modality.augmented(_taken(arrays, some), rng).items():
                mixed[key][some] = array
        return mixed

    def _batch(self, rows: Int[np.ndarray, " row"] | slice, arrays: Mapping[str, Arrays]) -> Batch:
        return Batch(
            {name: {key: _tensor(array) for key, array in named.items()} for name, named in arrays.items()},
            {name: _tensor(present[rows]) for name, present in self.present.items()},
            None if self.codes is None else _truth(self.codes[rows]),
        )


def shuffled(count: int, size: int, seed: int, epoch: int) -> list[Int[np.ndarray, " row"]]:
    """The rows of each batch of an epoch: every row once, batches of nearly equal size (none of a single row)."""
    order = generator(seed, "order", epoch).permutation(count)
    return np.array_split(order, -(-count // size))


def batch_sizes(count: int, size: int) -> list[int]:
    """The number of rows in each batch of an epoch, in order."""
    batches = -(-count // size)
    return [count // batches + (i < count % batches) for i in range(batches)]


def training_batches(rows: Rows, size: int, seed: int, epoch: int, redraw: Redraw | None = None) -> Iterator[Batch]:
    """The batches of one epoch, shuffled and augmented; made ahead in a thread where augmentation has work to do.

    Args:
        rows: The training rows.
        size: Rows a batch.
        seed: Names every random number.
        epoch: The epoch.
        redraw: Changes which rows the batches hold, if given; the rows must have classes.
    """
    chosen = shuffled(len(rows), size, seed, epoch)
    if redraw is not None and rows.codes is not None:
        chosen = list(redraw(chosen, rows.codes, generator(seed, "redraw", epoch)))
    parts = list(enumerate(chosen))
    if not rows.changes:
        return (rows.batch(part) for _, part in parts)
    return _made_ahead(lambda item: rows.augmented_batch(item[1], seed, epoch, item[0]), parts)


def plain_batches(rows: Rows, size: int) -> Iterator[Batch]:
    """All rows in order, as they are."""
    return (rows.batch(slice(start, start + size)) for start in range(0, len(rows), size))


def _made_ahead(make: Callable[[T], Batch], items: Sequence[T]) -> Iterator[Batch]:
    waiting: deque[Future[Batch]] = deque()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="batches") as pool:
        for item in items:
            waiting.append(pool.submit(make, item))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _taken(arrays: Arrays, rows: Int[np.ndarray, " row"] | slice) -> Arrays:
    return {key: array[rows] for key, array in arrays.items()}


def _truth(codes: np.ndarray) -> Tensor:
    return _tensor(codes if codes.dtype.kind == "f" else codes.astype(np.int64))


def _tensor(array: np.ndarray) -> Tensor:
    # Torch shares memory, and refuses what is read-only or strided backwards: such arrays are copied.
    return torch.from_numpy(np.require(array, requirements=["C", "W"]))
