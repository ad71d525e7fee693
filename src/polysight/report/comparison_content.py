"""The content of a comparison as page and terminal show it: names in words, sentences, numbers written out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polysight.evaluation.intervals import Estimate
from polysight.evaluation.verdict import share
from polysight.report.words import Words

#: A p-value below this is called clear.
_CLEAR = 0.05
#: How the ensemble of the inputs alone is named in ``comparison.json``.
_ENSEMBLE = "out-of-fold ensemble"


def name_of(line: Mapping[str, Any], w: Words) -> str:
    """What a line of the ranking is called."""
    name = str(line["method"])
    if line["kind"] != "baseline":
        return name
    return w("compare_ensemble") if name == _ENSEMBLE else w.only(name)


def condition(name: str, w: Words) -> str:
    """What a condition (``without <input>``, ``shuffled <input>``) is called."""
    if name.startswith("shuffled "):
        return w("compare_shuffled", name=name.removeprefix("shuffled "))
    return w.without(name)


def sentences(found: Mapping[str, Any], w: Words) -> list[str]:
    """The best method, whether it beats the baselines, who keeps up with it, whether interactions help, what failed."""
    lines = {line["method"]: line for line in found["ranking"]}
    best = lines[found["best"]]
    said = [w("compare_best", name=found["best"], accuracy=share(Estimate.from_json(best["accuracy"]), w.lang))]
    against = best["against_baseline"]
    if against is not None:
        gain = against["difference"]["value"]
        side = "compare_better" if gain > 0 else "compare_worse"
        word = side if against["p"] < _CLEAR else "compare_not_better"
        held = name_of(lines[found["best_baseline"]], w)
        said.append(w(word, name=held, difference=points(against["difference"]), p=p_value(against["p"])))
    others = [line for line in found["ranking"] if line["kind"] == "method" and line["against_best"] is not None]
    near = [line["method"] for line in others if line["against_best"]["p_holm"] >= _CLEAR]
    if others:
        said.append(w("compare_level", names=", ".join(near)) if near else w("compare_alone"))
    if best["interactions"] is not None:
        estimate = best["interactions"]
        clear = estimate["low"] is not None and estimate["low"] > 0
        said.append(w("compare_interacts" if clear else "compare_adds", difference=points(estimate, sign="")))
    failed = found.get("failed", {})
    return [*said, *(w("compare_failed", name=name, reason=reason) for name, reason in failed.items())]


def points(estimate: Mapping[str, float | None], sign: str = "+") -> str:
    """A share, or with a sign a difference of shares, in points, with its interval where there is one."""
    value, low, high = (estimate.get(name) for name in ("value", "low", "high"))
    if value is None:
        return "-"
    text = f"{100 * value:{sign}.1f}"
    return text if low is None or high is None else f"{text} ({100 * low:{sign}.1f} – {100 * high:{sign}.1f})"


def p_value(p: float) -> str:
    """A p-value with its sign of relation, as exact as it deserves."""
    return "< 0.001" if p < 0.001 else f"= {p:.3f}"
