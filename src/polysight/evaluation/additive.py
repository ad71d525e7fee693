"""The empirical multimodally-additive projection (EMAP): what is left of a model without interactions of inputs.

Source: J. Hessel and L. Lee, "Does my multimodal model learn cross-modal interactions? It's harder to tell than you
might think!", EMNLP 2020: the logits of a fused model are projected on functions that add up a term of each modality;
if the projection answers as well, the model has learned no interaction that helps.
Departures: the paper has two modalities. With more, the term of one is the mean over rows whose other modalities stay
together; of an additive model the projection is the model itself, as in the paper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Float, Int

#: Asks a model about rows put together: for each input the row its cells are taken from.
Ask = Callable[[Mapping[str, Int[np.ndarray, " pair"]]], Float[np.ndarray, "pair class"]]
#: Pairs asked about at once.
_PAIRS = 4096


def additive_projection(ask: Ask, names: Sequence[str], rows: int) -> Float[np.ndarray, "row class"]:
    """The logits of the projection for rows 0 to ``rows - 1``, exact: every input of every row meets every other row.

    Two inputs take ``rows ** 2`` questions, M inputs M times as many.

    Args:
        ask: The model.
        names: The inputs, at least two.
        rows: How many rows there are.
    """
    terms = []
    for name in names if len(names) > 2 else names[:1]:
        own, others = _means(ask, name, names, rows)
        # Of two inputs, what the others mean is the term of the second.
        terms += [own, others] if len(names) == 2 else [own]
    return np.sum(terms, axis=0) - (len(terms) - 1) * np.mean(terms, axis=(0, 1))


def _means(
    ask: Ask, name: str, names: Sequence[str], rows: int
) -> tuple[Float[np.ndarray, "row class"], Float[np.ndarray, "row class"]]:
    """The mean logits of each row's cells of an input with all rows' others; and of its others with all rows' cells."""
    own, others = [], np.zeros(())
    step = max(1, _PAIRS // rows)
    for start in range(0, rows, step):
        mine = np.arange(start, min(start + step, rows))
        first, second = np.repeat(mine, rows), np.tile(np.arange(rows), len(mine))
        logits = ask({n: first if n == name else second for n in names}).reshape(len(mine), rows, -1)
        own.append(logits.mean(axis=1))
        others = others + logits.sum(axis=0)
    return np.concatenate(own), others / rows
