"""Augmentation of sequences: the same random change for all frames, and changes of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Int, UInt8

from polysight.modalities.image.augment import AUGMENTATIONS as OF_IMAGES
from polysight.modalities.image.augment import GEOMETRIC, PHOTOMETRIC, warped

Frames = UInt8[np.ndarray, "frame size size 3"]
Places = Int[np.ndarray, " frame"]

#: The shortest window that is kept, as a share of the frames.
SHORTEST_WINDOW = 0.7
#: How much faster or slower a sequence may run, as the logarithm of its pace.
FASTEST = 0.3
#: How often a frame is left out.
DROPPED = 0.15


def window(count: int, rng: np.random.Generator) -> Places:
    """Keep 70 to 100 % of the frames, anywhere."""
    kept = max(1, round(count * rng.uniform(SHORTEST_WINDOW, 1)))
    return np.arange(kept) + int(rng.uniform(0, 1) * (count - kept + 1))


def speed(count: int, rng: np.random.Generator) -> Places:
    """Run up to a third faster or slower: frames are left out, or shown twice and the end cut off."""
    places = np.floor(np.arange(count) * np.exp(rng.uniform(-FASTEST, FASTEST))).astype(np.int64)
    return places[places < count]


def frame_drop(count: int, rng: np.random.Generator) -> Places:
    """Leave out a frame now and then; one always stays."""
    luck = rng.random(count)
    return np.flatnonzero((luck >= DROPPED) | (luck == luck.max()))


def reverse(count: int, rng: np.random.Generator) -> Places:
    """Run backwards, every other sequence."""
    return np.arange(count)[::-1] if rng.random() < 0.5 else np.arange(count)


#: Changes of time by name: which frames are shown, and in what order.
TEMPORAL: Mapping[str, Callable[[int, np.random.Generator], Places]] = {
    "window": window,
    "speed": speed,
    "frame_drop": frame_drop,
    "reverse": reverse,
}
AUGMENTATIONS: tuple[str, ...] = (*OF_IMAGES, *TEMPORAL)
#: What hardly ever changes a label; mirroring and running backwards may (left and right, opening and closing).
LABEL_SAFE: tuple[str, ...] = ("shift", "zoom", "colour", "erase", "window", "frame_drop")


def augment_batch(
    frames: UInt8[np.ndarray, "row slot frame size size 3"],
    length: Int[np.ndarray, "row slot"],
    names: Sequence[str],
    rng: np.random.Generator,
) -> tuple[UInt8[np.ndarray, "row slot frame size size 3"], Int[np.ndarray, "row slot"]]:
    """Change each sequence of a batch by itself; where slots hold one frame each, all of a row are one sequence.

    Args:
        frames: The frames of each slot.
        length: How many of them there are; 0 where a slot is absent.
        names: Names in ``AUGMENTATIONS``.
        rng: Where the randomness comes from.

    Returns:
        New frames and lengths. Zeros beyond a length, and where a slot is absent.
    """
    changed, ends = np.zeros_like(frames), np.zeros_like(length)
    for row in range(len(frames)):
        slots = np.flatnonzero(length[row])
        for places in [slots] if frames.shape[2] == 1 and len(slots) else slots[:, None]:
            taken = augment_clip(np.concatenate([frames[row, s, : length[row, s]] for s in places]), names, rng)
            if len(places) == 1:
                changed[row, places[0], : len(taken)], ends[row, places[0]] = taken, len(taken)
            else:
                changed[row, places[: len(taken)], 0], ends[row, places[: len(taken)]] = taken, 1
    return changed, ends


def augment_clip(frames: Frames, names: Sequence[str], rng: np.random.Generator) -> Frames:
    """Change one sequence in the named ways.

    Args:
        frames: Square RGB images in order, one at least.
        names: Names in ``AUGMENTATIONS``; their order plays no part.
        rng: Where the randomness comes from.

    Returns:
        New frames, one at least and at most as many.
    """
    plane = np.eye(3)
    for name, draw in GEOMETRIC.items():
        if name in names:
            plane = draw(rng, 1)[0] @ plane
    # All frames are changed by the same random numbers.
    seed = int(rng.integers(2**63))
    for name, choose in TEMPORAL.items():
        if name in names:
            frames = frames[choose(len(frames), rng)]
    recolour = [change for name, change in PHOTOMETRIC.items() if name in names]
    moved = not np.array_equal(plane, np.eye(3))
    return np.stack([_changed(frame, plane if moved else None, recolour, seed) for frame in frames])


def _changed(
    frame: UInt8[np.ndarray, "size size 3"],
    plane: np.ndarray | None,
    recolour: Sequence[Callable[[np.ndarray, np.random.Generator], np.ndarray]],
    seed: int,
) -> UInt8[np.ndarray, "size size 3"]:
    rng = np.random.default_rng(seed)
    image = frame if plane is None else warped(frame, plane)
    for change in recolour:
        image = change(image, rng)
    return image
