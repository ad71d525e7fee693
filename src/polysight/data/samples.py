"""Samples: the same n things seen through several inputs, some of them missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int
from numpy.typing import NDArray

from polysight.data.view import Problem, View


@dataclass(frozen=True, eq=False)
class Samples:
    """Views of the same rows by input name, in the order of the inputs."""

    views: Mapping[str, View]

    def __len__(self) -> int:
        return len(next(iter(self.views.values())))

    @property
    def names(self) -> tuple[str, ...]:
        """The inputs, in order."""
        return tuple(self.views)

    @property
    def present(self) -> Bool[np.ndarray, "row modality"]:
        """Which inputs each row has."""
        return np.column_stack([view.any_present for view in self.views.values()])

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every cell that could not be read, over all inputs."""
        return tuple(problem for view in self.views.values() for problem in view.problems)

    def take(self, rows: NDArray[np.integer] | Sequence[int]) -> Samples:
        """The given rows, in that order."""
        return Samples({name: view.take(rows) for name, view in self.views.items()})

    def as_origin(self) -> Samples:
        """The same rows, which know where they come from however they are put together; see ``View.as_origin``."""
        return Samples({name: view.as_origin() for name, view in self.views.items()})

    def recombined(self, rows: Mapping[str, NDArray[np.integer]]) -> Samples:
        """Rows put together anew: for each input the row its cells are taken from."""
        return Samples({name: view.take(rows[name]) for name, view in self.views.items()})

    def distinct(self) -> tuple[Int[np.ndarray, " some"], Int[np.ndarray, " row"]]:
        """Rows of which no two are alike, in an order that depends on their content alone; and each row's among them.

        Rows that hold the same in every input, and lack the same, are alike.
        """
        keys = np.column_stack([view.keys for view in self.views.values()])
        whole = np.ascontiguousarray(keys).view(f"S{keys.shape[1] * keys.dtype.itemsize}")[:, 0]
        _, rows, places = np.unique(whole, return_index=True, return_inverse=True)
        return rows, places

    def only(self, names: Iterable[str]) -> Samples:
        """The given inputs alone; the others are not there at all."""
        return Samples({name: self.views[name] for name in names})

    def hide(self, names: Iterable[str]) -> Samples:
        """The same inputs with the given ones missing in every row."""
        hidden, everywhere = set(names), np.ones(len(self), dtype=bool)
        return Samples({n: view.hide(everywhere) if n in hidden else view for n, view in self.views.items()})

    def hide_where(self, missing: Bool[np.ndarray, "row modality"]) -> Samples:
        """The same inputs with single rows of them missing."""
        return Samples({n: view.hide(missing[:, i]) for i, (n, view) in enumerate(self.views.items())})
