"""Grey noise with one striped patch, whose direction tells the class, or with none; where it lies is known."""

from functools import cache

import numpy as np

from polysight.data.samples import Samples
from polysight.data.view import View, content_key
from polysight.learners.neural import NeuralClassifier
from polysight.modalities.image.modality import Image

SIDE, PATCH = 28, 8
STRIPES = np.tile([[230.0], [20.0]], (PATCH // 2, PATCH))


def patched(rows, seed, kinds=2):
    """Images as samples, their classes, and which pixels the patch covers; class 2 has no patch."""
    rng = np.random.default_rng(seed)
    codes, pixels = rng.integers(kinds, size=rows), rng.normal(120, 25, (rows, 1, SIDE, SIDE, 1))
    inside = np.zeros((rows, SIDE, SIDE), dtype=bool)
    for row in np.flatnonzero(codes < 2):
        y, x = rng.integers(0, SIDE - PATCH, 2)
        pixels[row, 0, y : y + PATCH, x : x + PATCH, 0] = STRIPES if codes[row] else STRIPES.T
        inside[row, y : y + PATCH, x : x + PATCH] = True
    pixels = pixels.repeat(3, axis=-1).clip(0, 255).astype(np.uint8)
    keys = np.array([content_key([image.tobytes()]) for image in pixels])
    return Samples({"photo": View({"pixels": pixels}, np.ones((rows, 1), dtype=bool), keys)}), codes, inside


@cache
def trained(seed=0, rows=300, epochs=9):
    """A small network that has learned to tell the stripes, and that there are none."""
    samples, codes, _ = patched(rows, seed, kinds=3)
    inputs = {"photo": Image(columns=("photo",), size=SIDE, augment=())}
    options = {"epochs": epochs, "batch_size": 32, "validation_fraction": 0.0, "device": "cpu", "width": 16}
    model = NeuralClassifier(random_state=seed, **options)
    model.fit_samples(samples, codes, inputs=inputs, classes=3)
    model.classes_, model.inputs_ = np.array(["upright", "lying", "neither"]), inputs
    return model
