"""NRRD: voxels behind a header of text, in one file (raw or gzip).

Source: G. Kindlmann, "Definition of NRRD file format", teem.sourceforge.net/nrrd/format.html.
Departures: detached data, text and bzip2 encodings, and arrays of other than three axes are refused.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Mapping

import numpy as np
from jaxtyping import Float, Num

from polysight.core.errors import UnreadableCellError
from polysight.modalities.volume.orientation import upright
from polysight.modalities.volume.scan import Scan, bad_affine, check_size, spacing_of, three_axes, truncated

#: How every NRRD file begins.
MAGIC = b"NRRD000"
_LARGEST_HEADER = 100_000
_TYPES: Mapping[str, str] = {
    **dict.fromkeys(("signed char", "int8", "int8_t"), "i1"),
    **dict.fromkeys(("uchar", "unsigned char", "uint8", "uint8_t"), "u1"),
    **dict.fromkeys(("short", "short int", "signed short", "signed short int", "int16", "int16_t"), "i2"),
    **dict.fromkeys(("ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"), "u2"),
    **dict.fromkeys(("int", "signed int", "int32", "int32_t"), "i4"),
    **dict.fromkeys(("uint", "unsigned int", "uint32", "uint32_t"), "u4"),
    **dict.fromkeys(("longlong", "long long", "int64", "int64_t"), "i8"),
    **dict.fromkeys(("ulonglong", "unsigned long long", "uint64", "uint64_t"), "u8"),
    "float": "f4",
    "double": "f8",
}
#: Signs that bring the axes of a space to right, front and head.
_SPACES: Mapping[str, tuple[float, float, float]] = {
    **dict.fromkeys(("right-anterior-superior", "ras", "scanner-xyz"), (1.0, 1.0, 1.0)),
    **dict.fromkeys(("left-anterior-superior", "las"), (-1.0, 1.0, 1.0)),
    **dict.fromkeys(("left-posterior-superior", "lps"), (-1.0, -1.0, 1.0)),
}


def read_nrrd(content: bytes) -> Scan:
    """Read ``.nrrd``.

    Raises:
        UnreadableCellError: ``corrupt``, ``unknown_encoding``, ``not_numbers``, ``wrong_shape``, ``no_voxels``,
            ``too_large``, ``bad_affine`` or ``truncated``.
    """
    fields, start = _header(content)
    written = fields.get("sizes", "")
    if re.fullmatch(r"[\d\s]*", written) is None:
        raise UnreadableCellError("corrupt", f"the header says sizes: {written[:50]}", fix="export it again")
    sizes = [int(size) for size in written.split()]
    three_axes(sizes)
    check_size(sizes)
    voxels = _voxels(content[start:], fields, sizes)
    return _placed(voxels.reshape(sizes[:3], order="F"), fields)


def _header(content: bytes) -> tuple[dict[str, str], int]:
    end = re.search(rb"\r?\n\r?\n", content[:_LARGEST_HEADER])
    if end is None:
        raise truncated("the header does not end")
    fields = {}
    for line in content[: end.start()].decode("latin-1").splitlines()[1:]:
        name, separator, value = line.partition(":")
        if separator and not line.startswith("#") and not value.startswith("="):
            fields[name.strip().lower()] = value.strip()
    if "data file" in fields or "datafile" in fields:
        what = "the voxels are in another file (detached header)"
        raise UnreadableCellError("unknown_encoding", what, fix="save it as one .nrrd file")
    return fields, end.end()


def _voxels(data: bytes, fields: Mapping[str, str], sizes: list[int]) -> Num[np.ndarray, " voxel"]:
    kind = _TYPES.get(fields.get("type", "").lower())
    if kind is None:
        what = f"holds {fields.get('type', 'nothing')}, not plain numbers"
        raise UnreadableCellError("not_numbers", what, fix="save numbers")
    order = ">" if fields.get("endian", "little").lower() == "big" else "<"
    dtype, count = np.dtype(order + kind), math.prod(sizes)
    encoding = fields.get("encoding", "raw").lower()
    if encoding in ("gzip", "gz"):
        try:
            data = zlib.decompressobj(wbits=31).decompress(data, count * dtype.itemsize)
        except zlib.error as error:
            raise truncated(str(error)) from None
    elif encoding != "raw":
        what = f"has the encoding {encoding!r}; raw and gzip are read"
        raise UnreadableCellError("unknown_encoding", what, fix="save it as gzip")
    if len(data) < count * dtype.itemsize:
        raise truncated(f"announces {count * dtype.itemsize:,} bytes and holds {len(data):,}")
    return np.frombuffer(data, dtype=dtype, count=count)


def _placed(voxels: Num[np.ndarray, "i j k"], fields: Mapping[str, str]) -> Scan:
    signs, directions = _SPACES.get(fields.get("space", "").lower()), _vectors(fields.get("space directions", ""))
    if directions is not None and signs is not None:
        affine = np.eye(4)
        affine[:3, :3] = np.diag(signs) @ directions.T
        return upright(voxels, affine)
    # The fastest axis comes first in the header; nobody says where in the patient it points.
    stored = voxels.transpose(2, 1, 0)
    if directions is not None:
        return Scan(stored, spacing_of(np.sqrt((directions**2).sum(axis=1))[::-1]))
    spacings = fields.get("spacings", "").split()[:3]
    if len(spacings) < 3 or "nan" in (spacing.lower() for spacing in spacings):
        return Scan(stored)
    return Scan(stored, spacing_of([_number(spacing) for spacing in spacings[::-1]]))


def _vectors(text: str) -> Float[np.ndarray, "3 3"] | None:
    vectors = [[_number(part) for part in vector.split(",")] for vector in re.findall(r"\(([^)]*)\)", text)]
    if not vectors:
        return None
    if len(vectors) < 3 or any(len(vector) != 3 for vector in vectors[:3]):
        raise bad_affine("the space directions are not three vectors of three numbers")
    return np.asarray(vectors[:3])


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise bad_affine(f"{text.strip()!r} is no number") from None
