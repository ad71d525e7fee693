"""Planted signals: does an explanation put first what is known to tell the class?

python benchmarks/planted.py [--only NAME ...] [--rows N] [--seeds N] [--model features|quick]

A model learns data of one input (``planted_data``), in which one region, word, column, frame, slice, stretch or part of
each row tells the class. Of unseen rows it gets right, the unit with the largest value for that class must be the
planted one. ``modality``: three inputs of which one tells, another for each seed; exact Shapley values must say which.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from planted_data import PLANTED, Planted
from polysight import FeatureClassifier, MultimodalClassifier
from polysight.explain.game import Game
from polysight.explain.kernel_shap import kernel_shap
from polysight.explain.lime import lime
from polysight.explain.occlusion import occlusion
from polysight.explain.unit_game import unit_game

METHODS = {
    "kernel_shap": lambda game, coalitions: kernel_shap(game, coalitions=coalitions).values,
    "lime": lambda game, coalitions: lime(game, coalitions=coalitions).values,
    "occlusion": lambda game, coalitions: occlusion(game),
}
MODELS = {
    "features": lambda planted: FeatureClassifier(planted.inputs, features=planted.features),
    "quick": lambda planted: MultimodalClassifier(preset="quick", inputs=planted.inputs),
}


def recovered(
    planted: Planted, model: str, train: int, coalitions: int = 256
) -> tuple[dict[str, list[bool]], dict[str, float], float]:
    """For each method whether the first unit was right, row by row, the seconds it took, and the model's accuracy."""
    part = planted.table.iloc[train:]
    fitted = MODELS[model](planted).fit(planted.table.iloc[:train], "label", root=planted.root)
    samples = fitted.read(part, root=planted.root)
    said = fitted.classes_[fitted.predict_samples(samples).argmax(axis=1)]
    there = np.array([right is not None for right in planted.right[train:]])
    good = np.flatnonzero(there & (said == part["label"].to_numpy()))
    hits: dict[str, list[bool]] = {name: [] for name in METHODS}
    seconds = dict.fromkeys(METHODS, 0.0)
    for row in good:
        target = int(np.flatnonzero(fitted.classes_ == said[row])[0])
        units, game = unit_game(fitted, samples.take([row]), next(iter(planted.inputs)))
        for name, method in METHODS.items():
            start = time.perf_counter()
            first = int(method(game, coalitions)[:, target].argmax())
            seconds[name] += time.perf_counter() - start
            hits[name].append(planted.right[train + row](units, first))
    return hits, {name: spent / max(1, len(good)) for name, spent in seconds.items()}, len(good) / there.sum()


def modalities_recovered(rows: int, train: int, seed: int, root: Path) -> list[bool]:
    """Of three inputs one tells: whether it has the largest Shapley value, row by row."""
    makers = [PLANTED[name] for name in ("region", "word", "column")]
    parts = [make(rows, seed + number, root) for number, make in enumerate(makers)]
    telling = parts[seed % 3]
    joined = pd.concat([p.table.drop(columns="label") for p in parts], axis=1).assign(label=telling.table["label"])
    inputs = {name: modality for p in parts for name, modality in p.inputs.items()}
    fitted = MultimodalClassifier(preset="quick", inputs=inputs).fit(joined.iloc[:train], "label")
    samples = fitted.read(joined.iloc[train:])
    answers = fitted.predict_samples(samples)
    truth = joined["label"].iloc[train:].to_numpy()
    hits = []
    for row in np.flatnonzero(fitted.classes_[answers.argmax(axis=1)] == truth):
        one = samples.take([row])

        def value(shown: np.ndarray, one=one) -> np.ndarray:
            return fitted.predict_samples(one.take(np.zeros(len(shown), dtype=int)).hide_where(~shown))

        shares = kernel_shap(Game(samples.names, value)).values[:, answers[row].argmax()]
        hits.append(samples.names[int(shares.argmax())] == next(iter(telling.inputs)))
    return hits


def main() -> None:
    """Print a line for each kind of unit."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=[*PLANTED, "modality"])
    parser.add_argument("--rows", type=int, default=40, help="rows that are explained, for each seed")
    parser.add_argument("--train", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--model", choices=list(MODELS), default="features")
    chosen = parser.parse_args()
    print(f"{'planted':10s} {'accuracy':>8s} {'rows':>5s}" + "".join(f" {name:>12s} {'s/row':>6s}" for name in METHODS))
    for name in chosen.only or [*PLANTED, "modality"]:
        hits: dict[str, list[bool]] = {method: [] for method in METHODS}
        accuracies, spent = [], dict.fromkeys(METHODS, 0.0)
        with tempfile.TemporaryDirectory() as folder:
            for seed in range(chosen.seeds):
                rows = chosen.train + chosen.rows
                if name == "modality":
                    found = modalities_recovered(rows, chosen.train, seed, Path(folder))
                    hits["kernel_shap"] += found
                    accuracies.append(len(found) / chosen.rows)
                    continue
                mine, seconds, accuracy = recovered(PLANTED[name](rows, seed, Path(folder)), chosen.model, chosen.train)
                accuracies.append(accuracy)
                for method, one in mine.items():
                    hits[method] += one
                    spent[method] += seconds[method] / chosen.seeds
        shown = "".join(
            f" {np.mean(one):12.3f} {spent[method]:6.2f}" if one else f" {'-':>12s} {'-':>6s}"
            for method, one in hits.items()
        )
        print(f"{name:10s} {np.mean(accuracies):8.3f} {len(hits['kernel_shap']):5d}{shown}", flush=True)


if __name__ == "__main__":
    main()
