"""Answers of every study, in the shapes of ``metrics.json``, with numbers such as real runs have."""

from __future__ import annotations

import numpy as np


def estimate(value, width=0.03, reason=""):
    if value is None:
        return {"value": None, "low": None, "high": None, "reason": reason or "no_rows"}
    return {"value": value, "low": value - width, "high": value + width * 0.8}


def studies(names=("image", "title", "table"), hostile="", classes=("shirt", "shoe", "watch")):
    """One mapping of study to answer, to be joined to ``metrics.json``."""
    return {
        "calibration": calibration(),
        "slices": slices(hostile),
        "selective": selective(),
        "conformal": conformal(classes),
        "modality_value": modality_value(names),
        "robustness": robustness(names),
        "faithfulness": faithfulness(names),
        "rules": rules(classes, hostile),
    }


def calibration():
    confidences = np.linspace(0.35, 0.99, 10)
    bins = [
        {"confidence": c, "accuracy": c - 0.06 * (1 - c), "low": c - 0.11, "high": min(c + 0.06, 1), "rows": 30 + i * 3}
        for i, c in enumerate(confidences.tolist())
    ]
    return {
        "reliability": bins,
        "ece": estimate(0.031, 0.012),
        "ece_if_calibrated": estimate(0.018, 0.009),
        "brier": {"value": 0.142, "reliability": 0.004, "resolution": 0.71, "uncertainty": 0.848},
        "before": {"log_loss": 0.41, "brier": 0.151, "ece": 0.062},
        "after": {"log_loss": 0.37, "brier": 0.142, "ece": 0.021},
    }


def slices(hostile=""):
    shown = [
        ("brand", f"no name{hostile}", 41, 0.66, -0.24, 0.0004),
        ("missing inputs", "image", 63, 0.78, -0.12, 0.011),
        ("price", "< 4.99", 104, 0.85, -0.05, 0.12),
        ("brand", "Acme", 77, 0.88, -0.02, 0.55),
    ]
    return {
        "slices": [
            {"column": c, "value": v, "n": n, "accuracy": estimate(a, 0.08), "difference": estimate(d, 0.08), "p": p}
            for c, v, n, a, d, p in shown
        ]
        + [{"column": "brand", "value": "none", "n": 0, "accuracy": estimate(None), "difference": {}, "p": None}],
        "fairness": [
            {
                "column": "seller sex",
                "groups": [
                    {"value": "f", "n": 210, "tpr": estimate(0.91), "fpr": estimate(0.02, 0.01)},
                    {"value": "m", "n": 190, "tpr": estimate(0.87), "fpr": estimate(0.03, 0.01)},
                ],
                "tpr_gap": estimate(0.04, 0.05),
                "fpr_gap": estimate(0.01, 0.02),
            }
        ],
        "skipped": [{"column": "sku", "reason": "too_many_values"}],
    }


def selective():
    coverages = np.linspace(0.02, 1.0, 50)
    curve = [
        {"coverage": c, "risk": 0.11 * c**2, "low": 0.07 * c**2, "high": 0.11 * c**2 + 0.03, "threshold": 1 - 0.6 * c}
        for c in coverages.tolist()
    ]
    operating = [
        {"wanted_accuracy": 0.95, "threshold": 0.71, "coverage": estimate(0.78), "accuracy": estimate(0.953)},
        {"wanted_accuracy": 0.99, "threshold": None, "coverage": estimate(None, reason="not_reached"), "accuracy": {}},
    ]
    return {"curve": curve, "aurc": 0.036, "excess_aurc": 0.021, "operating": operating, "chosen_on": "out_of_fold"}


def conformal(classes):
    per_class = {name: estimate(0.9 - 0.02 * i) for i, name in enumerate(classes)}
    levels = [
        {
            "alpha": a,
            "coverage": estimate(1 - a + 0.004),
            "mean_size": 1.1 + 5 * (0.2 - a),
            "singletons": 0.83,
            "empty": 0.0,
        }
        for a in (0.2, 0.1, 0.05)
    ]
    return {
        "method": "lac",
        "chosen_on": "out_of_fold",
        "levels": [{**level, "per_class": per_class} for level in levels],
        "adaptive": {"method": "aps", "levels": [{**level, "per_class": per_class} for level in levels]},
    }


def decision():
    thresholds = np.linspace(0.02, 0.9, 45)
    line = {"threshold": 0.43, "sensitivity": estimate(0.9), "specificity": estimate(0.86), "precision": estimate(None)}
    return {
        "thresholds": thresholds.tolist(),
        "model": (0.31 * (1 - thresholds**2)).tolist(),
        "all": (0.4 - 0.6 * thresholds / (1 - thresholds)).tolist(),
        "positive": "shoe",
        "model_low": (0.28 * (1 - thresholds**2)).tolist(),
        "model_high": (0.33 * (1 - thresholds**2)).tolist(),
        "chosen": {
            "chosen_on": "out_of_fold",
            "youden": line,
            "costs": [{"ratio": ratio, "cost": 0.2, **line} for ratio in (1.0, 2.0, 5.0)],
        },
    }


def modality_value(names):
    alone = {name: estimate(0.82 - 0.1 * i) for i, name in enumerate(names)}
    return {
        "all": estimate(0.893),
        "alone": alone,
        "without": {name: estimate(0.74 + 0.06 * i) for i, name in enumerate(names)},
        "shuffled": {name: estimate(0.55 + 0.12 * i) for i, name in enumerate(names)},
        "additive": {**estimate(0.86), "all": estimate(0.875), "rows": 64},
        "gain": {**estimate(0.021, 0.03), "over": names[0]},
        "verdict": "cannot_tell",
        "rows_needed": 1400,
    }


def faithfulness(names):
    def stamp(method, passed, reason="", edges=None):
        areas = {"deletion": 0.31, "insertion": 0.78, "random": 0.55, "gain": estimate(0.47, 0.1), "edges": edges}
        facts = {"randomised": 0.12 if edges else None, "passed": passed, "reason": reason, "rows": 32}
        return {"method": method, **areas, **facts}

    bad, good = stamp("grad_cam", False, "same_without_learning", 0.2), stamp("occlusion", True)
    found = {names[0]: {**bad, "asked": 900, "methods": {"grad_cam": bad, "occlusion": good}}}
    return found | {name: {**good, "asked": 500, "methods": {"occlusion": good}} for name in names[1:]}


def rules(classes, hostile=""):
    def condition(measure, value, most=None, yes_no=False):
        facts = {"input": "table", "column": "brand", "measure": measure, "value": value, "unit": "", "yes_no": yes_no}
        return {**facts, "above": None if most is not None else 0.5, "most": most, "unknown": False, "known": True}

    told = [([condition("number", "", 12.5)], 0.6), ([condition("is", f"Acme{hostile}", yes_no=True)], 0.4)]
    return {
        "faithful": False,
        "fidelity": estimate(0.71),
        "majority": 0.3,
        "fitted_on": 200,
        "judged_on": 100,
        "classes": list(classes),
        "rules": [
            {"if": told_if, "then": classes[0], "coverage": share, "fidelity": 0.9, "rows": 60}
            for told_if, share in told
        ],
    }


def robustness(names):
    subsets = [[], *[[name] for name in names], list(names[:2])]
    accuracy = [0.893, 0.74, 0.8, 0.87, 0.58]
    loss = [0.3, 0.7, 0.6, 0.4, 1.2]
    return {
        "patterns": [
            {"missing": missing, "accuracy": estimate(a), "log_loss": estimate(v, 0.1)}
            for missing, a, v in zip(subsets, accuracy, loss, strict=False)
        ],
        "missing_rate": [
            {"rate": r, "accuracy": estimate(0.893 - 0.5 * r**1.5)} for r in (0.0, 0.1, 0.2, 0.4, 0.6, 0.8)
        ],
        "corruptions": [
            {"modality": name, "corruption": kind, "severity": s, "accuracy": estimate(0.89 - 0.08 * s * (1 + i))}
            for i, (name, kind) in enumerate((("image", "noise"), ("image", "blur"), ("title", "word_drop")))
            for s in (0, 1, 2, 3)
        ],
        "out_of_distribution": {
            "score": "confidence",
            "against": "all_corrupted",
            "auroc": 0.81,
            "low": 0.78,
            "high": 0.84,
            "shuffled": estimate(0.77),
            "corruptions": [{"modality": "image", "corruption": "noise", "auroc": estimate(0.71)}],
            "rows": 120,
        },
        "rows": 300,
        "skipped": [{"modality": "table", "corruption": "noise", "severity": 1, "reason": "costly"}],
    }
