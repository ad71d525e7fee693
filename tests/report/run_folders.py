"""Run folders as training writes them, with numbers computed from simulated predictions."""

import csv
import json

import numpy as np
import yaml

from polysight.core.files import write_json, write_text
from polysight.evaluation.evaluate import evaluate_variants
from polysight.evaluation.variants import Variants
from polysight.health.finding import Finding

NAMES = ["shirt", "shoe", "watch", "lamp", "mug", "sofa", "kettle"]


def likelihoods(random, codes, classes, strength):
    logits = random.normal(size=(len(codes), classes))
    logits[np.arange(len(codes)), codes] += strength
    return strength * logits


def softmax(logits):
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def simulate(rows, classes, seed=0, strengths=None):
    """Codes and the variants of a model that adds the log-likelihoods of its inputs."""
    random = np.random.default_rng(seed)
    strengths = strengths or {"image": 2.2, "title": 1.8, "table": 0.6}
    codes = random.integers(classes, size=rows)
    parts = {name: likelihoods(random, codes, classes, strength) for name, strength in strengths.items()}
    whole = sum(parts.values())
    variants = Variants(
        softmax(whole),
        {name: softmax(part) for name, part in parts.items()},
        {name: softmax(whole - part) for name, part in parts.items()},
        np.zeros(rows, dtype=int),
    )
    return codes, variants


def write_rows(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def write_run(folder, *, names=NAMES, rows=420, seed=0, target="category", hostile=""):
    """Write every file of a finished run into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    codes, variants = simulate(rows, len(names), seed)
    groups = np.arange(rows) // 3
    evaluation = evaluate_variants(variants, codes, np.array(names, dtype=object), groups=groups, best_single="image")
    metrics = evaluation.to_json(
        evaluated_on="holdout",
        leaderboard=leaderboard(hostile),
        seconds={"fit": 148.2, "predict": 1.9},
    )
    write_json(folder / "metrics.json", metrics)
    labels = np.array(names, dtype=object)
    write_rows(
        folder / "predictions.csv",
        ["row", "target", "prediction", *(f"probability_{name}" for name in names), "problems"],
        [[i, labels[codes[i]], labels[p.argmax()], *(f"{x:.6f}" for x in p), ""] for i, p in enumerate(variants.whole)],
    )
    settings = {"table": "products.csv", "target": target, "group": "seller", "preset": "good", "seed": 0}
    write_text(folder / "config.yaml", yaml.safe_dump(settings, sort_keys=False, allow_unicode=True))
    write_json(
        folder / "environment.json",
        {"polysight": "0.1.0", "python": "3.11.9", "packages": {"torch": "2.13.0"}, "cores": 8, "accelerators": []},
    )
    write_json(folder / "health.json", health(hostile))
    write_json(folder / "data.json", described(names, rows, target, hostile))
    write_rows(
        folder / "splits.csv",
        ["row", "part", "fold", "group"],
        [[i, "holdout" if i % 5 == 0 else "train", i % 5, f"seller {i % 5}-{i % 37}"] for i in range(5 * rows)],
    )
    write_rows(
        folder / "set_aside.csv",
        ["row", "column", "file", "code", "reason", "fix"],
        [
            [
                i * 7,
                "image",
                f"images/{i:04d}.jpg{hostile}",
                "truncated" if i % 3 else "not_found",
                "the file ends too early",
                "copy it again",
            ]
            for i in range(64)
        ],
    )
    write_text(folder / "events.jsonl", "".join(json.dumps(event) + "\n" for event in events(seed)))
    return folder


def leaderboard(hostile):
    members = [
        ("ensemble", 0.912, True, "0.55 features image+title + 0.45 network image+title+table", 141.0),
        ("features image+title+table", 0.894, True, "weight 0.55", 18.3),
        ("network image+title+table", 0.881, True, "weight 0.45", 96.0),
        (f"features image{hostile}", 0.803, False, "adds nothing to the others", 6.1),
        ("features title", 0.731, True, "used when only title is there", 1.2),
    ]
    board = [
        {"member": m, "score": s, "low": s - 0.017, "high": s + 0.015, "kept": k, "reason": r, "seconds": t}
        for m, s, k, r, t in members
    ]
    skipped = {"member": "frozen backbone", "score": None, "low": None, "high": None, "kept": False}
    return [*board, {**skipped, "reason": "no local weights", "seconds": None}]


def health(hostile):
    found = Finding("id_columns", "warn", "id_columns.found", {"columns": f"sku{hostile}", "options": "--ignore sku"})
    wrong = Finding("broken_one", "fail", "of another version", {}, rows=tuple(range(30)))
    checks = [{**f.to_json(), "code": f.code, "facts": dict(f.facts)} for f in (Finding.good("file_names"), found)]
    other = {"name": wrong.name, "status": "fail", "message": "Was wrong.", "fix": "Mend it.", "rows": list(wrong.rows)}
    return {"status": "fail", "checks": [*checks, {**other, "code": wrong.code, "facts": {}}], "rows_looked_at": 900}


def described(names, rows, target, hostile):
    columns = {
        "image": ("image", "420 of 420 cells are paths of images"),
        "title": ("text", "mostly distinct, 8 words on average"),
        "brand": ("categorical", "37 distinct values"),
        "price": ("numeric", "numbers, 398 distinct"),
        "sku": ("id", f"every row differs and its order follows the table{hostile}"),
        "seller": ("group", "its rows stay on one side of every split"),
        target: ("target", f"{len(names)} classes"),
    }
    return {
        "columns": {name: {"role": role, "reason": reason} for name, (role, reason) in columns.items()},
        "rows": 5 * rows,
        "rows_used": 5 * rows - 3,
        "classes": {name: 300 - 11 * i for i, name in enumerate(names)},
        "fingerprint": "7f3a91c05be2d4886a10",
    }


def events(seed):
    random = np.random.default_rng(seed)
    yield {"seconds": 0.0, "event": "run_started", "folder": "runs/demo"}
    for fold in range(3):
        yield {"seconds": 1.0, "event": "fold_started", "member": "network image+title+table", "fold": fold, "folds": 3}
        for epoch in range(1, 21):
            decay = np.exp(-epoch / 6)
            yield {
                "event": "epoch",
                "epoch": epoch,
                "epochs": 20,
                "loss": 0.15 + 1.9 * decay + 0.03 * random.random(),
                "validation_loss": 0.42 + 1.5 * decay + 0.006 * epoch + 0.05 * random.random(),
                "validation_accuracy": 0.88 - 0.65 * decay + 0.02 * random.random(),
                "rows_per_second": 812.0,
            }
    yield {"event": "member_finished", "member": "network image+title+table", "score": 0.88, "seconds": 96.0}
