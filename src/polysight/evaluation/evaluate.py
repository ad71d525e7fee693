"""Evaluate: a model and labelled rows in, numbers with intervals, baselines and missing inputs out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Shaped
from numpy.typing import NDArray

from polysight.data.samples import Samples
from polysight.evaluation.class_intervals import class_estimates, ranking_estimates
from polysight.evaluation.intervals import (
    Estimate,
    metric_estimates,
    paired_gain,
    share_estimate,
    undefined,
)
from polysight.evaluation.metrics import check_predictions, check_rows
from polysight.evaluation.resampling import Resampling
from polysight.evaluation.result import ClassScores, Evaluation, Note
from polysight.evaluation.variants import Classifying, Variants


def codes_of(labels: Sequence[Any] | NDArray, classes: NDArray) -> Int[np.ndarray, " row"]:
    """The position of each label in ``classes``; -1 for a label that is not there."""
    place = {label: code for code, label in enumerate(classes.tolist())}
    return np.array([place.get(label, -1) for label in np.asarray(labels).tolist()], dtype=np.int64)


def evaluate_model(
    model: Classifying,
    samples: Samples,
    codes: Int[np.ndarray, " row"],
    *,
    groups: Shaped[np.ndarray, " row"] | None = None,
    seed: int = 0,
    best_single: str | None = None,
) -> Evaluation:
    """Measure a fitted model on rows it has never seen.

    Args:
        model: Anything with ``classes_``, ``prior_`` and ``predict_samples`` (and ``decision_``, where it moves).
        samples: The rows, read.
        codes: Positions in ``classes_``; -1 for a label never seen in training, which counts as wrong.
        groups: Rows of one group are resampled together.
        seed: Same seed, same intervals.
        best_single: The input that fusion is compared with, chosen without these rows; by default the one that
            is most accurate on them, which is said in a note.

    Raises:
        DataError: No row, or probabilities that are none.
    """
    check_rows(codes)
    variants = Variants.predict(model, samples)
    return evaluate_variants(variants, codes, model.classes_, groups=groups, seed=seed, best_single=best_single)


def evaluate_variants(
    variants: Variants,
    codes: Int[np.ndarray, " row"],
    classes: NDArray,
    *,
    groups: Shaped[np.ndarray, " row"] | None = None,
    seed: int = 0,
    best_single: str | None = None,
) -> Evaluation:
    """As ``evaluate_model``, from predictions already made (for instance those pooled over folds)."""
    check_predictions(codes, variants.whole)
    resampling = Resampling(len(codes), groups, seed)
    predicted = variants.chosen(variants.whole)
    right = {name: variants.chosen(probabilities) == codes for name, probabilities in variants.alone.items()}
    alone = {f"{name} only": share_estimate(correct, resampling) for name, correct in right.items()}
    chosen = best_single or max(right, key=lambda name: float(right[name].mean()), default="")
    return Evaluation(
        n=len(codes),
        classes=tuple(classes.tolist()),
        metrics=metric_estimates(codes, variants.whole, resampling, predicted),
        per_class=_per_class(codes, predicted, variants.whole, resampling),
        confusion=_confusion(codes, predicted, len(classes)),
        baselines={"majority": share_estimate(variants.majority == codes, resampling), **alone},
        fusion_gain=_gain(predicted == codes, right, chosen, resampling),
        best_single=chosen,
        missing={
            f"without {name}": metric_estimates(codes, probabilities, resampling, variants.chosen(probabilities))
            for name, probabilities in variants.without.items()
        },
        notes=_notes(codes, predicted, classes, resampling, chosen_here=chosen if best_single is None else ""),
    )


def _gain(
    whole: NDArray[np.bool_], right: dict[str, NDArray[np.bool_]], chosen: str, resampling: Resampling
) -> Estimate:
    return paired_gain(whole, right[chosen], resampling) if chosen in right else undefined("one_input_only")


def _per_class(
    codes: Int[np.ndarray, " row"],
    predicted: Int[np.ndarray, " row"],
    probabilities: Float[np.ndarray, "row class"],
    resampling: Resampling,
) -> tuple[ClassScores, ...]:
    classes = probabilities.shape[1]
    decided = class_estimates(codes, predicted, classes, resampling)
    ranked = ranking_estimates(codes, probabilities, predicted, resampling)
    support = np.bincount(codes[codes >= 0], minlength=classes)
    shown = np.bincount(predicted, minlength=classes)
    return tuple(
        ClassScores(**decided[k], **ranked[k], support=int(support[k]), predicted=int(shown[k])) for k in range(classes)
    )


def _confusion(
    codes: Int[np.ndarray, " row"], predicted: Int[np.ndarray, " row"], classes: int
) -> Int[np.ndarray, "class class"]:
    known = codes >= 0
    cells = np.bincount(codes[known] * classes + predicted[known], minlength=classes * classes)
    return cells.reshape(classes, classes)


def _notes(
    codes: Int[np.ndarray, " row"],
    predicted: Int[np.ndarray, " row"],
    classes: NDArray,
    resampling: Resampling,
    chosen_here: str,
) -> tuple[Note, ...]:
    labels = np.array([str(label) for label in classes.tolist()], dtype=object)
    support = np.bincount(codes[codes >= 0], minlength=len(classes))
    absent = labels[support == 0].tolist()
    silent = labels[(np.bincount(predicted, minlength=len(classes)) == 0) & (support > 0)].tolist()
    unseen = int((codes < 0).sum())
    notes = {
        "unseen_labels": {"rows": unseen} if unseen else {},
        "absent_classes": {"classes": absent} if absent else {},
        "never_predicted": {"classes": silent} if silent else {},
        "few_units": {"units": resampling.units} if resampling.units < 30 else {},
        "single_chosen_here": {"name": chosen_here} if chosen_here else {},
    }
    return tuple(Note(code, facts) for code, facts in notes.items() if facts)
