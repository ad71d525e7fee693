"""A small table of pictures and notes to run on, and the numbers of a run that must repeat."""

import csv
import json
from pathlib import Path

import numpy as np
from PIL import Image

WORDS = {"left": ("cold", "north", "early"), "right": ("warm", "south", "late")}


def write_table(folder: Path, name: str, rows: int, seed: int) -> None:
    """Pictures bright on one side and notes with words of that side; both are missing or wrong now and then."""
    rng = np.random.default_rng(seed)
    (folder / "images").mkdir(exist_ok=True)
    with (folder / f"{name}.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["photo", "note", "side"])
        for row in range(rows):
            side = ("left", "right")[row % 2]
            shown = side if rng.random() < 0.9 else "left"
            picture = rng.integers(0, 90, (12, 12))
            picture[:, slice(0, 6) if shown == "left" else slice(6, 12)] += 120
            path = f"images/{name}_{row}.png"
            Image.fromarray(picture.astype(np.uint8)).save(folder / path)
            told = side if rng.random() < 0.85 else "right"
            note = f"it was a {rng.choice(WORDS[told])} day with wind number {rng.integers(0, 30)}"
            writer.writerow(["" if row % 11 == 5 else path, "" if row % 13 == 6 else note, side])


def metrics_of(run: Path) -> dict:
    metrics = json.loads((run / "metrics.json").read_text())
    metrics.pop("seconds")
    for entry in metrics["leaderboard"]:
        entry.pop("seconds")
    return metrics
