"""Exclusive or: which fusions learn an interaction of two inputs that each say nothing alone.

python benchmarks/xor.py [--rows N] [--seeds N] [--epochs N]

Two inputs of four numbers each hide one bit in the sign of their first number, in noise; the class is whether the
bits differ. Every fusion trains the same network (NeuralClassifier) on the same rows.
"""

from __future__ import annotations

import argparse
import time
import warnings

import numpy as np
import pandas as pd

from polysight import NeuralClassifier, Tabular
from polysight.fusion import FUSIONS

INPUTS = {name: Tabular(columns=[f"{name}_{i}" for i in range(4)]) for name in ("left", "right")}


def exclusive_or(rows: int, seed: int) -> pd.DataFrame:
    """A table of eight numbers and a label."""
    rng = np.random.default_rng(seed)
    bits = rng.integers(2, size=(rows, 2))
    parts = {}
    for i, name in enumerate(INPUTS):
        values = 0.3 * rng.normal(size=(rows, 4))
        values[:, 0] += 2 * bits[:, i] - 1
        parts |= {f"{name}_{j}": values[:, j] for j in range(4)}
    return pd.DataFrame(parts).assign(label=np.where(bits[:, 0] == bits[:, 1], "same", "different"))


def measure(fusion: str, arguments: argparse.Namespace) -> tuple[list[float], list[float], float]:
    """Accuracy on unseen rows with both inputs and with one of them, a number a seed, and the seconds of all."""
    both, one, start = [], [], time.perf_counter()
    for seed in range(arguments.seeds):
        model = NeuralClassifier(
            INPUTS, fusion=fusion, epochs=arguments.epochs, validation_fraction=0.0, device="cpu", random_state=seed
        )
        model.fit(exclusive_or(arguments.rows, seed), "label")
        unseen = exclusive_or(2000, 1000 + seed)
        both.append(model.score(unseen, "label"))
        one.append(model.score(unseen.drop(columns=INPUTS["right"].columns), "label"))
    return both, one, time.perf_counter() - start


def main() -> None:
    """Print a line for each fusion."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=30)
    arguments = parser.parse_args()
    print(f"{'fusion':18s} {'both inputs':>11s} {'worst seed':>11s} {'one input':>10s} {'seconds':>8s}")
    for fusion in FUSIONS:
        both, one, seconds = measure(fusion, arguments)
        print(f"{fusion:18s} {np.mean(both):11.3f} {min(both):11.3f} {np.mean(one):10.3f} {seconds:8.0f}", flush=True)


if __name__ == "__main__":
    main()
