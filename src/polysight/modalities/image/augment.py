"""Augmentation: random changes of training images that leave the label alone. OpenCV on uint8, an image at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np
from jaxtyping import Float, UInt8

#: Affine maps of the plane, the image being the square from -1/2 to 1/2; x first.
Maps = Float[np.ndarray, "image 3 3"]
Pixels = UInt8[np.ndarray, "height width 3"]

#: Rec. 601 weights of red, green and blue in lightness.
_LIGHTNESS = np.array([0.299, 0.587, 0.114])


def augment_images(
    images: UInt8[np.ndarray, "image size size 3"], names: Sequence[str], rng: np.random.Generator
) -> UInt8[np.ndarray, "image size size 3"]:
    """Change each image in the named ways; what slides in at the edges continues the edge.

    Args:
        images: Square RGB images. An image that is black all over (an absent one) stays as it is.
        names: Names in ``AUGMENTATIONS``; their order plays no part.
        rng: Where the randomness comes from.

    Returns:
        New images, the same shape and dtype; the very same array where there is no name.
    """
    if not names:
        return images
    maps = np.tile(np.eye(3), (len(images), 1, 1))
    for name, draw in GEOMETRIC.items():
        if name in names:
            maps = draw(rng, len(images)) @ maps
    recolour = [change for name, change in PHOTOMETRIC.items() if name in names]
    moved = any(name in GEOMETRIC for name in names)
    changed = images.copy()
    for position in np.flatnonzero(images.any(axis=(1, 2, 3))):
        image = warped(images[position], maps[position]) if moved else images[position]
        for change in recolour:
            image = change(image, rng)
        changed[position] = image
    return changed


def rotate(rng: np.random.Generator, count: int) -> Maps:
    """Turn by up to 15 degrees either way."""
    angle = np.radians(rng.uniform(-15, 15, count))
    return _maps(count, xx=np.cos(angle), xy=-np.sin(angle), yx=np.sin(angle), yy=np.cos(angle))


def shift(rng: np.random.Generator, count: int) -> Maps:
    """Move by up to 8 % of the side, each way."""
    return _maps(count, x=rng.uniform(-0.08, 0.08, count), y=rng.uniform(-0.08, 0.08, count))


def shear(rng: np.random.Generator, count: int) -> Maps:
    """Lean by up to 10 degrees either way."""
    return _maps(count, xy=np.tan(np.radians(rng.uniform(-10, 10, count))))


def zoom(rng: np.random.Generator, count: int) -> Maps:
    """Scale by 0.87 to 1.15."""
    scale = np.exp(rng.uniform(-np.log(1.15), np.log(1.15), count))
    return _maps(count, xx=scale, yy=scale)


def crop(rng: np.random.Generator, count: int) -> Maps:
    """Look at a window of 60 to 100 % of the area, anywhere in the image."""
    side = np.sqrt(rng.uniform(0.6, 1.0, count))
    x, y = ((1 - side) * rng.uniform(-0.5, 0.5, count) for _ in range(2))
    return _maps(count, xx=1 / side, yy=1 / side, x=-x / side, y=-y / side)


def flip(rng: np.random.Generator, count: int) -> Maps:
    """Mirror left and right, every other image."""
    return _maps(count, xx=np.where(rng.random(count) < 0.5, -1.0, 1.0))


def colour(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Change brightness by up to 10 % of the range, contrast by up to 15 % and saturation by up to 25 %."""
    brightness, contrast, saturation = rng.uniform([-25.5, 0.85, 0.75], [25.5, 1.15, 1.25])
    mixing = contrast * (saturation * np.eye(3) + (1 - saturation) * np.tile(_LIGHTNESS, (3, 1)))
    centre = _LIGHTNESS @ cv2.mean(image)[:3]
    offset = np.full((3, 1), (1 - contrast) * centre + brightness)
    recoloured: Pixels = cv2.transform(image, np.hstack([mixing, offset]))
    return recoloured


def erase(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Cover a rectangle of 2 to 15 % of the area with the mean colour, every other image.

    Source: Zhong et al., "Random erasing data augmentation", AAAI 2020.
    Departures: the mean colour instead of noise, so that nothing new comes into the image.
    """
    wanted, area, ratio, left, top = rng.uniform([0, 0.02, -0.7, 0, 0], [1, 0.15, 0.7, 1, 1])
    if wanted < 0.5:
        return image
    height, width = image.shape[:2]
    tall = max(1, round(height * np.sqrt(area * np.exp(ratio))))
    wide = max(1, round(width * np.sqrt(area / np.exp(ratio))))
    y, x = int(top * (height - tall + 1)), int(left * (width - wide + 1))
    covered = image.copy()
    covered[y : y + tall, x : x + wide] = np.rint(cv2.mean(image)[:3])
    return covered


def article(rng: np.random.Generator, count: int) -> Maps:
    """Turn by up to 40 degrees, move, lean and scale each axis by up to 0.2, mirror every other image.

    The augmentation of the network ``article``, all of it at once and so much stronger than the others.

    Departures: Keras takes a shear of 0.2 for degrees, which nobody could see; here it is a tangent.
    """
    angle = np.radians(rng.uniform(-40, 40, count))
    turn = _maps(count, xx=np.cos(angle), xy=-np.sin(angle), yx=np.sin(angle), yy=np.cos(angle))
    lean = _maps(count, xy=rng.uniform(-0.2, 0.2, count))
    scale = _maps(count, xx=rng.uniform(0.8, 1.2, count), yy=rng.uniform(0.8, 1.2, count))
    move = _maps(count, x=rng.uniform(-0.2, 0.2, count), y=rng.uniform(-0.2, 0.2, count))
    return move @ turn @ lean @ scale @ flip(rng, count)


#: Changes of place, put together into one map an image.
GEOMETRIC: Mapping[str, Callable[[np.random.Generator, int], Maps]] = {
    "rotate": rotate,
    "shift": shift,
    "shear": shear,
    "zoom": zoom,
    "crop": crop,
    "flip": flip,
    "article": article,
}
#: Changes of the pixels themselves, one after the other.
PHOTOMETRIC: Mapping[str, Callable[[Pixels, np.random.Generator], Pixels]] = {"colour": colour, "erase": erase}
#: Every change by name.
AUGMENTATIONS: tuple[str, ...] = (*GEOMETRIC, *PHOTOMETRIC)
#: What hardly ever changes a label; mirroring and turning may (6 and 9, left and right lung).
LABEL_SAFE: tuple[str, ...] = ("shift", "zoom", "colour", "erase")


def _maps(count: int, **entries: Float[np.ndarray, " image"]) -> Maps:
    maps = np.tile(np.eye(3), (count, 1, 1))
    places = {"xx": (0, 0), "xy": (0, 1), "x": (0, 2), "yx": (1, 0), "yy": (1, 1), "y": (1, 2)}
    for name, values in entries.items():
        row, column = places[name]
        maps[:, row, column] = values
    return maps


def warped(image: Pixels, plane: Float[np.ndarray, "3 3"]) -> Pixels:
    """The image moved by one of ``Maps``; what slides in at the edges continues the edge."""
    size = image.shape[0]
    pixels = plane[:2].copy()
    # From the unit square around the origin to pixel positions around the middle one.
    middle = (size - 1) / 2
    pixels[:, 2] = size * plane[:2, 2] + middle - plane[:2, :2].sum(axis=1) * middle
    moved: Pixels = cv2.warpAffine(image, pixels, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return moved
