"""SIFT descriptors at the keypoints that OpenCV detects: few points, each at its own scale and orientation.

Source: Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 2004, as ``cv2.SIFT`` computes it.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float, UInt8

Images = UInt8[np.ndarray, "image size size 3"]


def detected_descriptors(
    images: Images, *, most: int
) -> tuple[Float[np.ndarray, "image point 128"], Float[np.ndarray, "image point 2"]]:
    """Describe the keypoints of each image, strongest contrast first kept.

    Args:
        images: Square RGB images.
        most: The most keypoints an image may have.

    Returns:
        ``most`` descriptors an image as OpenCV gives them, zeros behind its last keypoint; and where each point
        is, x and y from 0 to 1.
    """
    descriptors = np.zeros((len(images), most, 128), dtype=np.float32)
    positions = np.zeros((len(images), most, 2), dtype=np.float32)
    sift = cv2.SIFT_create(nfeatures=most)  # type: ignore[attr-defined]
    for number, image in enumerate(images):
        keypoints, found = sift.detectAndCompute(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), None)
        # OpenCV keeps more than it was asked for where several are equally strong.
        count = min(len(keypoints), most)
        if count:
            descriptors[number, :count] = found[:count]
            positions[number, :count] = [keypoint.pt for keypoint in keypoints[:count]]
    # A keypoint is refined below a pixel, and may come to lie just outside.
    return descriptors, np.clip((positions + 0.5) / images.shape[1], 0, 1)
