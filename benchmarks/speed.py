"""Start-up time, and an epoch of the network against a bare PyTorch loop over tensors in memory."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
import pandas as pd


def startup(code: str, repeats: int = 7) -> float:
    """Seconds a fresh Python takes for ``code`` beyond a bare one (best of several)."""

    def best(text: str) -> float:
        times = []
        for _ in range(repeats):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", text], check=True, capture_output=True)
            times.append(time.perf_counter() - start)
        return min(times)

    return best(code) - best("pass")


def epoch_ratio(rows: int = 1000, epochs: int = 4) -> tuple[float, float]:
    """Seconds an epoch after the first: 224 x 224 JPEG files in ``NeuralClassifier``, and the same network bare."""
    import torch
    from torch.nn import functional

    from polysight import Image, NeuralClassifier
    from polysight.core.devices import keep_large_buffers
    from polysight.core.events import listen
    from polysight.training.batches import Batch

    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        labels = rng.integers(4, size=rows)
        for i, label in enumerate(labels.tolist()):
            noise = rng.integers(0, 120, (28, 28, 3), dtype=np.uint8)
            picture = cv2.resize(noise, (224, 224), interpolation=cv2.INTER_CUBIC)
            picture[:, :, label % 3] //= 1 + label // 3
            cv2.imwrite(str(folder / f"{i}.jpg"), picture)
        table = pd.DataFrame({"image": [f"{i}.jpg" for i in range(rows)], "label": labels.astype(str)})
        table.attrs["root"] = folder
        ends = []
        learner = NeuralClassifier(
            inputs={"image": Image(size=224)}, epochs=epochs, batch_size=32, validation_fraction=0, modality_dropout=0
        )
        with listen(lambda event, facts: ends.append(time.perf_counter()) if event == "epoch" else None):
            learner.fit(table, "label")
        pixels = learner.read(table).views["image"].arrays["pixels"]
    ours = (ends[-1] - ends[0]) / (epochs - 1)

    keep_large_buffers()
    network = learner.network_.train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
    inputs, targets = torch.from_numpy(pixels), torch.from_numpy(labels)
    present = torch.ones(len(inputs), 1, dtype=torch.bool)
    bare = []
    for _ in range(epochs):
        start = time.perf_counter()
        for batch in torch.randperm(len(inputs)).split(32):
            output = network(Batch({"image": {"pixels": inputs[batch]}}, {"image": present[batch]}))
            loss = functional.cross_entropy(output.logits, targets[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        bare.append(time.perf_counter() - start)
    return ours, float(np.mean(bare[1:]))


def step_overhead(steps: int = 120, rounds: int = 15) -> tuple[float, float]:
    """CPU seconds of a training step in the harness, and of the same network in a bare loop (least of rounds).

    Two vectors a row, 32 rows, small layers: nothing but Python stands between the steps, the hardest case. Both make
    the same network's same loss small and take their rows from arrays in memory in a new order each epoch.
    """
    import torch
    from torch.nn import functional

    from polysight import NeuralClassifier, Tabular

    rng = np.random.default_rng(0)
    rows = 32 * 60
    table = pd.DataFrame(rng.normal(size=(rows, 16)), columns=[f"x{i}" for i in range(16)])
    columns = list(table)
    table["label"] = rng.integers(4, size=rows).astype(str)
    inputs = {name: Tabular(columns=part, augment=()) for name, part in (("a", columns[:8]), ("b", columns[8:]))}
    options = {"batch_size": 32, "validation_fraction": 0.0, "device": "cpu", "modality_dropout": 0.0}

    learner = NeuralClassifier(inputs, epochs=1, **options).fit(table, "label")
    tensors = _tensors_of(learner, table)
    steps_an_epoch = rows // 32
    epochs = max(1, steps // steps_an_epoch)
    ours, bare = [], []
    for _ in range(rounds):
        ours.append(_seconds_of_steps(inputs, table, epochs, options) / (epochs * steps_an_epoch))
        network = learner.network_.train()
        optimizer = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=0.02, foreach=True)
        start = time.process_time()
        for _ in range(epochs):
            for chosen in torch.randperm(rows).split(32):
                batch = _batch_of(tensors, chosen)
                output = network(batch)
                own = functional.cross_entropy(
                    output.auxiliary.flatten(0, 1), batch.truth.repeat_interleave(2), label_smoothing=0.05
                )
                loss = functional.cross_entropy(output.logits, batch.truth, label_smoothing=0.05) + 0.4 * own
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimizer.step()
        bare.append((time.process_time() - start) / (epochs * steps_an_epoch))
    return min(ours), min(bare)


def _tensors_of(learner, table: pd.DataFrame):
    """All rows as one batch."""
    from polysight.training.batches import Rows

    codes = np.searchsorted(learner.classes_, table["label"].to_numpy(dtype=learner.classes_.dtype))
    return Rows.of(learner.read(table), learner.modalities_, codes).batch(slice(None))


def _batch_of(whole, chosen):
    from polysight.training.batches import Batch

    arrays = {name: {key: x[chosen] for key, x in of.items()} for name, of in whole.arrays.items()}
    return Batch(arrays, {name: x[chosen] for name, x in whole.present.items()}, whole.targets[chosen])


def _seconds_of_steps(inputs: dict, table: pd.DataFrame, epochs: int, options: dict) -> float:
    """CPU seconds of all epochs but the first, in which much is done for the first time."""
    from polysight import NeuralClassifier
    from polysight.core.events import listen

    ends = []
    with listen(lambda event, facts: ends.append(time.process_time()) if event == "epoch" else None):
        NeuralClassifier(inputs, epochs=epochs + 1, **options).fit(table, "label")
    return ends[-1] - ends[0]


if __name__ == "__main__":
    harness, loop = step_overhead()
    print(f"a step on small tensors: {harness * 1e3:.2f} ms, bare {loop * 1e3:.2f} ms, {harness / loop - 1:+.0%}")
