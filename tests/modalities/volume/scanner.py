"""A scanner made by hand: one small patient, stored in every format and orientation; the truth is known."""

from __future__ import annotations

import io
from typing import Any

import nibabel
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage, EnhancedCTImageStorage, ExplicitVRLittleEndian

#: Slices to the head, rows to the front, columns to the right; every voxel is different.
TRUTH = np.arange(4 * 3 * 5, dtype=np.int16).reshape(4, 3, 5) * 7 - 50
#: Millimetres from slice to slice, row to row, column to column.
SPACING = (2.5, 1.5, 0.8)


def nifti(voxels: np.ndarray, affine: np.ndarray, **header: Any) -> bytes:
    """The bytes of a NIfTI-1 file of voxels [i, j, k]."""
    image = nibabel.Nifti1Image(voxels, affine)
    for name, value in header.items():
        image.header[name] = value
    return image.to_bytes()


def affine_of_truth() -> np.ndarray:
    """Where the truth lies, by (x, y, z) index: right, front, head."""
    affine = np.diag([SPACING[2], SPACING[1], SPACING[0], 1.0])
    affine[:3, 3] = (-7.0, 11.0, 130.0)
    return affine


def slice_of(number: int, pixels: np.ndarray, **changes: Any) -> Dataset:
    """One axial slice as scanners write it: rows to the back, columns to the left."""
    data = Dataset()
    data.SOPClassUID, data.SOPInstanceUID = CTImageStorage, f"1.2.3.4.{number + 1}"
    data.Modality, data.SeriesInstanceUID, data.InstanceNumber = "CT", "1.2.3.4", number + 1
    data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    data.ImagePositionPatient = [20.0, -4.0, 100.0 + SPACING[0] * number]
    data.PixelSpacing, data.SliceThickness = [SPACING[1], SPACING[2]], SPACING[0]
    _describe_pixels(data, pixels)
    for name, value in changes.items():
        if value is None:
            delattr(data, name)
        else:
            setattr(data, name, value)
    return data


def as_stored(truth_slice: np.ndarray) -> np.ndarray:
    """A slice of the truth as rows to the back and columns to the left."""
    return np.ascontiguousarray(truth_slice[::-1, ::-1])


def series(truth: np.ndarray = TRUTH, **changes: Any) -> list[Dataset]:
    """All slices of a volume, from feet to head."""
    return [slice_of(number, as_stored(plane), **changes) for number, plane in enumerate(truth)]


def enhanced(truth: np.ndarray = TRUTH) -> Dataset:
    """One multi-frame file that places each frame, frames from head to feet."""
    data = slice_of(0, np.stack([as_stored(plane) for plane in truth[::-1]]))
    data.SOPClassUID, data.NumberOfFrames = EnhancedCTImageStorage, len(truth)
    for name in ("ImageOrientationPatient", "ImagePositionPatient", "PixelSpacing", "SliceThickness"):
        delattr(data, name)
    shared, orientation, measures, rescale = Dataset(), Dataset(), Dataset(), Dataset()
    orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    measures.PixelSpacing, measures.SliceThickness = [SPACING[1], SPACING[2]], SPACING[0]
    rescale.RescaleSlope, rescale.RescaleIntercept = 2, -1000
    shared.PlaneOrientationSequence, shared.PixelMeasuresSequence = Sequence([orientation]), Sequence([measures])
    shared.PixelValueTransformationSequence = Sequence([rescale])
    data.SharedFunctionalGroupsSequence = Sequence([shared])
    frames = []
    for number in reversed(range(len(truth))):
        frame, place = Dataset(), Dataset()
        place.ImagePositionPatient = [20.0, -4.0, 100.0 + SPACING[0] * number]
        frame.PlanePositionSequence = Sequence([place])
        frames.append(frame)
    data.PerFrameFunctionalGroupsSequence = Sequence(frames)
    return data


def stored(data: Dataset, syntax: str = ExplicitVRLittleEndian) -> bytes:
    """The bytes of a DICOM file; a syntax of one's own is only announced."""
    data.file_meta = FileMetaDataset()
    data.file_meta.MediaStorageSOPClassUID, data.file_meta.MediaStorageSOPInstanceUID = (
        data.SOPClassUID,
        data.SOPInstanceUID,
    )
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, data, enforce_file_format=True)
    content = buffer.getvalue()
    if syntax == ExplicitVRLittleEndian:
        return content
    # Of the same length, so that nothing else moves.
    old = str(ExplicitVRLittleEndian).encode()
    return content.replace(old + b"\x00", syntax.encode().ljust(len(old) + 1, b"\x00"), 1)


def _describe_pixels(data: Dataset, pixels: np.ndarray) -> None:
    data.Rows, data.Columns = pixels.shape[-2:]
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    bits = 8 * pixels.dtype.itemsize
    data.BitsAllocated = data.BitsStored = bits
    data.HighBit, data.PixelRepresentation = bits - 1, int(pixels.dtype.kind == "i")
    data.add_new("PixelData", "OB" if bits == 8 else "OW", pixels.tobytes())
