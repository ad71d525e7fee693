"""Health: what the checks before training found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.report.content import ReportContent
from polysight.report.health import health_findings
from polysight.report.sections.base import Section
from polysight.report.words import Words


class Health(Section):
    """Findings that are no ``pass``, the worst first."""

    kind: ClassVar[str] = "health"
    chapter: ClassVar[str] = "health"

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The findings; an empty list where all is well."""
        if not content.health.get("checks"):
            return None
        return {"health": health_findings(content.health, w.lang)}
