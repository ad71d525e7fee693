"""Explaining a row of a table with a saved model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from polysight.core.errors import ConfigError
from polysight.core.events import emit
from polysight.core.files import write_json, write_text
from polysight.explain.explanation import Explanation
from polysight.learners.base import load_model
from polysight.runs.model import check_columns, model_folder
from polysight.runs.understand import load

#: What an explanation is called in a run folder.
PAGE, FACTS = "explanation.html", "explanation.json"


def write_explanation(folder: Path, explanation: Explanation, *, lang: str = "en") -> Path:
    """Write an explanation into a run folder, as a page and as JSON, and return the page."""
    write_json(folder / FACTS, explanation.to_json())
    write_text(folder / PAGE, explanation.to_html(lang))
    return folder / PAGE


def explain(
    model: Path,
    table: Path,
    row: int,
    *,
    root: str | None = None,
    device: str | None = None,
    **asked: Any,
) -> Explanation:
    """Why a saved model says what it says of one row of a table.

    Args:
        model: A run folder or a model folder.
        table: The table.
        row: The row's position, from 0.
        root: The folder that paths in cells start from; by default the table's.
        device: Where networks run; see ``load_model``.
        asked: What is explained, and how: ``about``, ``methods`` and ``cases`` of ``TableModel.explain``.

    Raises:
        ConfigError: There is no such row or explainer, or nothing is called as ``about`` says.
        PolysightError: The model or the table cannot be used.
    """
    learner = load_model(model_folder(model), device=device)
    frame = load(table, root)
    if not 0 <= row < len(frame):
        raise ConfigError(
            f"there is no row {row} in {table}", where="--row", fix=f"rows are counted from 0 to {len(frame) - 1}"
        )
    check_columns(learner, frame, where=str(table))
    explanation: Explanation = learner.explain(frame.iloc[[row]], **asked)
    emit("explained", row=row, unreadable=len(explanation.problems))
    return explanation
