"""What a model sees of a cell that is no photo: the spectrogram of a sound, slices of a scan, frames of a video."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import PIL.Image

from polysight.core.config import build
from polysight.core.errors import PolysightError
from polysight.data.view import Cells
from polysight.modalities import MODALITIES
from polysight.report.pictures import encoded

#: The longer side of a picture, in pixels: spectrograms and rows of slices are wide.
SIDE = 192


def pictures_of(column: str, cells: pd.DataFrame, inputs: Mapping[str, Any], root: Path) -> list[str]:
    """A picture of each cell of a column, as the input that looks at it reads it; empty where there is none.

    Args:
        column: The column.
        cells: Some rows of the table.
        inputs: The inputs of the run as plain data, every setting resolved.
        root: The folder that relative paths start from.
    """
    spec = _looking_at(column, inputs)
    if spec is None:
        return [""] * len(cells)
    try:
        modality = build(MODALITIES, {**spec, "columns": [column]})
        view = modality.read(Cells(cells[[column]], root))
        return [_picture(modality, view, row) for row in range(len(cells))]
    except (PolysightError, ValueError):
        return [""] * len(cells)


def _looking_at(column: str, inputs: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The spec of the input that looks at a column."""
    named = ((name, spec) for name, spec in inputs.items() if isinstance(spec, Mapping) and "kind" in spec)
    return next((spec for name, spec in named if column in (spec.get("columns") or (name,))), None)


def _picture(modality: Any, view: Any, row: int) -> str:
    one = view.take([row])
    found = modality.units(one).picture if one.any_present[0] else None
    if found is None:
        return ""
    image = PIL.Image.fromarray(found)
    image.thumbnail((SIDE, SIDE))
    return encoded(image)
