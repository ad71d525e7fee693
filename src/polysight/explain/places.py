"""Places: what networks are looked at by - pixels, voxels, moments - gathered into the parts a reader knows."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from polysight.modalities.units import Units


def by_unit(values: Float[np.ndarray, "slot *place"], units: Units) -> Float[np.ndarray, " unit"] | None:
    """The sum of values over the places of each unit; None where units have no places of such values.

    Args:
        values: Of any resolution: a place has the unit that lies where it does.
        units: The parts of the row.
    """
    owner = units.place_units
    if owner is None or owner.ndim > values.ndim or len(owner) != len(values):
        return None
    summed = values.sum(axis=tuple(range(owner.ndim, values.ndim)))
    nearest = [
        ((np.arange(wanted) + 0.5) * there / wanted).astype(int)
        for wanted, there in zip(summed.shape, owner.shape, strict=True)
    ]
    of_place = owner[np.ix_(*nearest)]
    known = of_place >= 0
    return np.bincount(of_place[known], weights=summed[known], minlength=len(units))
