"""How large a report is and how long it takes, for run folders of many rows and four inputs.

    python benchmarks/report.py [--rows 10000 1000000] [--folder DIR]

A run folder is made up: predictions of ten classes, splits in groups, cells set aside, a table with an image file (of
rows among the first thousand), a text, a sound file and numbers; metrics with intervals are computed on at most 10,000
rows and every study has an answer. Then ``write_report`` is timed in a process of its own, after its imports.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import PIL.Image
import yaml

from polysight.evaluation.evaluate import evaluate_variants
from polysight.evaluation.variants import Variants

CLASSES = [f"class {i}" for i in range(10)]
INPUTS = ("photo", "note", "sound", "table")
#: Rows of which metrics are computed: their number changes nothing on the page.
MEASURED = 10_000
PICTURES = 1_000
SIDE = 640


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000])
    parser.add_argument("--folder", type=Path, help="where run folders go [a temporary one]")
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build is not None:
        print(json.dumps(built(options.build)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        for rows in options.rows:
            folder = (options.folder or Path(temporary)) / f"run-{rows}"
            write_run(folder, rows)
            told = subprocess.run(
                [sys.executable, __file__, "--build", folder], capture_output=True, text=True, check=True
            )
            print(f"{rows:>9,} rows: {told.stdout.strip()}")


def built(folder: Path) -> dict[str, float]:
    """Seconds, megabytes of the page, and the process's peak of memory in megabytes."""
    from polysight.report.build import write_report

    start = time.perf_counter()
    page = write_report(folder)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(seconds, 2), "page_mb": round(page.stat().st_size / 1e6, 3), "peak_mb": round(peak)}


def write_run(folder: Path, rows: int) -> None:
    """A run folder that was measured on a test table of so many rows."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    codes = random.integers(len(CLASSES), size=rows)
    answers = probabilities(codes, random)
    metrics = metrics_of(codes[:MEASURED], answers[:MEASURED])
    (folder / "metrics.json").write_text(json.dumps({**metrics, "n": rows}))
    labels = np.array(CLASSES)
    table = {"row": np.arange(rows), "target": labels[codes], "prediction": labels[answers.argmax(axis=1)]}
    table |= {f"probability_{name}": answers[:, k] for k, name in enumerate(CLASSES)}
    pd.DataFrame({**table, "problems": ""}).to_csv(folder / "predictions.csv", index=False)
    write_table(folder, labels[codes], random)
    groups = [f"patient {i}" for i in random.integers(rows // 5, size=rows)]
    parts = pd.DataFrame({"row": np.arange(rows), "part": "test", "fold": "", "group": groups})
    parts.to_csv(folder / "splits.csv", index=False)
    aside = pd.DataFrame({"row": np.arange(0, rows, 100), "column": "photo", "file": "a.jpg", "code": "truncated"})
    aside.assign(reason="the file ends too early", fix="copy it again").to_csv(folder / "set_aside.csv", index=False)
    write_facts(folder, rows)


def probabilities(codes: np.ndarray, random: np.random.Generator) -> np.ndarray:
    logits = random.normal(size=(len(codes), len(CLASSES))).astype(np.float32)
    logits[np.arange(len(codes)), codes] += 2.5
    raised = np.exp(1.5 * logits)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def metrics_of(codes: np.ndarray, answers: np.ndarray) -> dict:
    parts = dict.fromkeys(INPUTS, answers.astype(np.float64))
    variants = Variants(answers.astype(np.float64), parts, parts, np.zeros(len(codes), dtype=int))
    evaluation = evaluate_variants(variants, codes, np.array(CLASSES, dtype=object), best_single=INPUTS[0])
    board = [
        {"member": f"member {i}", "score": 0.9 - i / 100, "kept": i < 5, "reason": "weight 0.20"} for i in range(25)
    ]
    metrics = evaluation.to_json(evaluated_on="test", leaderboard=board, seconds={"fit": 1.0, "predict": 1.0})
    return metrics | studies()


def studies() -> dict:
    def about(value: float) -> dict:
        return {"value": value, "low": value - 0.02, "high": value + 0.02}

    bins = [
        {"confidence": c, "accuracy": c, "low": c - 0.02, "high": min(c + 0.02, 1.0), "rows": 1}
        for c in (0.3, 0.6, 0.9)
    ]
    slices = [
        {"column": f"c{i}", "value": "v", "n": 9, "accuracy": about(0.8), "difference": about(-0.1), "p": 0.1}
        for i in range(40)
    ]
    curve = [{"coverage": c / 20, "risk": c / 100, "low": 0.0, "high": 0.3, "threshold": 0.5} for c in range(1, 21)]
    spoiled = [
        {"modality": name, "corruption": kind, "severity": s, "accuracy": about(0.9 - s / 10)}
        for name in INPUTS
        for kind in ("noise", "blur", "drop")
        for s in range(4)
    ]
    shares = {name: about(0.7) for name in INPUTS}
    return {
        "calibration": {"reliability": bins, "ece": about(0.03), "ece_if_calibrated": about(0.02)},
        "slices": {"slices": slices, "fairness": [], "skipped": []},
        "selective": {"curve": curve, "aurc": 0.1, "excess_aurc": 0.05, "operating": []},
        "modality_value": {
            "all": about(0.9),
            "alone": shares,
            "without": shares,
            "shuffled": shares,
            "gain": about(0.1),
        },
        "robustness": {"patterns": [{"missing": [n], "accuracy": about(0.8)} for n in INPUTS], "corruptions": spoiled},
    }


def write_table(folder: Path, labels: np.ndarray, random: np.random.Generator) -> None:
    """The test table; photos of noise, which compress worst, for the first rows, used again for the others."""
    (folder / "photos").mkdir(exist_ok=True)
    rows = len(labels)
    for number in range(min(rows, PICTURES)):
        coarse = random.integers(0, 255, (SIDE // 8, SIDE // 8, 3), dtype=np.uint8)
        PIL.Image.fromarray(coarse).resize((SIDE, SIDE)).save(folder / f"photos/{number}.jpg", quality=85)
    words = np.array(["pain", "fever", "left", "upper", "lobe", "nodule", "stable", "growing"])
    notes = [" ".join(words[picks]) for picks in random.integers(len(words), size=(rows, 40))]
    cells = {"photo": [f"photos/{i % PICTURES}.jpg" for i in range(rows)], "note": notes}
    cells |= {"sound": [f"sounds/{i}.wav" for i in range(rows)], "age": random.integers(90, size=rows), "label": labels}
    pd.DataFrame(cells).to_csv(folder / "test.csv", index=False)


def write_facts(folder: Path, rows: int) -> None:
    roles = {"photo": "image", "note": "text", "sound": "audio", "age": "numeric", "label": "target"}
    columns = {name: {"role": role, "reason": "as named"} for name, role in roles.items()}
    data = {
        "columns": columns,
        "rows": rows,
        "rows_used": rows,
        "classes": dict.fromkeys(CLASSES, 1),
        "fingerprint": "0",
    }
    (folder / "data.json").write_text(json.dumps(data))
    (folder / "environment.json").write_text(json.dumps({"polysight": "0.1.0"}))
    settings = {"table": "test.csv", "test": "test.csv", "target": "label", "seed": 0}
    (folder / "config.yaml").write_text(yaml.safe_dump(settings))
    events = [
        {
            "event": "epoch",
            "member": f"network {k}",
            "fold": fold,
            "epoch": e,
            "loss": 2 / e,
            "validation_loss": 2.1 / e,
        }
        for k in range(8)
        for fold in range(5)
        for e in range(1, 101)
    ]
    (folder / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))


if __name__ == "__main__":
    main()
