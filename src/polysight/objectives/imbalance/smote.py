"""Smote: new rows of rare classes, between a row and one of its neighbours.

Source: Chawla, Bowyer, Hall, Kegelmeyer, SMOTE: Synthetic Minority Over-sampling Technique, JAIR 2002 (the
implementation of imbalanced-learn).
Departures: a class with fewer rows than neighbours asked for takes those it has; one with a single row is copied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field
from scipy.sparse import csr_array, issparse, vstack

from polysight.core.randomness import derived_seed
from polysight.objectives.imbalance.base import Remedy, raised
from polysight.objectives.imbalance.over import missing_rows


@dataclass(frozen=True)
class Smote(Remedy):
    """Synthetic rows of rare classes, at random places between a row's features and a near neighbour's.

    Attributes:
        neighbours: How many nearest rows of the class a partner is drawn from.
        share: How many rows each class has in the end, as a share of the largest; 1 is as many.
    """

    kind: ClassVar[str] = "smote"
    acts_on: ClassVar[tuple[str, ...]] = ("features",)
    instead: ClassVar[str] = "rare_augmentation, which makes new examples of rare classes, or balanced_batches"

    neighbours: Annotated[int, Field(ge=1)] = 5
    share: Annotated[float, Field(gt=0, le=1)] = 1.0

    def resampled(self, matrix: Any, codes: Int[np.ndarray, " row"], seed: int) -> tuple[Any, Int[np.ndarray, " new"]]:
        """Every row once, then the synthetic ones; see ``Remedy.resampled``."""
        matrices, classes = [matrix], [codes]
        missing = missing_rows(codes, self.share)
        near = {code: min(self.neighbours, int((codes == code).sum()) - 1) for code in missing}
        # One call for all classes that have neighbours enough, as imbalanced-learn makes; smaller ones after it.
        for neighbours in sorted(set(near.values()), reverse=True):
            chosen = {code: count for code, count in missing.items() if near[code] == neighbours}
            new, named = _between(matrix, codes, chosen, neighbours, derived_seed(seed, "smote") % 2**31)
            matrices.append(new)
            classes.append(named)
        return _stacked(matrices), np.concatenate(classes)

    def taught(self, shares: Float[np.ndarray, " class"]) -> Float[np.ndarray, " class"]:
        """Rare classes brought up to ``share`` of the largest."""
        return raised(shares, self.share)


def _between(
    matrix: Any, codes: Int[np.ndarray, " row"], missing: dict[int, int], neighbours: int, seed: int
) -> tuple[Any, Int[np.ndarray, " new"]]:
    """The new rows of some classes."""
    if not neighbours:
        rows = np.concatenate([np.repeat(np.flatnonzero(codes == code), n) for code, n in missing.items()])
        return matrix[rows], codes[rows]
    # Takes a second to import, and few fits need it.
    from imblearn.over_sampling import SMOTE

    wanted = {code: int((codes == code).sum()) + count for code, count in missing.items()}
    both, named = SMOTE(sampling_strategy=wanted, k_neighbors=neighbours, random_state=seed).fit_resample(matrix, codes)
    return both[len(codes) :], named[len(codes) :]


def _stacked(matrices: list[Any]) -> Any:
    if issparse(matrices[0]):
        return csr_array(vstack(matrices, format="csr", dtype=matrices[0].dtype))
    return np.concatenate(matrices).astype(matrices[0].dtype, copy=False)
