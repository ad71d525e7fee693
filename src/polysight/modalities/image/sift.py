"""SIFT points: roots of SIFT descriptors, on a grid or where OpenCV finds keypoints.

Source: Arandjelovic & Zisserman, "Three things everyone should know to improve object retrieval", CVPR 2012 (roots).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import UInt8

from polysight.core.errors import ConfigError
from polysight.modalities.image.dense_sift import dense_descriptors
from polysight.modalities.image.detected_sift import detected_descriptors
from polysight.modalities.image.local_features import Kept, LocalFeatures

#: From where the points of an image come.
KEYPOINTS: Mapping[str, Callable[..., tuple[Any, Any]]] = {
    "dense": dense_descriptors,
    "detected": detected_descriptors,
}
#: Roots lie between 0 and 1 and hardly ever above a half: as bytes they are this many times larger.
_BYTES = 510


@dataclass(frozen=True, kw_only=True)
class SiftPoints(LocalFeatures):
    """Local features whose points are SIFT descriptors.

    Attributes:
        keypoints: ``dense``, a grid at three scales; or ``detected``, where OpenCV finds keypoints.
    """

    keypoints: str = "dense"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.keypoints not in KEYPOINTS:
            where = f"{self.kind}.keypoints"
            raise ConfigError(f"{self.keypoints!r} is neither 'dense' nor 'detected'", where=where)

    def derivation(self) -> dict[str, Any]:
        """Descriptors depend on where points come from alone, so that all encodings share them."""
        return {"kind": "sift", "keypoints": self.keypoints, "points": self.points}

    def describe_points(self, images: UInt8[np.ndarray, "image size size 3"]) -> Kept:
        """Roots of the shares of a descriptor, as bytes; zeros where there is no point."""
        descriptors, positions = KEYPOINTS[self.keypoints](images, most=self.points)
        totals = np.maximum(descriptors.sum(axis=2, keepdims=True), 1e-9)
        kept = np.empty((*descriptors.shape[:2], 130), dtype=np.uint8)
        kept[..., :128] = np.minimum(np.sqrt(descriptors / totals) * _BYTES + 0.5, 255)
        kept[..., 128:] = positions * 255 + 0.5
        return kept

    def mirrored(self, kept: Kept) -> Kept:
        """Columns of cells change sides, and so do directions: right (0) becomes left (4), up (2) stays."""
        cells = kept[:, :128].reshape(-1, 4, 4, 8)[:, :, ::-1][..., (4 - np.arange(8)) % 8]
        return np.concatenate([cells.reshape(-1, 128), 255 - kept[:, 128:129], kept[:, 129:]], axis=1)
