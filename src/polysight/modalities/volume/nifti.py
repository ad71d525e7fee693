"""NIfTI-1 and NIfTI-2, plain or compressed: voxels rescaled and the right way up.

nibabel, an optional part, reads them; a file without an affine of its own lies as its voxel sizes say.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from polysight.core.errors import MissingExtraError, UnreadableCellError
from polysight.modalities.cellwise import LARGEST_FILE
from polysight.modalities.volume.orientation import upright
from polysight.modalities.volume.scan import Scan, check_size, three_axes, truncated

#: What stands at byte 344 of a NIfTI-1 and at byte 4 of a NIfTI-2 file that holds its own voxels.
_NIFTI_1, _NIFTI_2 = b"n+1\x00", b"n+2\x00"
_GZIP = b"\x1f\x8b"


def is_nifti(content: bytes) -> bool:
    """Whether these bytes begin like a NIfTI file, or like a compressed one."""
    start = _inflated(content, 352) if content.startswith(_GZIP) else content[:352]
    return start[344:348] == _NIFTI_1 or start[4:8] == _NIFTI_2


def read_nifti(content: bytes) -> Scan:
    """Read ``.nii`` or ``.nii.gz``.

    Raises:
        UnreadableCellError: ``bad_affine``, ``not_numbers``, ``wrong_shape``, ``no_voxels``, ``too_large``,
            ``truncated`` or ``corrupt``.
        MissingExtraError: nibabel is not installed.
    """
    nibabel = _nibabel()
    whole = _inflated(content, LARGEST_FILE) if content.startswith(_GZIP) else content
    kind = nibabel.Nifti2Image if whole[4:8] == _NIFTI_2 else nibabel.Nifti1Image
    try:
        image = kind.from_bytes(whole)
        shape, dtype = three_axes(image.shape), image.get_data_dtype()
        check_size(shape)
        if dtype.kind not in "biuf":
            raise UnreadableCellError("not_numbers", f"holds {dtype}, not plain numbers", fix="save one value a voxel")
        voxels = np.asanyarray(image.dataobj).reshape(shape)
    except UnreadableCellError:
        raise
    except (OSError, ValueError) as error:
        raise truncated(str(error)[:200]) from None
    except nibabel.spatialimages.HeaderDataError as error:
        raise UnreadableCellError("corrupt", f"the header is damaged: {error}", fix="export it again") from None
    return upright(voxels, image.affine)


def _inflated(content: bytes, most: int) -> bytes:
    """The first ``most`` bytes of what a gzip file holds."""
    stream = zlib.decompressobj(wbits=31)
    try:
        whole = stream.decompress(content, most + 1)
    except zlib.error as error:
        raise truncated(str(error)) from None
    if len(whole) > most:
        if most < LARGEST_FILE:
            return whole[:most]
        raise UnreadableCellError("too_large", "holds more than 2 GB", fix="crop it or make it coarser")
    if not stream.eof and most == LARGEST_FILE:
        raise truncated("the compressed stream breaks off")
    return whole


def _nibabel() -> Any:
    try:
        import nibabel
    except ImportError:
        raise MissingExtraError("medical", "reading NIfTI files") from None
    return nibabel
