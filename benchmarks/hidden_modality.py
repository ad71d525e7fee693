"""A modality that hides another: how much of what joint training loses each balance brings back.

Of two table inputs, ``fast`` shows the class as it is, in nine rows of ten; ``slow`` shows it always, but as products
of signs among numbers that say nothing, which takes long to find. Trained together, the loss is soon so small that
``slow`` is hardly looked for. The oracle trains each input alone and multiplies their answers.

Measured on seeds 0, 1, 2: joint .935 .946 .943, oracle .969 .969 .970, mmpareto .969 .970 .973, staged .965 .968 .972.

python benchmarks/hidden_modality.py [--seeds 3] [--balance mmpareto staged ...]
"""

from __future__ import annotations

import argparse
import time
import warnings

import numpy as np
import pandas as pd

from polysight import NeuralClassifier, Tabular

#: The share of rows in which ``fast`` shows the true class; in others any of the four.
SHOWN = 0.9
#: Numbers in ``slow`` that say nothing.
DISTRACTING = 12
OPTIONS = {
    "epochs": 30,
    "batch_size": 128,
    "width": 32,
    "optimizer": {"kind": "sgd", "learning_rate": 0.1},
    "modality_dropout": 0.0,
    "validation_fraction": 0.0,
    "device": "cpu",
}


def hidden_modality(rows: int, seed: int) -> tuple[pd.DataFrame, dict[str, Tabular]]:
    """A table with the inputs ``fast`` and ``slow`` and a label of four classes."""
    rng = np.random.default_rng(seed)
    bits = rng.integers(0, 2, size=(rows, 2))
    classes = bits @ [2, 1]
    shown = np.where(rng.random(rows) < SHOWN, classes, rng.integers(4, size=rows))
    fast = 3 * np.eye(4)[shown] + 0.3 * rng.normal(size=(rows, 4))
    signs = rng.choice([-1, 1], size=(rows, 2, 2))
    signs[:, :, 1] = signs[:, :, 0] * (2 * bits - 1)
    pairs = (signs * (1 + 0.2 * rng.normal(size=signs.shape))).reshape(rows, 4)
    slow = np.hstack([pairs, rng.normal(size=(rows, DISTRACTING))])
    columns = {"fast": [f"f{i}" for i in range(4)], "slow": [f"s{i}" for i in range(slow.shape[1])]}
    table = pd.DataFrame(np.hstack([fast, slow]), columns=columns["fast"] + columns["slow"])
    table["label"] = [f"class {code}" for code in classes]
    return table, {name: Tabular(columns=names, augment=()) for name, names in columns.items()}


def answers(train: pd.DataFrame, test: pd.DataFrame, inputs: dict[str, Tabular], **options) -> np.ndarray:
    """Probabilities of the test rows."""
    return NeuralClassifier(inputs, **{**OPTIONS, **options}).fit(train, "label").predict_proba(test)


def recovery(seed: int, balances: list[str], rows: int = 2000) -> dict[str, float]:
    """Test accuracy of each input alone, of joint training, of the oracle and of each balance."""
    train, inputs = hidden_modality(rows, seed)
    test, _ = hidden_modality(4000, 100 + seed)
    truth = test["label"].str[-1].astype(int).to_numpy()
    alone = {n: answers(train, test, {n: i}, auxiliary=0.0, random_state=seed) for n, i in inputs.items()}
    found = {**alone, "oracle": alone["fast"] * alone["slow"]}
    found["joint"] = answers(train, test, inputs, auxiliary=0.0, random_state=seed)
    for balance in balances:
        found[balance] = answers(train, test, inputs, balance=balance, random_state=seed)
    return {name: float((p.argmax(axis=1) == truth).mean()) for name, p in found.items()}


def main() -> None:
    """Print a line a seed, and the share of the gap each balance brings back on average."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--balance", nargs="*", default=["mmpareto", "staged"])
    chosen = parser.parse_args()
    found = []
    for seed in range(chosen.seeds):
        start = time.perf_counter()
        found.append(recovery(seed, chosen.balance))
        line = "  ".join(f"{name} {accuracy:.3f}" for name, accuracy in found[-1].items())
        print(f"seed {seed}: {line}  ({time.perf_counter() - start:.0f} s)", flush=True)
    for balance in chosen.balance:
        shares = [(f[balance] - f["joint"]) / (f["oracle"] - f["joint"]) for f in found]
        each = ", ".join(f"{share:.0%}" for share in shares)
        print(f"{balance} brings back {np.mean(shares):.0%} of the gap ({each})")


if __name__ == "__main__":
    main()
