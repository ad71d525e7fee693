"""World: how classes, the signs they show, gaps and wrong labels come about - and so how well anybody can tell them.

A class shows each view a *sign* (an outline, a way of moving, a group of words). Signs are drawn from a density that
is written down here, independently given the class; a cell may be missing, and a label may be recorded wrongly. The
posterior of the label given any signs is therefore exact, and so is the accuracy of the oracle: somebody who reads
every sign without error and knows the densities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from jaxtyping import Float

#: The share of cells that are missing, and of labels that are wrong.
MISSING, WRONG = 0.08, 0.03


@dataclass(frozen=True)
class Cell:
    """What one cell of a row shows.

    Attributes:
        view: The view it belongs to; a view may have several cells.
        name: What it is called, within its world once.
        shows: The classes that show a sign as a rule, by sign; each class has one sign.
        clear: How often a class shows its own sign; else it shows any of the others, each as likely.
    """

    view: str
    name: str
    shows: Mapping[str, Sequence[str]]
    clear: float

    @property
    def signs(self) -> tuple[str, ...]:
        """The signs in their order."""
        return tuple(self.shows)

    def likelihood(self, label: str) -> Float[np.ndarray, " sign"]:
        """The probability of each sign where the class is ``label``."""
        own = np.array([label in classes for classes in self.shows.values()])
        return np.where(own, self.clear, (1 - self.clear) / (len(own) - 1))


@dataclass(frozen=True)
class World:
    """Classes, how common they are, and what they show.

    Attributes:
        prior: How common each class is; sums to one.
        cells: What a row consists of.
        missing: The share of cells that are missing; a row of which nothing would be left is drawn again.
        wrong: The share of labels recorded as another class, each as likely.
    """

    prior: Mapping[str, float]
    cells: tuple[Cell, ...]
    missing: float = MISSING
    wrong: float = WRONG

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes in their order."""
        return tuple(self.prior)

    @cached_property
    def views(self) -> tuple[str, ...]:
        """The views in their order."""
        return tuple(dict.fromkeys(cell.view for cell in self.cells))

    def oracle(self, views: Iterable[str] | None = None) -> float:
        """The accuracy, on labels as recorded, of who reads the signs of some views (all of them) without error.

        Every combination of signs and gaps is gone through, so the number is exact.
        """
        seen = set(self.views if views is None else views)
        joint = np.array(list(self.prior.values()))[:, None]
        for cell in self.cells:
            if cell.view in seen:
                outcome = np.stack(
                    [[*cell.likelihood(label) * (1 - self.missing), self.missing] for label in self.prior]
                )
                joint = (joint[:, :, None] * outcome[:, None, :]).reshape(len(joint), -1)
        # The last outcome is the one in which all is missing; rows of which nothing is left do not occur.
        nothing = self.missing ** len(self.cells)
        joint[:, -1] -= np.array(list(self.prior.values())) * nothing
        recorded = (1 - self.wrong) * joint + self.wrong / (len(joint) - 1) * (joint.sum(axis=0) - joint)
        return float(recorded.max(axis=0).sum() / (1 - nothing))

    def best_single(self) -> tuple[str, float]:
        """The view that tells most alone, and the accuracy of who reads it without error."""
        return max(((view, self.oracle([view])) for view in self.views), key=lambda one: one[1])

    def best_pair(self) -> tuple[tuple[str, str], float]:
        """The two views that tell most, and the accuracy of who reads them without error."""
        return max(((pair, self.oracle(pair)) for pair in combinations(self.views, 2)), key=lambda one: one[1])

    def signs_of(self, label: str, rng: np.random.Generator) -> dict[str, str | None]:
        """What a row of a class shows, by the name of the cell; None for a cell that is missing."""
        drawn = {cell.name: str(rng.choice(cell.signs, p=cell.likelihood(label))) for cell in self.cells}
        gone = rng.random(len(self.cells)) < self.missing
        while gone.all():
            gone = rng.random(len(self.cells)) < self.missing
        return {name: None if lost else sign for (name, sign), lost in zip(drawn.items(), gone, strict=True)}

    def recorded(self, label: str, rng: np.random.Generator) -> str:
        """The label that stands in the table."""
        others = [name for name in self.classes if name != label]
        return str(rng.choice(others)) if rng.random() < self.wrong else label
