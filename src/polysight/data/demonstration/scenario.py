"""Scenario: a demonstration of which the generating densities are known, and with them the best possible accuracy."""

from __future__ import annotations

import csv
import io
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from polysight.core.files import write_text
from polysight.core.randomness import derived_seed, generator
from polysight.data.demonstration.base import Demonstration, Oracle
from polysight.data.demonstration.world import World

#: Draws what one sign looks like: the sign, what stays the same throughout a group, and everything else that varies.
Show = Callable[[str, np.random.Generator, np.random.Generator], Any]
#: The part of the rows that is for testing.
_TEST = 1 / 3


@dataclass(frozen=True)
class Medium:
    """How a cell of the world stands in the table.

    Attributes:
        show: Renders a sign: the content of a file, or one value for each column.
        columns: The columns it fills.
        save: Writes a content to a path; None where values stand in the table itself.
        suffix: How such a file ends.
    """

    show: Show
    columns: tuple[str, ...]
    save: Callable[[Path, Any], None] | None = None
    suffix: str = ""


@dataclass(frozen=True)
class Row:
    """A row to be made: its true class, the group it belongs to, and what else stands in the table."""

    label: str
    group: str
    beside: Mapping[str, Any] = field(default_factory=dict)


class Scenario(Demonstration):
    """A world, and what its signs look like. The first line of the docstring says what it holds.

    Attributes:
        world: The densities.
        media: How each cell of the world stands in the table, by the name of the cell.
        about: What ``README.md`` beside the tables says.
    """

    world: ClassVar[World]
    about: ClassVar[str]

    @property
    @abstractmethod
    def media(self) -> Mapping[str, Medium]:
        """How each cell of the world stands in the table, by its name."""

    def oracle(self) -> Oracle:
        """From the densities of the world; see ``World.oracle``."""
        view, single = self.world.best_single()
        return Oracle(self.world.oracle(), single, view)

    def rows_to_make(self, count: int, rng: np.random.Generator) -> Sequence[Row]:
        """The rows, those of a group side by side; a third of them, whole groups, is for testing."""
        labels = rng.choice(self.world.classes, size=count, p=list(self.world.prior.values()))
        return [Row(str(label), f"{number:04d}") for number, label in enumerate(labels)]

    def build(self, folder: Path, *, seed: int, rows: int) -> Path:
        """Two thirds for training; the same seed gives the same bytes. See ``Demonstration.build``."""
        rng = generator(seed, type(self).__name__)
        for name, medium in self.media.items():
            if medium.save:
                (folder / name).mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        planned = self.rows_to_make(rows, rng)
        cut = _first_of_group(planned, round(rows * (1 - _TEST)))
        for part, chosen in (("train", planned[:cut]), ("test", planned[cut:])):
            self._write(folder, part, chosen, rng)
        write_text(folder / "README.md", self.about)
        return folder / "train.csv"

    def _write(self, folder: Path, part: str, planned: Sequence[Row], rng: np.random.Generator) -> None:
        """Write the files and the table of one part."""
        table = io.StringIO()
        names = [column for medium in self.media.values() for column in medium.columns]
        writer = csv.DictWriter(table, [*planned[0].beside, *names, "label"], lineterminator="\n", restval="")
        writer.writeheader()
        # One seed for all groups: what stays the same in a group is drawn the same for each of its rows.
        groups = derived_seed(int(rng.integers(2**31)), part)
        for number, row in enumerate(planned):
            written: dict[str, Any] = dict(row.beside)
            for name, sign in self.world.signs_of(row.label, rng).items():
                here = generator(groups, row.group, name)
                if sign is not None:
                    written |= self._shown(folder, name, f"{part}_{number:04d}", sign, (here, rng))
            writer.writerow({**written, "label": self.world.recorded(row.label, rng)})
        write_text(folder / f"{part}.csv", table.getvalue())

    def _shown(
        self, folder: Path, name: str, stem: str, sign: str, randomness: tuple[np.random.Generator, np.random.Generator]
    ) -> Iterator[tuple[str, Any]]:
        """What stands in the table, column by column; a file is written where there is one."""
        medium = self.media[name]
        content = medium.show(sign, *randomness)
        if medium.save is None:
            yield from zip(medium.columns, content, strict=True)
            return
        path = f"{name}/{stem}{medium.suffix}"
        medium.save(folder / path, content)
        yield medium.columns[0], path


def _first_of_group(planned: Sequence[Row], at: int) -> int:
    """The first row of the group that stands at a place."""
    while 0 < at < len(planned) and planned[at].group == planned[at - 1].group:
        at -= 1
    return at
