"""Recombined: a model asked about rows whose inputs come from different rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float, Int

from polysight.core.memo import remembering_here
from polysight.data.samples import Samples
from polysight.evaluation.variants import Predictor

#: The bytes of cells put together at once.
_BYTES = 64 * 1000**2
#: Rows put together at once, at most.
_ROWS = 1024
#: The least probability, so that its logarithm is a number.
_LEAST = 1e-12


class Recombined:
    """Answers of a model to rows put together from the inputs of others; each input's features are made once.

    Answers are logarithms of probabilities. They differ from logits by a number that is the same for all classes of a
    row, which changes nothing where they are averaged and then made probabilities again.

    Args:
        model: The model.
        samples: The rows whose inputs are put together.
    """

    def __init__(self, model: Predictor, samples: Samples) -> None:
        self.model, self.samples = model, samples.as_origin()
        size = sum(view.nbytes for view in samples.views.values())
        self._portion = int(np.clip(_BYTES * len(samples) // max(size, 1), 1, _ROWS))

    def __call__(self, picks: Mapping[str, Int[np.ndarray, " pair"]]) -> Float[np.ndarray, "pair class"]:
        """Logarithms of probabilities where each input comes from the row named for it."""
        return np.log(np.maximum(self.probabilities(picks), _LEAST))

    def probabilities(self, picks: Mapping[str, Int[np.ndarray, " pair"]]) -> Float[np.ndarray, "pair class"]:
        """Probabilities where each input comes from the row named for it."""
        count = len(next(iter(picks.values())))
        with remembering_here():
            parts = [
                self.model.predict_samples(self.samples.recombined({n: rows[part] for n, rows in picks.items()}))
                for part in (slice(start, start + self._portion) for start in range(0, count, self._portion))
            ]
        return np.concatenate(parts)
