"""Sections: the parts of a report in the order of the page. Adding one is a file, its template, and a line here."""

from polysight.core.registry import Registry

#: The chapters of a report, in order.
CHAPTERS = (
    "verdict",
    "data",
    "health",
    "split",
    "training",
    "performance",
    "value",
    "calibration",
    "slices",
    "errors",
    "explanations",
    "robustness",
    "card",
    "reproduce",
)

_HERE = "polysight.report.sections"

SECTIONS = Registry(
    "section",
    {
        "verdict": f"{_HERE}.verdict:Verdict",
        "target_verdict": f"{_HERE}.target_verdict:TargetVerdict",
        "columns": f"{_HERE}.columns:Columns",
        "set_aside": f"{_HERE}.set_aside:SetAside",
        "health": f"{_HERE}.health:Health",
        "split": f"{_HERE}.split:Split",
        "leaderboard": f"{_HERE}.leaderboard:Leaderboard",
        "curves": f"{_HERE}.curves:Curves",
        "metrics": f"{_HERE}.metrics:Metrics",
        "classes": f"{_HERE}.classes:Classes",
        "confusion": f"{_HERE}.confusion:Confusion",
        "target_performance": f"{_HERE}.target_performance:TargetPerformance",
        "simpler": f"{_HERE}.simpler:Simpler",
        "missing": f"{_HERE}.missing:Missing",
        "modality_value": f"{_HERE}.modality_value:ModalityValue",
        "target_value": f"{_HERE}.target_value:TargetValue",
        "calibration": f"{_HERE}.calibration:CalibrationSection",
        "selective": f"{_HERE}.selective:Selective",
        "conformal": f"{_HERE}.conformal:Conformal",
        "decision": f"{_HERE}.decision:Decision",
        "slices": f"{_HERE}.slices:Slices",
        "fairness": f"{_HERE}.fairness:Fairness",
        "errors": f"{_HERE}.errors:Errors",
        "faithfulness": f"{_HERE}.faithfulness:Faithfulness",
        "rules": f"{_HERE}.rules:Rules",
        "robustness": f"{_HERE}.robustness:Robustness",
        "card": f"{_HERE}.card:Card",
        "reproduce": f"{_HERE}.reproduce:Reproduce",
    },
)
