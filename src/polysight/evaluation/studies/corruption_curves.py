"""Corruption curves: how accurate and how sure a model is of rows whose cells are worse than in training.

What is asked is bounded by constants: the cells that are corrupted, large ones counting as several, since reading
features out of them is what takes time. Where three severities of every corruption of an input are too much for enough
rows, it gets the strongest alone; if that is too much, only some corruptions, or none. What was left out is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float

from polysight.core.randomness import generator
from polysight.data.cache import without_cache
from polysight.data.samples import Samples
from polysight.data.view import View
from polysight.evaluation.intervals import Estimate, statistic_estimate, undefined
from polysight.evaluation.ranking import ClassRanking
from polysight.evaluation.resampling import Resampling
from polysight.evaluation.studies.base import Case
from polysight.evaluation.variants import Predictor
from polysight.modalities.base import Modality
from polysight.modalities.corruption import SEVERITIES, corrupted

#: The cells that are corrupted, all together, and the bytes from which one counts as two. Features of five learners and
#: four folds take about 10 ms a cell of 3 kB.
BUDGET, LARGE = 1000.0, 16_000
#: The fewest rows worth a point of a curve.
LEAST_ROWS = 24

STRONGEST = SEVERITIES[-1]


@dataclass(frozen=True)
class Scope:
    """What can be asked within the budget.

    Attributes:
        conditions: For each input the corruptions and severities.
        rows: How many rows.
        skipped: What was left out, and why.
    """

    conditions: Mapping[str, tuple[tuple[str, int], ...]]
    rows: int
    skipped: tuple[Mapping[str, Any], ...]


def scope(samples: Samples, inputs: Mapping[str, Modality], budget: float = BUDGET) -> Scope:
    """Share a budget of cells among inputs.

    Args:
        samples: The rows that might be asked about.
        inputs: The modality of each input; those without corruptions are passed over.
        budget: Cells.
    """
    known = {name: list(inputs[name].corruptions) for name in samples.names if name in inputs}
    share = budget / max(1, len(known))
    conditions, skipped, rows = {}, [], len(samples)
    for name, corruptions in known.items():
        cost = 1 + samples.views[name].nbytes / (LARGE * len(samples))
        affordable = int(share // (cost * min(LEAST_ROWS, len(samples))))
        every = [(one, severity) for one in corruptions for severity in SEVERITIES]
        strongest = [(one, STRONGEST) for one in corruptions]
        chosen = every if affordable >= len(every) else strongest[:affordable]
        left = [one for one in every if one not in chosen]
        skipped += [{"modality": name, "corruption": one, "severity": s, "reason": "costly"} for one, s in left]
        if chosen:
            conditions[name] = tuple(chosen)
            rows = min(rows, int(share // (cost * len(chosen))))
    return Scope(conditions, rows, tuple(skipped))


@dataclass(frozen=True, eq=False)
class CorruptionCurves:
    """The rows of a case under every condition of a scope.

    Attributes:
        case: The rows that are corrupted.
        model: The model.
        samples: Their cells, which know where they come from.
        inputs: The modality of each input.
        conditions: For each input the corruptions and severities.
    """

    case: Case
    model: Predictor
    samples: Samples
    inputs: Mapping[str, Modality]
    conditions: Mapping[str, tuple[tuple[str, int], ...]]
    _strongest: dict[str, View] = field(default_factory=dict)

    @cached_property
    def answers(self) -> dict[tuple[str, str, int], Float[np.ndarray, "some class"]]:
        """Probabilities by input, corruption and severity."""
        return {(name, one, severity): self._asked({name: view}) for name, one, severity, view in self._views()}

    def accuracy(self) -> list[dict[str, Any]]:
        """A point of a curve a line; severity 0 are the same rows as they are."""
        whole = self.case.variants.whole
        lines = []
        for name, chosen in self.conditions.items():
            for one in dict.fromkeys(corruption for corruption, _ in chosen):
                points = [(0, whole), *((s, self.answers[name, one, s]) for c, s in chosen if c == one)]
                lines += [
                    {
                        "modality": name,
                        "corruption": one,
                        "severity": severity,
                        "accuracy": self.case.accuracy(found).to_json(),
                    }
                    for severity, found in points
                ]
        return lines

    def out_of_distribution(self) -> dict[str, Any]:
        """How well a lack of confidence tells odd rows from the same rows as they are: areas under the ROC curve.

        The score of a row is one minus the highest probability. ``auroc`` is against the rows with every input in its
        first corruption at its strongest, ``corruptions`` against one corruption of one input, ``shuffled`` against
        rows put together from cells of different rows. One half is no better than chance.
        """
        names = self.samples.names
        random = generator(self.case.seed, "robustness", "shuffled")
        dealt = self.samples.recombined({name: random.permutation(len(self.case.codes)) for name in names})
        single = [
            {"modality": name, "corruption": one, "auroc": self._area(found).to_json()}
            for (name, one, severity), found in self.answers.items()
            if severity == STRONGEST
        ]
        worst = self._area(self._asked(self._strongest)) if self._strongest else undefined("no_corruptions")
        plain = worst.to_json()
        return {
            "score": "confidence",
            "against": "all_corrupted",
            "auroc": plain.pop("value"),
            **plain,
            "shuffled": self._area(self.model.predict_samples(dealt)).to_json() if len(names) > 1 else None,
            "corruptions": single,
            "rows": len(self.case.codes),
        }

    def _views(self) -> Iterator[tuple[str, str, int, View]]:
        for name, chosen in self.conditions.items():
            view = self.samples.views[name]
            for one, severity in chosen:
                worse = corrupted(view, one, self.inputs[name].corruptions[one], severity, seed=self.case.seed)
                if severity == STRONGEST:
                    self._strongest.setdefault(name, worse)
                yield name, one, severity, worse

    def _asked(self, views: Mapping[str, View]) -> Float[np.ndarray, "some class"]:
        # Descriptors of cells that nobody will ever see again are not worth a place on disk.
        with without_cache():
            return self.model.predict_samples(Samples({**self.samples.views, **views}))

    def _area(self, odd: Float[np.ndarray, "some class"]) -> Estimate:
        return odd_area(1 - self.case.variants.whole.max(axis=1), 1 - odd.max(axis=1), self.case.resampling)


def odd_area(clean: Float[np.ndarray, " row"], odd: Float[np.ndarray, " row"], resampling: Resampling) -> Estimate:
    """The area under the ROC curve of a score that should be higher for odd rows than for the same rows as they are.

    Args:
        clean: The score of each row as it is.
        odd: Its score when it is odd.
        resampling: How the interval is made; a row and its odd twin are drawn together.
    """
    ranking = ClassRanking.of(np.repeat([False, True], len(clean)), np.concatenate([clean, odd]))

    def areas(weights: Float[np.ndarray, "row weighting"]) -> Float[np.ndarray, " weighting"]:
        return ranking.areas(np.concatenate([weights, weights]))[0]

    return statistic_estimate(areas, resampling)
