"""Optical flow: in which directions, and how fast, the parts of a picture move."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from polysight.core.errors import ConfigError
from polysight.modalities.base import Cost
from polysight.modalities.sequence.features import ClipFeatures

#: The most pixels of a side at which flow is computed.
SIDE = 48
#: Motion below this (pixels a frame) has no direction.
STILL = 0.2


@dataclass(frozen=True, kw_only=True)
class OpticalFlow(ClipFeatures):
    """Histograms of the direction of motion in each part of the picture, weighted by speed; mean and deviation in time.

    Speeds are in hundredths of the side a frame. Then come, for the whole, mean and deviation over time of speed, of
    the motion to the right and down, of divergence (things that come nearer) and of rotation. A single frame has none.

    Source: N. Dalal, B. Triggs, C. Schmid, "Human detection using oriented histograms of flow and appearance", ECCV
    2006 (histograms); G. Farneback, "Two-frame motion estimation based on polynomial expansion", SCIA 2003.

    Attributes:
        directions: Bins of the full circle, at least 1.
        grid: Parts each way, 1 to 8.
    """

    kind: ClassVar[str] = "optical_flow"

    directions: int = 8
    grid: int = 2

    def __post_init__(self) -> None:
        if self.directions < 1 or not 1 <= self.grid <= 8:
            raise ConfigError("needs at least one direction and 1 to 8 parts each way", where=self.kind)

    def cost(self, modality: Any) -> Cost:
        """The flow between each pair of frames."""
        slots = max(1, len(modality.columns))
        columns = 2 * (self.directions * self.grid**2 + 5) * (1 if modality.frames == 1 else slots)
        return Cost(0.55 * (modality.frames or 1) * slots, 0.01, 0.0, columns, 0.004 * columns)

    def describe_clip(self, frames: UInt8[np.ndarray, "frame size size 3"]) -> Float[np.ndarray, " feature"]:
        """Histograms and motions: means over time, then deviations."""
        side = min(SIDE, frames.shape[1])
        grey = [_grey(frame, side) for frame in frames]
        steps = [self._step(flow_between(one, other)) for one, other in pairwise(grey)]
        described = np.stack(steps) if steps else np.zeros((1, self.directions * self.grid**2 + 5))
        return np.concatenate([described.mean(axis=0), described.std(axis=0)])

    def _step(self, flow: Float[np.ndarray, "side side 2"]) -> Float[np.ndarray, " number"]:
        side = len(flow)
        speed = np.hypot(flow[..., 0], flow[..., 1])
        angle = np.arctan2(flow[..., 1], flow[..., 0]) % (2 * np.pi)
        direction = np.floor(angle * self.directions / (2 * np.pi) + 0.5).astype(np.int64) % self.directions
        part = np.arange(side) * self.grid // side
        place = (part[:, None] * self.grid + part[None, :]) * self.directions + direction
        weights = np.where(speed > STILL, speed, 0) * (100 / side)
        bins = np.bincount(place.ravel(), weights.ravel(), self.directions * self.grid**2) / (side / self.grid) ** 2
        turning = np.gradient(flow[..., 1], axis=1) - np.gradient(flow[..., 0], axis=0)
        growing = np.gradient(flow[..., 0], axis=1) + np.gradient(flow[..., 1], axis=0)
        right, down = flow.mean(axis=(0, 1)) * (100 / side)
        return np.array([*bins, speed.mean() * 100 / side, right, down, growing.mean(), turning.mean()])


def flow_between(
    one: UInt8[np.ndarray, "side side"], other: UInt8[np.ndarray, "side side"]
) -> Float[np.ndarray, "side side 2"]:
    """How far each pixel moves from one frame to the other, in pixels: to the right, and down."""
    flow = np.zeros((*one.shape, 2), dtype=np.float32)
    return cv2.calcOpticalFlowFarneback(one, other, flow, 0.5, 3, 9, 2, 5, 1.1, 0).astype(np.float64)


def _grey(frame: UInt8[np.ndarray, "size size 3"], side: int) -> UInt8[np.ndarray, "side side"]:
    grey = cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY)
    small: UInt8[np.ndarray, "side side"] = cv2.resize(grey, (side, side), interpolation=cv2.INTER_AREA)
    return small
