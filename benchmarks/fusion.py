"""Fusion on avmnist: what the best fusion with auxiliary heads and modality dropout gains over a plain concat.

python benchmarks/fusion.py [--fusion mean_logits gated ...] [--dropout 0.2 0.5] [--auxiliary 0.4 1.0] [--epochs 12]
                            [--seeds 3] [--choosing-seeds 1] [--on test|validation] [--kept FILE]

1. Choosing: inside train.csv the speaker ``theo`` is held out (a voice the training has not heard, as in test.csv).
   Each fusion trains on the other three speakers with each strength of modality dropout and of auxiliary heads (by
   default those of ``NeuralClassifier``), once or with several seeds. The best has the highest mean of three accuracies
   on the held-out rows: complete, image missing, audio missing.
2. Judging: the chosen fusion, and ``concat`` with ``auxiliary=0`` and ``modality_dropout=0``, train with each seed,
   same encoders, epochs, batches and learning rate: on all of train.csv, to answer test.csv; or with ``--on
   validation`` on train.csv without one speaker, to answer that one, for each of the three that did not choose.
   Differences are in points of accuracy; their 95 % interval is a paired bootstrap over answered rows of the mean
   over seeds (two or three speakers are too few to draw speakers).

Measured with 12 epochs, points over plain concat (.923 .737 .606 on test.csv, on average over seeds):

- All sixteen fusions, default strengths, one seed: ``low_rank`` is chosen (.800; ``graph`` .792, ``concat`` .790,
  ``evidential`` .789). Test: complete +.2 (-.6 to +.9), image missing +9.0 (7.3 to 10.7), audio missing +2.8 (1.1 to
  4.5). Validation: +1.0 (.4 to 1.6), +6.5 (5.5 to 7.6), +1.7 (.7 to 2.7).
- ``--fusion low_rank graph transformer concat --dropout 0.4 --auxiliary 1.0 --choosing-seeds 3``: ``graph`` is chosen
  (.795; .791 ``transformer``, .786 ``low_rank``, .782 ``concat``). Test: complete +.2 (-.7 to +1.2), image missing
  +10.7 (9.0 to 12.5), audio missing +3.8 (1.7 to 5.6). Validation: +1.2 (.6 to 1.9), +8.1 (6.9 to 9.2), +2.3 (1.3 to
  3.5).
- With 24 epochs ``transformer`` (dropout .5) gains less, because plain concat gains more from more epochs: -1.3 (-2.1
  to -.5), +5.4 (3.9 to 6.9), +1.7 (-.4 to 3.7).

Choosing never sees test.csv. Finished fits are kept in ``--kept`` and not made again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import warnings
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from polysight import NeuralClassifier, read_table
from polysight.core.files import write_json
from polysight.evaluation.intervals import percentile
from polysight.evaluation.resampling import Resampling
from polysight.fusion import FUSIONS
from polysight.modalities.inputs import Task, prepare
from protocol import DATA

HELD_OUT = "theo"
PLAIN = {"fusion": "concat", "auxiliary": 0.0, "modality_dropout": 0.0}
HIDDEN = {"complete": (), "image missing": ("image",), "audio missing": ("audio",)}


class Fits:
    """Which rows each fit answered rightly, kept in a file as they come.

    Args:
        path: The file.
        epochs: The epochs of every fit.
    """

    def __init__(self, path: Path, epochs: int) -> None:
        self.path, self.epochs = path, epochs
        self.kept = json.loads(path.read_text()) if path.exists() else {}

    def right(self, name: str, train: Task, test: Task, seed: int, options: dict) -> dict[str, np.ndarray]:
        """Whether each test row is answered rightly, by what is missing."""
        key = f"{name}, seed {seed}, {self.epochs} epochs, {json.dumps(options, sort_keys=True)}"
        if key not in self.kept:
            start, cpu = time.perf_counter(), time.process_time()
            model = NeuralClassifier(
                epochs=self.epochs, validation_fraction=0.0, device="cpu", random_state=seed, **options
            ).fit_task(train)
            spent = {"seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - cpu}
            answers = {n: model.predict_samples(test.samples.hide(hidden)) for n, hidden in HIDDEN.items()}
            found = {n: (p.argmax(axis=1) == test.codes).astype(int).tolist() for n, p in answers.items()}
            self.kept[key] = {**spent, "right": found}
            write_json(self.path, self.kept)
        fit = self.kept[key]
        right = {n: np.array(values, dtype=float) for n, values in fit["right"].items()}
        shown = "  ".join(f"{n} {values.mean():.3f}" for n, values in right.items())
        print(f"{name:28s} seed {seed}  {shown}  ({fit['seconds']:.0f} s, {fit['cpu_seconds']:.0f} s CPU)", flush=True)
        return right


def tables() -> tuple[Task, np.ndarray, Task]:
    """The task of train.csv, the speaker of each of its rows, and the task of test.csv."""
    train, test = (read_table(DATA / "avmnist" / f"{name}.csv") for name in ("train", "test"))
    both = pd.concat([train, test], ignore_index=True)
    task = prepare(train, "label", group="speaker", ignore=("snr_db",))
    both.attrs["root"] = DATA / "avmnist"
    whole = prepare(both, "label", inputs=task.inputs)
    judged = whole.take(np.flatnonzero(whole.rows >= len(train)))
    return task, train["speaker"].to_numpy()[task.rows], judged


def without(task: Task, speakers: np.ndarray, one: str) -> tuple[Task, Task]:
    """The rows of all other speakers, and those of one."""
    return task.take(np.flatnonzero(speakers != one)), task.take(np.flatnonzero(speakers == one))


def pooled(right: Iterable[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """The answered rows of several parts one after the other."""
    parts = list(right)
    return {name: np.concatenate([part[name] for part in parts]) for name in HIDDEN}


def difference(ours: list[np.ndarray], plain: list[np.ndarray]) -> str:
    """The mean difference in points over seeds, its interval over rows, and each seed's own."""
    each = [100 * (a.mean() - b.mean()) for a, b in zip(ours, plain, strict=True)]
    rows = np.mean(ours, axis=0) - np.mean(plain, axis=0)
    resampled = np.concatenate([rows @ d.rows / d.rows.sum(axis=0) for d in Resampling(len(rows)).draws()])
    gain = percentile(rows.mean(), resampled, len(rows))
    seeds = " ".join(f"{value:+.1f}" for value in each)
    return f"{100 * gain.value:+.1f} points ({100 * gain.low:+.1f} to {100 * gain.high:+.1f}); seeds {seeds}"


def main() -> None:
    """Choose, judge, and print a line a fit."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fusion", nargs="*", default=list(FUSIONS))
    parser.add_argument("--dropout", nargs="*", type=float, default=[0.2])
    parser.add_argument("--auxiliary", nargs="*", type=float, default=[0.4])
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--choosing-seeds", type=int, default=1)
    parser.add_argument("--on", choices=("test", "validation"), default="test")
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()) / "polysight-fusion.json")
    chosen = parser.parse_args()
    fits = Fits(chosen.kept, chosen.epochs)
    train, speakers, test = tables()
    taught, judged = without(train, speakers, HELD_OUT)
    scores = {}
    for fusion, dropout, auxiliary in product(chosen.fusion, chosen.dropout, chosen.auxiliary):
        options = {"fusion": fusion, "modality_dropout": dropout, "auxiliary": auxiliary}
        name = f"choosing {fusion} {dropout} {auxiliary}"
        each = [fits.right(name, taught, judged, seed, options) for seed in range(chosen.choosing_seeds)]
        scores[fusion, dropout, auxiliary] = np.mean([np.mean(list(right.values())) for right in each])
    best = max(scores, key=scores.__getitem__)
    shown = ", ".join(f"{' '.join(map(str, names))} {score:.3f}" for names, score in scores.items())
    print(f"chosen: {' '.join(map(str, best))} ({shown})", flush=True)
    options = dict(zip(("fusion", "modality_dropout", "auxiliary"), best, strict=True))
    others = sorted(set(speakers) - {HELD_OUT}) if chosen.on == "validation" else []
    parts = {f"without {one}": without(train, speakers, one) for one in others} or {"": (train, test)}
    ours, plain = [], []
    for seed in range(chosen.seeds):
        ours.append(pooled(fits.right(f"{best[0]} {n}", *part, seed, options) for n, part in parts.items()))
        plain.append(pooled(fits.right(f"plain concat {n}", *part, seed, PLAIN) for n, part in parts.items()))
    for name in HIDDEN:
        print(f"{name}: {difference([r[name] for r in ours], [r[name] for r in plain])}")


if __name__ == "__main__":
    main()
