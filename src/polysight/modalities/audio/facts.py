"""What can be said of a sound in plain words."""

from __future__ import annotations

from typing import Any

import numpy as np

from polysight.data.view import View
from polysight.modalities.facts import Measure


def _duration(modality: Any, view: View, slot: int, _: str) -> np.ndarray:
    spectrogram = modality.spectrogram
    return view.arrays["length"][:, slot] * (spectrogram.seconds / spectrogram.frames)


def _pitch(modality: Any, view: View, slot: int, _: str) -> np.ndarray:
    """The middle of the power over frequency."""
    filters = modality.spectrogram.filters()
    hertz = filters @ np.linspace(0, modality.spectrogram.rate / 2, filters.shape[1]) / filters.sum(axis=1)
    power = 10.0 ** (view.arrays["logmel"][:, slot].astype(np.float64) / 10.0)
    of_band = power.sum(axis=2)
    return of_band @ hertz / of_band.sum(axis=1)


def _evenness(modality: Any, view: View, slot: int, _: str) -> np.ndarray:
    """How far the clip is below its loudest point on average: near zero for noise, far below for single sounds."""
    logmel, length = view.arrays["logmel"][:, slot].astype(np.float64), np.maximum(view.arrays["length"][:, slot], 1)
    filled = np.arange(logmel.shape[2]) < length[:, None]
    return (logmel.mean(axis=1) * filled).sum(axis=1) / length


MEASURES = {
    "duration": Measure(_duration, "s"),
    "pitch": Measure(_pitch, "Hz"),
    "evenness": Measure(_evenness, "dB"),
}
