"""Health in a report: what the checks before training found, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from polysight.health.finding import STATUSES
from polysight.health.sentences import SENTENCES, sentence

#: Rows of a finding that are printed.
_ROWS = 10


class HealthLine(NamedTuple):
    """One finding as the page shows it."""

    status: str
    name: str
    message: str
    fix: str
    rows: str


def health_findings(health: Mapping[str, Any], lang: str) -> list[HealthLine]:
    """The findings that are no ``pass``, the worst first; in the words of the run where these are not known here."""
    bad = [check for check in health.get("checks", ()) if check.get("status") in STATUSES[1:]]
    bad.sort(key=lambda check: -STATUSES.index(check["status"]))
    return [_line(check, lang) for check in bad]


def _line(check: Mapping[str, Any], lang: str) -> HealthLine:
    message, fix = str(check.get("message", "")), str(check.get("fix", ""))
    if check.get("code") in SENTENCES[lang]:
        message, fix = sentence(lang, check["code"], check.get("facts", {}))
    rows = [str(row) for row in check.get("rows", ())]
    shown = ", ".join(rows[:_ROWS]) + (", …" if len(rows) > _ROWS else "")
    return HealthLine(str(check["status"]), str(check.get("name", "")), message, fix, shown)
