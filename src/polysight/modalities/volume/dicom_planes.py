"""DICOM planes: where in the patient each frame of a file lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Plane:
    """One frame of a file.

    Attributes:
        frame: Its position in the file.
        number: Its position in the series, as the file says.
        place: The middle of its first pixel in the patient, mm to left, back and head; None where not said.
        rows: The direction along a row, from column to column (a unit vector); None where not said.
        columns: The direction along a column, from row to row; None where not said.
        spacing: Millimetres from row to row and from column to column.
        thickness: Millimetres from slice to slice, where the file says so.
    """

    frame: int
    number: int
    place: tuple[float, ...] | None
    rows: tuple[float, ...] | None
    columns: tuple[float, ...] | None
    spacing: tuple[float, float]
    thickness: float | None


def planes_of(header: Any) -> Iterator[Plane]:
    """The planes of a file's frames; what frames share is said once for all of them or in each."""
    frames = int(getattr(header, "NumberOfFrames", None) or 1)
    shared = _first(header, "SharedFunctionalGroupsSequence")
    each = getattr(header, "PerFrameFunctionalGroupsSequence", None) or []
    for frame in range(frames):
        own = each[frame] if frame < len(each) else None
        groups = [group for group in (own, shared) if group is not None]
        orientation = _numbers(groups, header, "PlaneOrientationSequence", "ImageOrientationPatient", 6)
        place = _numbers(groups, header, "PlanePositionSequence", "ImagePositionPatient", 3)
        spacing = _numbers(groups, header, "PixelMeasuresSequence", "PixelSpacing", 2) or (1.0, 1.0)
        thickness = _numbers(groups, header, "PixelMeasuresSequence", "SpacingBetweenSlices", 1) or _numbers(
            groups, header, "PixelMeasuresSequence", "SliceThickness", 1
        )
        # Several frames of one place are moments in time, not slices.
        stacked = frames == 1 or own is not None
        yield Plane(
            frame=frame,
            number=int(getattr(header, "InstanceNumber", None) or 0) + frame,
            place=place if stacked else None,
            rows=orientation[:3] if orientation else None,
            columns=orientation[3:] if orientation else None,
            spacing=(spacing[0], spacing[1]),
            thickness=thickness[0] if thickness and thickness[0] > 0 else None,
        )


def _numbers(groups: list[Any], header: Any, sequence: str, name: str, count: int) -> tuple[float, ...] | None:
    """Some numbers of a frame: from its functional groups, or else from the file as a whole."""
    for group in [*(item for g in groups if (item := _first(g, sequence)) is not None), header]:
        value = getattr(group, name, None)
        if value is None or value == "":
            continue
        numbers = tuple(float(v) for v in np.atleast_1d(np.asarray(value, dtype=np.float64)))
        if len(numbers) == count:
            return numbers
    return None


def _first(group: Any, sequence: str) -> Any:
    items = getattr(group, sequence, None)
    return items[0] if items else None
