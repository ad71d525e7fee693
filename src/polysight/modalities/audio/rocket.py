"""AudioMiniRocket: MiniRocket over the bands of log-mel spectrograms."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import Matrix, View
from polysight.modalities.base import Cost, Features
from polysight.modalities.minirocket import KERNELS, MiniRocket


@dataclass(frozen=True, kw_only=True)
class AudioMiniRocket(Features):
    """Dilated kernels over the bands of each clip, against biases learned from training clips (``MiniRocket``).

    Each band is measured against its own mean over the clip, which removes microphone and room; a silent clip
    is thereby one at which every kernel answers exactly zero. All slots share the kernels; their vectors stand
    side by side, zeros where a slot is absent.

    Attributes:
        features: How many shares describe a clip, at least 84 (one a kernel).
        learned_kernels: The fields of the fitted ``MiniRocket``; None before ``fit``.
    """

    kind: ClassVar[str] = "minirocket"
    modality: ClassVar[str] = "audio"
    #: What is derived is the spectrogram once more.
    cached: ClassVar[bool] = False

    features: int = 2520
    # Arrays have no useful equality, so they take no part in ``==``.
    learned_kernels: Mapping[str, np.ndarray] | None = field(
        default=None, repr=False, compare=False, metadata={"learned": True}
    )

    def __post_init__(self) -> None:
        if self.features < len(KERNELS):
            raise ConfigError(f"needs at least {len(KERNELS)} features, not {self.features}", where=self.kind)

    def cost(self, modality: Any) -> Cost:
        """Convolutions belong to each fold, because their biases are learned."""
        slots = len(modality.columns)
        return Cost(0.1 * slots, 0.9 * slots, 0.1, self.features * slots, 11.0 * slots)

    def derive(self, view: View) -> Matrix:
        """Bands around their own mean, float32 [row, slot, band, frame], NaN from the end of a clip on."""
        logmel, length = view.arrays["logmel"].astype(np.float32), view.arrays["length"]
        filled = (np.arange(logmel.shape[3]) < length[:, :, None])[:, :, None, :]
        count = np.maximum(length, 1).astype(np.float32)[:, :, None, None]
        mean = np.where(filled, logmel, 0).sum(axis=3, keepdims=True) / count
        return np.where(filled, logmel - mean, np.float32(np.nan))

    def fit(self, derived: Matrix, *, seed: int = 0) -> Self:
        """A copy with kernels whose biases come from these clips, drawn by the seed."""
        series, length = _clips(derived)
        present = length > 0
        if not present.any():
            return self
        fitted = MiniRocket.fit(series[present], length[present], self.features, np.random.default_rng(seed))
        return dataclasses.replace(self, learned_kernels=vars(fitted).copy())

    def transform(self, derived: Matrix) -> Matrix:
        """Shares from 0 to 1, dense float32 [row, slot x feature].

        Raises:
            NotFittedError: Called before ``fit``.
        """
        if self.learned_kernels is None:
            raise NotFittedError("minirocket has not seen training rows yet", fix="call fit first")
        described = MiniRocket(**self.learned_kernels)(*_clips(derived))
        return described.reshape(len(derived), derived.shape[1] * self.features)


def _clips(derived: Matrix) -> tuple[np.ndarray, np.ndarray]:
    """Slots as rows of their own, and how many frames each fills."""
    series = derived.reshape(-1, *derived.shape[2:])
    return series, np.isfinite(series[:, 0]).sum(axis=1)
