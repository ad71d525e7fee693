"""Presets: how thorough a fit is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from polysight.core.errors import ConfigError, did_you_mean

#: Below so many rows each one counts: more folds let every model learn from more of them.
FEW_ROWS = 1_500
#: Below so many a single division into folds leaves much to luck as well.
VERY_FEW_ROWS = 600


@dataclass(frozen=True)
class Preset:
    """How thorough a fit is.

    Attributes:
        time_limit: Seconds a fit may take when nothing else is said.
        folds: Parts the rows are divided into; each member is fitted once a part.
        few_folds: The same where rows are few (``FEW_ROWS``). With eight instead of five a model learns from 88 %
            instead of 80 % of the rows (products, photo and table, pooled folds: .797 instead of .791 right).
        steps: About how many steps a network is trained; 0 trains none.
        fusions: The fusions of the networks over all inputs.
        repeats: How often very few rows (``VERY_FEW_ROWS``) are divided, differently each time; each way gives a
            classical member as many models again.
    """

    time_limit: float
    folds: int
    few_folds: int
    steps: int = 0
    fusions: tuple[str, ...] = ()
    repeats: int = 1

    def for_rows(self, rows: int, groups: int | None) -> Self:
        """The preset as it divides so many rows; a fold needs a group of its own."""
        folds = self.few_folds if rows < FEW_ROWS else self.folds
        return replace(
            self,
            folds=folds if groups is None else max(2, min(folds, groups)),
            repeats=self.repeats if rows < VERY_FEW_ROWS else 1,
        )


PRESETS: Mapping[str, Preset] = {
    "quick": Preset(60.0, 4, 4),
    "good": Preset(600.0, 5, 8, 900, ("concat",)),
    "best": Preset(3600.0, 5, 10, 1350, ("concat", "transformer"), repeats=2),
}


def preset_of(name: str) -> Preset:
    """The preset of a name.

    Raises:
        ConfigError: There is none; the nearest is offered.
    """
    if name not in PRESETS:
        fix = did_you_mean(name, PRESETS) or f"choose one of: {', '.join(PRESETS)}"
        raise ConfigError(f"there is no preset named {name!r}", where="preset", fix=fix)
    return PRESETS[name]
