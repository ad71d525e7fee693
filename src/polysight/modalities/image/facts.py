"""What can be said of an image in plain words."""

from __future__ import annotations

from typing import Any

import numpy as np

from polysight.data.view import View
from polysight.modalities.facts import Measure, brightness, contrast


def _brightness(_: Any, view: View, slot: int, __: str) -> np.ndarray:
    return brightness(view.arrays["pixels"][:, slot])


def _contrast(_: Any, view: View, slot: int, __: str) -> np.ndarray:
    return contrast(view.arrays["pixels"][:, slot])


def _colourfulness(_: Any, view: View, slot: int, __: str) -> np.ndarray:
    """How far the strongest of red, green and blue is above the weakest, on average."""
    pixels = view.arrays["pixels"][:, slot]
    return (pixels.max(axis=3) - pixels.min(axis=3)).mean(axis=(1, 2)) / 2.55


MEASURES = {
    "brightness": Measure(_brightness, "%"),
    "contrast": Measure(_contrast, "%"),
    "colourfulness": Measure(_colourfulness, "%"),
}
