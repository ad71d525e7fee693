"""MiniRocket over sensor series: each channel in its own scale."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from jaxtyping import Float, Int

from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import Matrix, View
from polysight.modalities.base import Cost, Features, learned
from polysight.modalities.minirocket import KERNELS, MiniRocket


@dataclass(frozen=True, kw_only=True)
class SeriesMiniRocket(Features):
    """Dilated kernels over the channels of each series, against biases learned from training series (``MiniRocket``).

    Kernels add channels up, so each is divided by its deviation over the training rows first; a missing channel is
    zero. All slots share the kernels; their vectors stand side by side, zeros where a slot is absent.

    Attributes:
        features: How many shares describe a series, at least 84 (one a kernel).
        deviations: The deviation of each channel; None before ``fit``.
        learned_kernels: The fields of the fitted ``MiniRocket``; None before ``fit``.
    """

    kind: ClassVar[str] = "series_minirocket"
    modality: ClassVar[str] = "series"
    #: What is derived is what was read once more.
    cached: ClassVar[bool] = False

    features: int = 2520
    deviations: Float[np.ndarray, " channel"] | None = learned()  # noqa: RUF009 - a dataclass field
    # Arrays have no useful equality, so they take no part in ``==``.
    learned_kernels: Mapping[str, np.ndarray] | None = field(
        default=None, repr=False, compare=False, metadata={"learned": True}
    )

    def __post_init__(self) -> None:
        if self.features < len(KERNELS):
            raise ConfigError(f"needs at least {len(KERNELS)} features, not {self.features}", where=self.kind)

    def cost(self, modality: Any) -> Cost:
        """Convolutions over the steps belong to each fold, because their biases are learned."""
        slots, steps, channels = max(1, len(modality.columns)), modality.steps or 512, len(modality.channels or "1")
        fold = 0.4 + 6.0 * steps / 512
        return Cost(0.01, fold * slots, 0.1, self.features * slots, 0.004 * steps * channels * slots)

    def derive(self, view: View) -> Matrix:
        """Channels around their own mean, float32 [row, slot, channel, time], NaN from the end of a series on."""
        values, length = view.arrays["values"], view.arrays["length"]
        inside = (np.arange(values.shape[3]) < length[:, :, None])[:, :, None, :]
        filled = inside & np.isfinite(values)
        total = np.where(filled, values, 0).sum(axis=3, keepdims=True, dtype=np.float64)
        mean = total / np.maximum(filled.sum(axis=3, keepdims=True), 1)
        return np.where(inside, np.where(filled, values - mean, 0), np.nan).astype(np.float32)

    def fit(self, derived: Matrix, *, seed: int = 0) -> Self:
        """A copy with deviations of channels, and kernels whose biases come from these series, drawn by the seed."""
        series, length = _series(derived)
        series, length = series[length > 0], length[length > 0]
        if not len(series):
            return self
        count = np.maximum(length.sum(), 1)
        deviations = np.sqrt((np.nan_to_num(series).astype(np.float64) ** 2).sum(axis=(0, 2)) / count)
        deviations[deviations < 1e-12] = 1.0
        scaled = _in_deviations(series, deviations)
        fitted = MiniRocket.fit(scaled, length, self.features, np.random.default_rng(seed))
        return dataclasses.replace(self, deviations=deviations.astype(np.float32), learned_kernels=vars(fitted).copy())

    def transform(self, derived: Matrix) -> Matrix:
        """Shares from 0 to 1, dense float32 [row, slot x feature].

        Raises:
            NotFittedError: Called before ``fit``.
        """
        if self.learned_kernels is None or self.deviations is None:
            raise NotFittedError("series_minirocket has not seen training rows yet", fix="call fit first")
        series, length = _series(derived)
        described = MiniRocket(**self.learned_kernels)(_in_deviations(series, self.deviations), length)
        return described.reshape(len(derived), derived.shape[1] * self.features)


def _in_deviations(
    series: Float[np.ndarray, "row channel time"], deviations: Float[np.ndarray, " channel"]
) -> Float[np.ndarray, "row channel time"]:
    """Each channel in its deviations."""
    return series / deviations.astype(np.float32)[:, None]


def _series(derived: Matrix) -> tuple[Float[np.ndarray, "row channel time"], Int[np.ndarray, " row"]]:
    """Slots as rows of their own, and how many steps each fills."""
    series = derived.reshape(-1, *derived.shape[2:])
    return series, np.isfinite(series[:, 0]).sum(axis=1)
