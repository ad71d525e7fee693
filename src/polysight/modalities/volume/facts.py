"""What can be said of a scan in plain words."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from polysight.data.view import View
from polysight.modalities.facts import Measure, brightness, contrast


def _extent(_: Any, view: View, slot: int, __: str, *, axis: int) -> np.ndarray:
    return view.arrays["extent"][:, slot, axis]


# Millimetres, where the file says how large a voxel is; else voxels: so no unit is named.
MEASURES = {
    "brightness": Measure(partial(brightness, array="voxels"), "%"),
    "contrast": Measure(partial(contrast, array="voxels"), "%"),
    "depth": Measure(partial(_extent, axis=0)),
    "height": Measure(partial(_extent, axis=1)),
    "width": Measure(partial(_extent, axis=2)),
}
