"""Mirroring is added for pictures whose class does not mind, and for no others."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from polysight import Image
from polysight.core.events import listen
from polysight.learners.augmentation import with_chosen_augmentations
from polysight.modalities.inputs import prepare


def arrows(rows: int, *, sided: bool) -> pd.DataFrame:
    """Bright corners: which side they are on is the class, or only how high they are."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 90, (rows, 16, 16, 3), dtype=np.uint8)
    labels, side, height = rng.integers(2, size=rows), rng.integers(2, size=rows), rng.integers(2, size=rows)
    side, height = (labels, height) if sided else (side, labels)
    for i in range(rows):
        pixels[i, 9 * height[i] : 9 * height[i] + 6, 9 * side[i] : 9 * side[i] + 6] += np.uint8(60)
    return pd.DataFrame({"image": list(pixels), "label": np.where(labels, "b", "a")})


def chosen(table, **options):
    task = prepare(table, "label", inputs={"image": Image(size=16, **options)})
    told = []
    with listen(lambda name, facts: told.append(facts) if name == "augmentation_chosen" else None):
        inputs = with_chosen_augmentations(task.samples, task.codes, None, task.inputs, classes=2, seed=0)
    return inputs["image"].augment, told


@pytest.mark.parametrize("sided", [True, False])
def test_mirroring_is_for_pictures_without_sides(sided):
    augment, told = chosen(arrows(240, sided=sided))
    assert told == [{"input": "image", "tried": ["flip"], "liked": [] if sided else ["flip"]}]
    assert augment is None if sided else augment == (*Image.label_safe, "flip")


def test_few_rows_cannot_tell_and_a_user_is_not_overruled():
    assert chosen(arrows(100, sided=False)) == (None, [])
    assert chosen(arrows(240, sided=False), augment=["shift"]) == (("shift",), [])
