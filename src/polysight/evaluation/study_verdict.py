"""What the studies add to the verdict, in plain words: when to abstain, and where the model is weakest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polysight.evaluation.intervals import Estimate
from polysight.evaluation.sentences import sentence
from polysight.evaluation.verdict import percent, share

#: A p-value below this makes a slice worth a line.
_CLEAR = 0.05
#: Where so many rows are answered anyway, abstaining is no news.
_NEARLY_ALL = 0.98


def study_verdict(studies: Mapping[str, Mapping[str, Any]], lang: str = "en") -> list[str]:
    """Sentences of the studies that ran: what abstaining would gain, and the slice the model is weakest on.

    Args:
        studies: The answers of the studies, by kind.
        lang: ``en`` or ``zh``.

    Raises:
        ConfigError: A language polysight does not speak.
    """
    return [*_abstention(studies.get("selective", {}), lang), *_weakest(studies.get("slices", {}), lang)]


def _abstention(found: Mapping[str, Any], lang: str) -> list[str]:
    """The least demanding operating point at which the model leaves more than a few rows to a person."""
    for point in found.get("operating") or ():
        answered, right = (Estimate.from_json(point.get(name) or {}) for name in ("coverage", "accuracy"))
        if answered.value is not None and right.value is not None and 0 < answered.value < _NEARLY_ALL:
            facts = {"answered": percent(answered.value), "accuracy": share(right, lang)}
            return [sentence(lang, "abstention", **facts)]
    return []


def clearly_worse(one: Mapping[str, Any]) -> bool:
    """Whether a slice of the study ``slices`` is worse than all other rows, and surely so."""
    difference, p = Estimate.from_json(one.get("difference") or {}), one.get("p")
    return p is not None and p < _CLEAR and difference.value is not None and difference.value < 0


def _weakest(found: Mapping[str, Any], lang: str) -> list[str]:
    for one in found.get("slices") or ():
        if clearly_worse(one):
            accuracy = Estimate.from_json(one.get("accuracy") or {})
            facts = {"accuracy": share(accuracy, lang), "rows": one.get("n", 0)}
            return [sentence(lang, "weakest_slice", column=one.get("column"), value=one.get("value"), **facts)]
    return []
