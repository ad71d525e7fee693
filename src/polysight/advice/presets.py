"""Presets: how thorough a fit is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from polysight.core.errors import ConfigError, did_you_mean

#: With fewer rows than this a single division into folds leaves much to luck.
FEW_ROWS = 600


@dataclass(frozen=True)
class Preset:
    """How thorough a fit is.

    Attributes:
        time_limit: Seconds a fit may take when nothing else is said.
        folds: Parts the rows are divided into; each member is fitted once a part.
        steps: About how many steps a network is trained; 0 trains none.
        fusions: The fusions of the networks over all inputs.
        repeats: How often few rows (``FEW_ROWS``) are divided into folds, differently each time; each way gives a
            classical member as many models again.
    """

    time_limit: float
    folds: int
    steps: int = 0
    fusions: tuple[str, ...] = ()
    repeats: int = 1

    def repeats_for(self, rows: int) -> int:
        """How often classical learners go through the folds."""
        return self.repeats if rows < FEW_ROWS else 1


PRESETS: Mapping[str, Preset] = {
    "quick": Preset(60.0, 4),
    "good": Preset(600.0, 5, 900, ("concat",)),
    "best": Preset(3600.0, 5, 1350, ("concat", "transformer"), repeats=3),
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
