"""Examine: run checks over a table and gather what they find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from polysight.health import CHECKS
from polysight.health.base import Check
from polysight.health.examination import Examination
from polysight.health.finding import STATUSES, Finding, Status, worst


@dataclass(frozen=True)
class Health:
    """What all checks found, in the order of the registry."""

    findings: tuple[Finding, ...]

    @property
    def status(self) -> Status:
        """The worst of them."""
        return worst(self.findings)

    def at_least(self, status: Status) -> tuple[Finding, ...]:
        """The findings that are as bad as a status, or worse; the worst first."""
        bad = [f for f in self.findings if STATUSES.index(f.status) >= STATUSES.index(status)]
        return tuple(sorted(bad, key=lambda finding: -STATUSES.index(finding.status)))

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """``{"status": .., "checks": [..]}`` as the contract has it."""
        return {"status": self.status, "checks": [finding.to_json(lang) for finding in self.findings]}

    def to_record(self) -> dict[str, Any]:
        """The same with code and facts, from which every language can be written."""
        checks = [{**f.to_json(), "code": f.code, "facts": dict(f.facts)} for f in self.findings]
        return {"status": self.status, "checks": checks}


def examine(table: Examination, kinds: Iterable[str] | None = None) -> Health:
    """Run checks, all of them by default.

    Raises:
        ConfigError: There is no such check.
    """
    found: list[Finding] = []
    for kind in CHECKS if kinds is None else kinds:
        check: Check = CHECKS.load(kind)()
        found += check.run(table)
    return Health(tuple(found))


def examine_quickly(table: Examination) -> Health:
    """Run the cheap checks before a training, which no check may stop: one that breaks is a warning that says so."""
    found: list[Finding] = []
    for kind in CHECKS:
        check: Check = CHECKS.load(kind)()
        if not check.quick:
            continue
        try:
            found += check.run(table)
        except Exception as error:
            found.append(Finding(kind, "warn", "broken", {"error": f"{type(error).__name__}: {error}"}))
    return Health(tuple(found))
