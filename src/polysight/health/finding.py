"""Finding: what one check says - a verdict, where to look, and what to do, in any language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from polysight.health.sentences import sentence

Status = Literal["pass", "warn", "fail"]

#: From good to bad.
STATUSES: tuple[Status, ...] = ("pass", "warn", "fail")


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        name: What was looked for (``duplicate_images``).
        status: ``pass``, ``warn`` (look at it) or ``fail`` (numbers from this table would be wrong).
        code: The sentence that says it, a key of ``sentences.SENTENCES``.
        facts: What the sentence is filled with.
        columns: The columns to look at.
        rows: The rows of the training table to look at, counted from 0; at most ``MOST_ROWS`` of them.
    """

    name: str
    status: Status
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()

    @classmethod
    def good(cls, name: str, **facts: Any) -> Finding:
        """Nothing was found."""
        return cls(name, "pass", f"{name}.pass", facts)

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """The finding as the contract has it: name, status, message, columns, rows, fix."""
        message, fix = sentence(lang, self.code, self.facts)
        return {
            "name": self.name,
            "status": self.status,
            "message": message,
            "columns": list(self.columns),
            "rows": list(self.rows),
            "fix": fix,
        }


def worst(findings: Iterable[Finding]) -> Status:
    """The worst status among findings; ``pass`` without any."""
    return max((finding.status for finding in findings), key=STATUSES.index, default="pass")
