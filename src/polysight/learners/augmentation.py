"""Augmentation chosen by validation: is a mirrored photo still of its class? A letter is not, a shoe is.

Some changes keep the label on one kind of picture and not on another. Each is tried on a fast learner: fitted on the
rows and once more on rows and changed rows together, both judged on rows left out, as they are. A change that makes
those answers clearly better is one the class does not mind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from polysight.core.errors import DataError
from polysight.core.events import emit
from polysight.core.randomness import generator
from polysight.data.samples import Samples
from polysight.data.splits import Fold, holdout
from polysight.data.view import View, content_key
from polysight.learners.features import FeatureClassifier
from polysight.modalities.base import Modality

#: Fewer rows than this cannot tell.
LEAST_ROWS = 150
#: The most rows that are looked at.
MOST_ROWS = 2_000


def with_chosen_augmentations(
    samples: Samples,
    codes: Int[np.ndarray, " row"],
    groups: Int[np.ndarray, " row"] | None,
    inputs: Mapping[str, Modality],
    *,
    classes: int,
    seed: int,
) -> dict[str, Modality]:
    """The inputs, with changes that validation likes added where the user named none.

    Args:
        samples: The training rows.
        codes: The class of each row.
        groups: The group of each row; whole groups are left out.
        inputs: The settled modality of each input.
        classes: The number of classes.
        seed: Of the split and of the changes.
    """
    chosen = dict(inputs)
    for name, modality in inputs.items():
        if not modality.perhaps_safe or getattr(modality, "augment", None) is not None:
            continue
        rows = np.flatnonzero(samples.views[name].any_present)[:MOST_ROWS]
        parts = _parts(codes[rows], None if groups is None else groups[rows], seed)
        if parts is None:
            continue
        trial = _Trial(name, modality, samples.views[name].take(rows), codes[rows], parts, classes, seed)
        liked = [change for change in modality.perhaps_safe if trial.likes(change)]
        emit("augmentation_chosen", input=name, tried=list(modality.perhaps_safe), liked=liked)
        if liked:
            chosen[name] = modality.augmented_by((*modality.label_safe, *liked))
    return chosen


@dataclass(frozen=True, eq=False)
class _Trial:
    """One input, and rows to learn from and to judge by."""

    name: str
    modality: Modality
    view: View
    codes: Int[np.ndarray, " row"]
    parts: Fold
    classes: int
    seed: int

    def likes(self, change: str) -> bool:
        """Whether rows left out are answered better, by more than a standard error, with changed rows added."""
        train, _ = self.parts
        seen, labels = self.view.take(train), self.codes[train]
        rng = generator(self.seed, "trial", self.name, change)
        arrays = self.modality.augmented_by((change,)).augmented(seen.arrays, rng)
        keys = np.asarray([content_key([change, str(self.seed), bytes(key)]) for key in seen.keys])
        both = seen.followed_by(replace(seen, arrays=arrays, keys=keys, derived={}))
        gain = self._losses(seen, labels) - self._losses(both, np.concatenate([labels, labels]))
        return bool(gain.mean() > gain.std() / np.sqrt(len(gain)))

    def _losses(self, training: View, codes: Int[np.ndarray, " row"]) -> Float[np.ndarray, " row"]:
        learner = FeatureClassifier(features={self.name: self.modality.default_features}, random_state=self.seed)
        inputs = {self.name: self.modality}
        learner.fit_samples(Samples({self.name: training}), codes, inputs=inputs, classes=self.classes)
        _, left_out = self.parts
        answers = learner.predict_samples(Samples({self.name: self.view.take(left_out)}))
        return -np.log(np.clip(answers[np.arange(len(left_out)), self.codes[left_out]], 1e-9, None))


def _parts(codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None, seed: int) -> Fold | None:
    if len(codes) < LEAST_ROWS or len(np.unique(codes)) < 2:
        return None
    try:
        return holdout(codes, groups, fraction=0.3, seed=seed)
    except DataError:
        return None
