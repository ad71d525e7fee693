"""How videos get worse: frames are lost, the picture freezes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from polysight.modalities.corruption import Arrays, Corruption

#: By severity: the share of frames that are lost; the share of time at the end in which nothing moves.
LOST = {1: 0.1, 2: 0.3, 3: 0.6}
FROZEN = {1: 0.25, 2: 0.5, 3: 0.75}


def frame_drop(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """Some frames are lost, those after them move up; one at least is left."""
    frames, length = arrays["frames"].copy(), arrays["length"].copy()
    for place in map(tuple, np.argwhere(present).tolist()):
        count = int(length[place])
        kept = np.sort(rng.permutation(count)[: max(1, round((1 - LOST[severity]) * count))])
        taken = frames[place][kept]
        frames[place] = 0
        frames[place][: len(kept)] = taken
        length[place] = len(kept)
    return {"frames": frames, "length": length}


def freeze(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """From some moment on every frame is like the one before it."""
    frames, length = arrays["frames"].copy(), arrays["length"]
    for place in map(tuple, np.argwhere(present).tolist()):
        count = int(length[place])
        last = max(1, round((1 - FROZEN[severity]) * count)) - 1
        frames[place][last:count] = frames[place][last]
    return {"frames": frames}


CORRUPTIONS: Mapping[str, Corruption] = {"frame_drop": frame_drop, "freeze": freeze}
