"""Units: the readable parts of one cell - words, regions, columns, frames - and the cell with some of them hidden.

Whatever explains an answer by hiding parts of a row asks for these, so that it need not know which modality it is
looking at. A hidden part is replaced by something that says nothing; what that is, each modality decides and says why.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from jaxtyping import Bool, Float, Int, Num, UInt8

from polysight.data.view import MISSING_KEY, View, content_key

#: Which units are there, for several questions at once.
Shown = Bool[np.ndarray, "coalition unit"]


@dataclass(frozen=True, eq=False)
class Units(ABC):
    """The parts of one row of a view.

    Attributes:
        row: The row, a view of length one.
        labels: What each part is called by those who read an explanation; unique, in the order of the content.
    """

    #: What a part is, in one word.
    noun: ClassVar[str]

    row: View
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def hidden(self, shown: Shown) -> View:
        """The row once for each coalition, with the parts that are not shown replaced.

        A row in which everything is shown is the row itself; one that differs has a content key of its own, so that
        nothing that was computed of the row is taken for it. Nothing derived is carried along.

        Args:
            shown: Which parts are there.

        Raises:
            ValueError: ``shown`` is not about these units.
        """
        if shown.ndim != 2 or shown.shape[1] != len(self):
            raise ValueError(f"needs [coalition, {len(self)}], not {list(shown.shape)}")
        same = self.row.take(np.zeros(len(shown), dtype=np.intp))
        changed = {} if not len(shown) else dict(self.concealed(shown))
        present = changed.pop("present", same.present)
        arrays = {name: changed.get(name, np.asarray(array)) for name, array in same.arrays.items()}
        keys = same.keys.copy()
        for place in np.flatnonzero(~shown.all(axis=1)):
            content = [np.ascontiguousarray(present[place]).tobytes()]
            content += [_content(arrays[name][place]) for name in sorted(changed)]
            keys[place] = content_key([bytes(keys[place]), *content]) if present[place].any() else MISSING_KEY
        return View(arrays, present, keys, blanks=self.row.blanks)

    @abstractmethod
    def concealed(self, shown: Shown) -> Mapping[str, np.ndarray]:
        """The arrays that change, with the given parts alone there, a row a coalition; and ``present`` if it does."""

    @property
    def versions(self) -> tuple[Self, ...]:
        """The same parts with other things in place of what is hidden, where one alone would say something.

        What a model answers is to be averaged over them.
        """
        return (self,)

    @property
    def picture(self) -> UInt8[np.ndarray, "y x 3"] | None:
        """The row as a picture, where it is one."""
        return None

    @property
    def outline(self) -> Int[np.ndarray, "y x"] | None:
        """Which unit each place of the picture belongs to, -1 for none."""
        return None

    @property
    def place_units(self) -> Int[np.ndarray, "slot *place"] | None:
        """The unit of each place of the array that encoders look at, -1 for none; None where that has no places.

        The last axes may be left out where all along them belongs together.
        """
        return None

    def laid_out(self, values: Num[np.ndarray, "slot *place"]) -> Num[np.ndarray, "y x"] | None:
        """Values of places, at any resolution, where the picture shows these; None where there is no picture."""
        return None

    def heat(self, values: Float[np.ndarray, " unit"]) -> Float[np.ndarray, "y x"] | None:
        """Values of the units laid over the picture, zero where there is no unit."""
        outline = self.outline
        return None if outline is None else np.where(outline < 0, 0.0, np.append(values, 0.0)[outline])


@dataclass(frozen=True, eq=False)
class Whole(Units):
    """A row without parts: absent, or of a modality that does not say what its parts are."""

    noun: ClassVar[str] = "part"

    @classmethod
    def of(cls, row: View) -> Whole:
        """The given row."""
        return cls(row, ())

    def concealed(self, shown: Shown) -> Mapping[str, np.ndarray]:
        """Nothing."""
        return {}


def shown_at(
    shown: Shown, owners: Int[np.ndarray, "slot *place"], *, elsewhere: bool
) -> Bool[np.ndarray, "coalition slot *place"]:
    """Whether each place is there.

    Args:
        shown: Which parts are there.
        owners: The part each place belongs to, -1 for none.
        elsewhere: Whether places of no part are there.
    """
    # Places of no part ask for one beyond the last.
    there: np.ndarray = np.pad(shown, [(0, 0), (0, 1)], constant_values=elsewhere)[:, owners]
    return there


def numbered(labels: Iterable[str]) -> tuple[str, ...]:
    """Labels made unique: the second of two equal ones has a 2 behind it.

    >>> numbered(["left", "left", "right", "left"])
    ('left', 'left 2', 'right', 'left 3')
    """
    times: Counter[str] = Counter()
    made: list[str] = []
    for label in labels:
        name = label
        while name in made:
            times[label] += 1
            name = f"{label} {times[label] + 1}"
        made.append(name)
    return tuple(made)


def titled(columns: tuple[str, ...], slot: int, label: str) -> str:
    """The label of a part, with the column it lies in where an input has several."""
    return f"{columns[slot]}: {label}" if len(columns) > 1 else label


def in_runs(count: int, most: int) -> list[range]:
    """Places 0 to ``count - 1`` in at most so many runs of neighbours, all but equally long.

    >>> [list(run) for run in in_runs(5, 3)]
    [[0, 1], [2], [3, 4]]
    """
    edges = np.linspace(0, count, min(count, most) + 1).round().astype(int)
    return [range(start, stop) for start, stop in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)]


def _content(array: np.ndarray) -> bytes:
    if array.dtype == object:
        return content_key([str(value) for value in array.ravel()])
    return np.ascontiguousarray(array).tobytes()
