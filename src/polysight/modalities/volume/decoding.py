"""Decoding: which reader a content belongs to, by how it begins; its name plays no part."""

from __future__ import annotations

from collections.abc import Callable

from polysight.core.errors import UnreadableCellError
from polysight.modalities import numpy_files
from polysight.modalities.volume import folder, nrrd
from polysight.modalities.volume.arrays import read_array
from polysight.modalities.volume.dicom import read_dicom
from polysight.modalities.volume.nifti import is_nifti, read_nifti
from polysight.modalities.volume.nrrd import read_nrrd
from polysight.modalities.volume.scan import Scan

#: Endings of volume files; a folder of DICOM files has none.
SUFFIXES = frozenset({".npy", ".nii", ".nii.gz", ".nrrd", *folder.DICOM_SUFFIXES})

#: What a content is asked, and what reads it then.
_READERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Scan]], ...] = (
    (lambda content: content.startswith(numpy_files.MAGIC), read_array),
    (lambda content: content.startswith(nrrd.MAGIC), read_nrrd),
    (lambda content: content.startswith(folder.MAGIC), lambda c: read_dicom(list(folder.unpacked(c).values()))),
    (folder.is_dicom, lambda content: read_dicom([content])),
    (is_nifti, read_nifti),
)


def read_scan(content: bytes) -> Scan:
    """Read a volume of any format.

    Raises:
        UnreadableCellError: ``empty_file``, ``not_a_volume``, or what the reader of its format raises.
        MissingExtraError: The optional part that reads its format is not installed.
    """
    if not content:
        raise UnreadableCellError("empty_file", "the file is empty", fix="copy it again")
    for belongs, read in _READERS:
        if belongs(content):
            return read(content)
    what = "not a volume in a format that is read (NIfTI, DICOM, NRRD, NumPy)"
    raise UnreadableCellError("not_a_volume", what, fix="convert it to NIfTI or .npy")
