"""Cases for tests of studies: a model of known quality, its rows, and a table beside them."""

import numpy as np
import pandas as pd

from polysight.data.samples import Samples
from polysight.evaluation.studies.base import Case, OutOfFold
from polysight.evaluation.variants import Variants


class Seen(Samples):
    """Samples of which only the names and presence of inputs are asked."""

    def __init__(self, present):
        self.__dict__["views"] = {f"input {k}": None for k in range(present.shape[1])}
        self.__dict__["there"] = present

    @property
    def present(self):
        return self.there

    def take(self, rows):
        return Seen(self.there[rows])


def answers(rows=300, classes=3, strength=2.0, seed=0, sharp=1.0):
    """Codes, and honest probabilities of them (made too sure by ``sharp``)."""
    random = np.random.default_rng(seed)
    codes = random.integers(classes, size=rows)
    logits = random.normal(size=(rows, classes))
    logits[np.arange(rows), codes] += strength
    odds = np.exp(sharp * strength * logits)
    return codes, odds / odds.sum(axis=1, keepdims=True)


def case_of(codes, probabilities, *, kept=None, columns=None, present=None, **options):
    """A case as a run makes it; with answers kept out of fold it has a model."""
    rows, classes = probabilities.shape
    options.setdefault("classes", np.array([f"class {k}" for k in range(classes)]))
    return Case(
        samples=Seen(np.ones((rows, 2), dtype=bool) if present is None else present),
        codes=codes,
        variants=options.pop("variants", Variants(probabilities, {}, {}, np.zeros(rows, dtype=int))),
        model=object() if kept is not None else None,
        columns=pd.DataFrame() if columns is None else columns,
        out_of_fold=None if kept is None else OutOfFold(kept[1], kept[0], *kept[2:]),
        **options,
    )
