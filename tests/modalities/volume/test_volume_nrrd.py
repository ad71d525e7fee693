"""NRRD: one file of header and voxels, in any of its spaces; what is not read is named."""

import gzip

import numpy as np
import pytest
from scanner import SPACING, TRUTH

from polysight.core.errors import UnreadableCellError
from polysight.modalities.volume.decoding import read_scan


def nrrd(data=None, **fields):
    lines = {"type": "int16", "dimension": "3", "sizes": "5 3 4", "encoding": "raw", "endian": "little"}
    lines |= {name.replace("_", " "): value for name, value in fields.items()}
    header = "NRRD0004\n# made by hand\nkey:=value\n" + "".join(f"{name}: {value}\n" for name, value in lines.items())
    return header.encode() + b"\n" + (TRUTH.tobytes() if data is None else data)


def test_voxels_lie_as_the_space_says():
    x, y, z = SPACING[::-1]
    ras = nrrd(space="right-anterior-superior", space_directions=f"({x},0,0) (0,{y},0) (0,0,{z})")
    lps = nrrd(
        np.ascontiguousarray(TRUTH[:, ::-1, ::-1]).tobytes(),
        space="left-posterior-superior",
        space_directions=f"({x},0,0) (0,{y},0) (0,0,{z})",
    )
    for content in (ras, lps):
        scan = read_scan(content)
        np.testing.assert_array_equal(scan.voxels, TRUTH)
        np.testing.assert_allclose(scan.spacing, SPACING)


def test_without_a_space_voxels_stay_as_they_are_stored():
    plain, spaced = read_scan(nrrd()), read_scan(nrrd(spacings="0.8 1.5 2.5"))
    unnamed = read_scan(nrrd(space_directions="(0.8,0,0) (0,1.5,0) (0,0,2.5)"))
    assert plain.spacing is None
    for scan in (plain, spaced, unnamed):
        np.testing.assert_array_equal(scan.voxels, TRUTH)
    np.testing.assert_allclose([spaced.spacing, unnamed.spacing], [SPACING, SPACING])
    assert read_scan(nrrd(spacings="NaN NaN NaN")).spacing is None


def test_compressed_and_big_endian_voxels_are_read():
    big = gzip.compress(TRUTH.astype(">i2").tobytes())
    np.testing.assert_array_equal(read_scan(nrrd(big, encoding="gzip", endian="big")).voxels, TRUTH)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (nrrd()[:-3], "truncated"),
        (nrrd(gzip.compress(TRUTH.tobytes(), mtime=0)[:-20], encoding="gzip"), "truncated"),
        (nrrd(b"no gzip at all", encoding="gzip"), "truncated"),
        (b"NRRD0004\ntype: int16\n", "truncated"),
        (nrrd(encoding="bzip2"), "unknown_encoding"),
        (nrrd(data_file="other.raw"), "unknown_encoding"),
        (nrrd(type="block"), "not_numbers"),
        (nrrd(sizes="5 3"), "wrong_shape"),
        (nrrd(sizes="5 3 0"), "no_voxels"),
        (nrrd(sizes="5000 5000 5000"), "too_large"),
        (nrrd(spacings="0.8 1.5 -1"), "bad_affine"),
        (nrrd(spacings="0.8 1.5 wide"), "bad_affine"),
        (nrrd(space="RAS", space_directions="(1,0,0) (0,1,0)"), "bad_affine"),
        (nrrd(space="RAS", space_directions="(1,0,0) (0,nan,0) (0,0,1)"), "bad_affine"),
        (nrrd(sizes="five 3 4"), "corrupt"),
    ],
)
def test_what_is_not_read_is_named(content, reason):
    with pytest.raises(UnreadableCellError) as caught:
        read_scan(content)
    assert caught.value.reason == reason
