"""How a fitted ensemble looks in a notebook: its inputs, what it scored, which members it keeps and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from polysight.evaluation.intervals import Estimate
from polysight.evaluation.notebook import folded, framed, listed, table, written

#: Members that are listed, and columns of an input.
MOST_MEMBERS, MOST_COLUMNS = 40, 6


def ensemble_html(
    name: str, inputs: Mapping[str, Any], leaderboard: Sequence[Mapping[str, Any]], facts: Sequence[str]
) -> str:
    """A fitted ensemble.

    Args:
        name: The name of its class.
        inputs: Its settled inputs.
        leaderboard: What was tried, best first.
        facts: Sentences about it.
    """
    kept = [row for row in leaderboard if row.get("kept")]
    left = [row for row in leaderboard if not row.get("kept")]
    shown = [[key, modality.kind, _columns(modality.columns)] for key, modality in inputs.items()]
    head = ("member", "score", "95 % interval", "why")
    parts = [
        f"<b>{name}</b>",
        listed(facts),
        table("Inputs", ("input", "kind", "columns"), shown),
        table("Members kept, scored out of fold: these scores chose the model, so they flatter it", head, _rows(kept)),
    ]
    if left:
        parts.append(folded(f"Tried and not kept ({len(left)})", table("", head, _rows(left))))
    return framed(*parts)


def _rows(members: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    return [
        [
            str(row.get("member", "")),
            *written(Estimate(row.get("score"), row.get("low"), row.get("high")), "{:.3f}".format),
            str(row.get("reason", "")),
        ]
        for row in members[:MOST_MEMBERS]
    ]


def _columns(columns: Sequence[str]) -> str:
    shown = ", ".join(columns[:MOST_COLUMNS])
    return shown if len(columns) <= MOST_COLUMNS else f"{shown} and {len(columns) - MOST_COLUMNS} more"
