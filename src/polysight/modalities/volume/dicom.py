"""DICOM: one file (of one frame or many) or the files of one series, as one volume.

A series must be whole: files of two series, a slice that is missing or comes twice, or slices of different sizes are
refused, because a volume put together from them would be of nobody.

Source: DICOM PS3.3, sections C.7.6.2 (image plane), C.7.6.16 (functional groups) and C.11.1 (rescale).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from polysight.core.errors import MissingExtraError, UnreadableCellError
from polysight.modalities.volume.dicom_planes import Plane, planes_of
from polysight.modalities.volume.dicom_values import frame_values
from polysight.modalities.volume.orientation import upright
from polysight.modalities.volume.scan import Scan, check_size, truncated

#: A step between slices that is longer than so many usual ones has a slice missing in it.
_GAP = 1.5
#: Steps shorter than this share of the usual one are slices that lie at the same place.
_SAME_PLACE = 0.05


def read_dicom(files: Sequence[bytes]) -> Scan:
    """Read the files of one series, in any order.

    Raises:
        UnreadableCellError: ``truncated``, ``not_dicom``, ``no_voxels``, ``unknown_transfer_syntax``,
            ``several_series``, ``uneven_series``, ``missing_slice``, ``repeated_slice``, ``bad_affine``, ``corrupt``
            or ``too_large``.
        MissingExtraError: pydicom is not installed.
    """
    pydicom = _pydicom()
    headers = [_header(pydicom, content) for content in files]
    _check_one_series(headers)
    planes = _planes(headers)
    check_size((len(planes), int(headers[0].Rows), int(headers[0].Columns)))
    order, positions = _in_space([plane for plane, _ in planes])
    frames = {id(header): frame_values(pydicom, header) for header in headers}
    voxels = np.stack([frames[id(planes[place][1])][planes[place][0].frame] for place in order])
    first, last = planes[order[0]][0], planes[order[-1]][0]
    return _placed(voxels, first, last, positions)


def _header(pydicom: Any, content: bytes) -> Any:
    if not content:
        raise UnreadableCellError("empty_file", "a file is empty", fix="copy it again")
    try:
        header = pydicom.dcmread(io.BytesIO(content))
    except (pydicom.errors.InvalidDicomError, KeyError, NotImplementedError) as error:
        raise UnreadableCellError("not_dicom", f"a file is not DICOM: {error}"[:300], fix="export it again") from None
    except (EOFError, OSError, ValueError, TypeError, AttributeError) as error:
        raise truncated(f"{error}"[:200]) from None
    if "PixelData" not in header or not getattr(header, "Rows", 0) or not getattr(header, "Columns", 0):
        raise UnreadableCellError("no_voxels", "a file holds no picture (no PixelData)", fix="leave such files out")
    return header


def _planes(headers: Sequence[Any]) -> list[tuple[Plane, Any]]:
    try:
        return [(plane, header) for header in headers for plane in planes_of(header)]
    except (ValueError, TypeError, AttributeError) as error:
        raise UnreadableCellError("corrupt", f"the header is damaged: {error}"[:300], fix="export it again") from None


def _check_one_series(headers: Sequence[Any]) -> None:
    series = {str(getattr(header, "SeriesInstanceUID", "")) for header in headers}
    if len(series) > 1:
        what = f"the folder holds slices of {len(series)} series"
        raise UnreadableCellError("several_series", what, fix="keep each series in a folder of its own")
    if len({(header.Rows, header.Columns) for header in headers}) > 1:
        what = "the slices have different sizes (a localizer among them?)"
        raise UnreadableCellError("uneven_series", what, fix="keep the slices of one size")


def _in_space(planes: Sequence[Plane]) -> tuple[list[int], Float[np.ndarray, " slice"] | None]:
    """The order of slices from feet to head (or by number), and how far along the normal each lies."""
    poses = [
        (plane.place, plane.rows, plane.columns)
        for plane in planes
        if plane.place is not None and plane.rows is not None and plane.columns is not None
    ]
    if len(poses) < len(planes):
        order = sorted(range(len(planes)), key=lambda place: planes[place].number)
        _check_numbers([planes[place].number for place in order])
        return order, None
    directions = np.asarray([[rows, columns] for _, rows, columns in poses])
    if not np.allclose(directions, directions[:1], atol=1e-3):
        what = "the slices lie at different angles (a localizer among them?)"
        raise UnreadableCellError("uneven_series", what, fix="keep the slices of one orientation")
    along = np.asarray([place for place, _, _ in poses]) @ np.cross(directions[0, 0], directions[0, 1])
    order = np.argsort(along, kind="stable").tolist()
    _check_steps(along[order], planes[0].thickness)
    return order, along[order]


def _check_steps(positions: Float[np.ndarray, " slice"], thickness: float | None) -> None:
    steps = np.diff(positions)
    if not steps.size:
        return
    # Of one or two steps none tells which is usual; what the header says of slices may.
    usual = float(np.median(steps)) if len(steps) > 2 else min([*steps.tolist(), thickness or np.inf])
    if steps.min() < _SAME_PLACE * max(usual, 1e-6):
        what = "two slices lie at the same place"
        raise UnreadableCellError("repeated_slice", what, fix="keep one time, phase or echo in a folder")
    if steps.max() > _GAP * usual:
        place = int(steps.argmax())
        what = f"a slice is missing: {steps[place]:.2f} mm after slice {place + 1}, elsewhere {usual:.2f} mm"
        raise UnreadableCellError("missing_slice", what, fix="copy the whole series")


def _check_numbers(numbers: Sequence[int]) -> None:
    steps = np.diff(numbers)
    if steps.size and steps.min() < 1:
        raise UnreadableCellError(
            "repeated_slice", "two slices have the same number and no place", fix="export the series again"
        )
    if steps.size and steps.max() > steps.min():
        number = int(numbers[int(steps.argmax())])
        what = f"a slice is missing after number {number}"
        raise UnreadableCellError("missing_slice", what, fix="copy the whole series")


def _placed(voxels: np.ndarray, first: Plane, last: Plane, positions: np.ndarray | None) -> Scan:
    if first.place is None or last.place is None or first.rows is None or first.columns is None or positions is None:
        # Frames in time, or pictures that nobody placed: as they are stored.
        return Scan(voxels)
    step = (np.asarray(last.place) - first.place) / max(len(positions) - 1, 1)
    if len(positions) == 1:
        step = np.cross(first.rows, first.columns) * (first.thickness or 1.0)
    affine = np.eye(4)
    # From slice, row and column to the patient's left, back and head (LPS) ...
    affine[:3, 0], affine[:3, 3] = step, first.place
    affine[:3, 1], affine[:3, 2] = (
        np.asarray(first.columns) * first.spacing[0],
        np.asarray(first.rows) * first.spacing[1],
    )
    # ... and on to right, front and head (RAS).
    return upright(voxels, np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine)


def _pydicom() -> Any:
    try:
        import pydicom
    except ImportError:
        raise MissingExtraError("medical", "reading DICOM files") from None
    return pydicom
