"""Small comparisons: two inputs of numbers that each tell half of the label, and made-up trials."""

import numpy as np
import pandas as pd

from polysight.comparison.split import Split
from polysight.comparison.trial import Trial
from polysight.modalities.inputs import prepare

INPUTS = {name: {"kind": "tabular", "columns": [f"{name}_{i}" for i in range(2)]} for name in ("left", "right")}
COMMON = {"device": "cpu", "epochs": 1, "width": 8, "validation_fraction": 0.0}


def halves(rows=90, seed=0, missing=0.1):
    """Four classes: each input tells one bit; some rows lack an input; six groups."""
    rng = np.random.default_rng(seed)
    bits = rng.integers(2, size=(rows, 2))
    table = pd.DataFrame({"site": rng.integers(6, size=rows), "label": [f"{a}{b}" for a, b in bits]})
    for i, name in enumerate(INPUTS):
        values = (2 * bits[:, [i]] - 1 + 0.4 * rng.normal(size=(rows, 2))).round(4).astype(object)
        values[rng.random(rows) < missing] = ""
        table[[f"{name}_0", f"{name}_1"]] = values
    return table


def split_of(rows=90, inputs=None, seed=0):
    task = prepare(halves(rows, seed), "label", inputs=inputs or INPUTS, group="site")
    held = task.groups % 3 == 0
    train, test = task.take(np.flatnonzero(~held)), task.take(np.flatnonzero(held))
    return Split(train, test.samples, test.codes, test.groups)


def answers_of(right, codes, classes=4, sure=0.7):
    """Probabilities whose likeliest class is right where it should be, and the next class elsewhere."""
    said = np.where(right, codes, (codes + 1) % classes)
    probabilities = np.full((len(codes), classes), (1 - sure) / (classes - 1))
    probabilities[np.arange(len(codes)), said] = sure
    return probabilities


def trial_of(right, codes, **others):
    return Trial({"complete": answers_of(right, codes), **others}, 10, 1.5)
