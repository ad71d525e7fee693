"""Rows that are probably labelled wrongly, by what a quick model thinks of them that did not learn from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from polysight.health.base import Check
from polysight.health.confident import confident_learning
from polysight.health.examination import MOST_ROWS, Examination, drawn
from polysight.health.finding import Finding
from polysight.health.telling import FOLDS, places
from polysight.learners.features import FeatureClassifier
from polysight.modalities.base import FeatureSpecs
from polysight.modalities.inputs import Task

#: Rows the quick model learns from and judges.
MOST_TRAINED = 2_000
#: The balanced accuracy, from chance (0) to perfect (1), below which a model has no say about labels.
SKILL = 0.5
#: A suspect's own label is at most this probable. With 5 % of the labels of 400 to 800 rows flipped, rows named and
#: flipped ones among them: products 34 and 29, nodules 37 and 17, digits 34 and 34, houses 41 and 9 (at .2: 37 and 29,
#: 64 and 24, 34 and 34, 60 and 11); without flips 4, 31, 0 and 27 rows are named.
DOUBTED = 0.1
#: Fewer rows teach a model nothing.
ENOUGH = 30
#: Features that are quick; other modalities are described compactly.
QUICK: Mapping[str, FeatureSpecs] = {"image": ("hog", "colour"), "text": ("tfidf",), "tabular": ("onehot",)}


@dataclass(frozen=True)
class LabelErrors(Check):
    """Labels that confident learning doubts; it fits a model five times."""

    kind: ClassVar[str] = "label_errors"
    quick: ClassVar[bool] = False

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """Warn of rows whose label is doubted, the most doubtful first."""
        some = drawn(len(table.task.rows), MOST_TRAINED)
        task = table.task.take(some)
        codes, classes = task.codes, len(task.classes)
        if len(codes) < ENOUGH or np.bincount(codes, minlength=classes).min() < FOLDS:
            return (Finding(self.kind, "pass", f"{self.kind}.few"),)
        answers = out_of_fold(task, seed=table.seed)
        recall = np.bincount(codes, weights=answers.argmax(axis=1) == codes) / np.bincount(codes)
        skill = (recall.mean() - 1 / classes) / (1 - 1 / classes)
        if skill < SKILL:
            return (Finding(self.kind, "pass", f"{self.kind}.weak", {"skill": f"{skill:.0%}"}),)
        found = confident_learning(codes, answers)
        doubted = answers[found.suspects, codes[found.suspects]] <= DOUBTED
        suspects, suggested = found.suspects[doubted], found.suggested[doubted]
        if not len(suspects):
            return (Finding.good(self.kind, rows=len(codes)),)
        labels = [str(name) for name in task.classes]
        shown = [f"{task.rows[r]}: {labels[codes[r]]} -> {labels[s]}" for r, s in zip(suspects, suggested, strict=True)]
        facts = {"rows": len(suspects), "of": len(codes), "shown": "; ".join(shown[:5])}
        rows = tuple(int(row) for row in task.rows[suspects[:MOST_ROWS]])
        return (Finding(self.kind, "warn", f"{self.kind}.found", facts, (table.target,), rows),)


def out_of_fold(task: Task, *, seed: int = 0) -> Float[np.ndarray, "row class"]:
    """What logistic regression on quick features thinks of each row, learned from the other folds."""
    features = {name: QUICK.get(m.kind, m.compact_features) for name, m in task.inputs.items()}
    place = places(task.codes, task.groups, seed=seed)
    answers = np.full((len(task.codes), len(task.classes)), 1 / len(task.classes))
    for fold in np.unique(place):
        taught, judged = np.flatnonzero(place != fold), np.flatnonzero(place == fold)
        if not len(taught):
            continue
        groups = None if task.groups is None else task.groups[taught]
        learner = FeatureClassifier(features=features, estimator="logistic", random_state=seed)
        learner.fit_samples(
            task.samples.take(taught), task.codes[taught], inputs=task.inputs, classes=len(task.classes), groups=groups
        )
        answers[judged] = learner.predict_samples(task.samples.take(judged))
    return answers
