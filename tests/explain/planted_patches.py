"""Grey noise with one striped patch, whose direction tells the class; where it lies is known."""

from functools import cache

import numpy as np

from polysight.data.samples import Samples
from polysight.data.view import View, content_key
from polysight.learners.neural import NeuralClassifier
from polysight.modalities.image.modality import Image

SIDE, PATCH = 28, 8
STRIPES = np.tile([[230.0], [20.0]], (PATCH // 2, PATCH))


def patched(rows, seed):
    """Images as samples, their classes, and which pixels the patch covers."""
    rng = np.random.default_rng(seed)
    codes, pixels = rng.integers(2, size=rows), rng.normal(120, 25, (rows, 1, SIDE, SIDE, 1))
    inside = np.zeros((rows, SIDE, SIDE), dtype=bool)
    for row, code in enumerate(codes):
        y, x = rng.integers(0, SIDE - PATCH, 2)
        pixels[row, 0, y : y + PATCH, x : x + PATCH, 0] = STRIPES if code else STRIPES.T
        inside[row, y : y + PATCH, x : x + PATCH] = True
    pixels = pixels.repeat(3, axis=-1).clip(0, 255).astype(np.uint8)
    keys = np.array([content_key([image.tobytes()]) for image in pixels])
    return Samples({"photo": View({"pixels": pixels}, np.ones((rows, 1), dtype=bool), keys)}), codes, inside


@cache
def trained(seed=0, rows=240, epochs=10, **options):
    """A small network that has learned to tell the stripes."""
    samples, codes, _ = patched(rows, seed)
    inputs = {"photo": Image(columns=("photo",), size=SIDE, augment=())}
    common = {"epochs": epochs, "batch_size": 32, "validation_fraction": 0.0, "device": "cpu", "width": 16}
    model = NeuralClassifier(random_state=seed, **{**common, **options})
    model.fit_samples(samples, codes, inputs=inputs, classes=2)
    model.classes_, model.inputs_ = np.array(["upright", "lying"]), inputs
    return model
