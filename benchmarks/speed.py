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
