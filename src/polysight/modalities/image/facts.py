"""What can be said of an image in plain words."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from polysight.data.view import View
from polysight.modalities.facts import Measure, brightness, contrast


def _colourfulness(_: Any, view: View, slot: int, __: str) -> np.ndarray:
    """How far the strongest of red, green and blue is above the weakest, on average."""
    pixels = view.arrays["pixels"][:, slot]
    return (pixels.max(axis=3) - pixels.min(axis=3)).mean(axis=(1, 2)) / 2.55


MEASURES = {
    "brightness": Measure(partial(brightness, array="pixels"), "%"),
    "contrast": Measure(partial(contrast, array="pixels"), "%"),
    "colourfulness": Measure(_colourfulness, "%"),
}
