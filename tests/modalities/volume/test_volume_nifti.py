"""NIfTI: a patient the right way up whatever the order of axes; what is damaged is named."""

import gzip
from itertools import permutations, product

import nibabel
import numpy as np
import pytest
from scanner import SPACING, TRUTH, affine_of_truth, nifti

from polysight.core.errors import UnreadableCellError
from polysight.modalities.volume.decoding import read_scan
from polysight.modalities.volume.orientation import upright


def reoriented(order, signs):
    """The truth with its axes (x, y, z) reordered and reversed, and the affine that says so."""
    voxels, affine = TRUTH.transpose(2, 1, 0), affine_of_truth()
    axes = affine[:3, :3]
    for axis, sign in enumerate(signs):
        if sign < 0:
            affine[:3, 3] += axes[:, axis] * (voxels.shape[axis] - 1)
            affine[:3, axis] *= -1
            voxels = np.flip(voxels, axis)
    turned = affine.copy()
    turned[:3, :3] = affine[:3, :3][:, list(order)]
    return np.ascontiguousarray(voxels.transpose(order)), turned


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_every_orientation_is_read_upright(order):
    for signs in product((1, -1), repeat=3):
        voxels, affine = reoriented(order, signs)
        scan = read_scan(nifti(voxels, affine))
        np.testing.assert_array_equal(scan.voxels, TRUTH)
        np.testing.assert_allclose(scan.spacing, SPACING, rtol=1e-6)


def test_an_oblique_scan_is_turned_as_nibabel_turns_it():
    angle = np.radians(20)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    voxels, affine = reoriented((2, 0, 1), (-1, 1, -1))
    affine[:3] = turn @ affine[:3]
    expected = nibabel.as_closest_canonical(nibabel.Nifti1Image(voxels, affine))
    np.testing.assert_array_equal(upright(voxels, affine).voxels, np.asarray(expected.dataobj).transpose(2, 1, 0))


def test_slope_and_intercept_count_and_files_may_be_compressed_or_nifti_2():
    image = nibabel.Nifti2Image(TRUTH.transpose(2, 1, 0), affine_of_truth())
    image.header.set_slope_inter(2, -1000)
    content = image.to_bytes()
    for whole in (content, gzip.compress(content, mtime=0)):
        np.testing.assert_allclose(read_scan(whole).voxels, TRUTH * 2.0 - 1000)


def test_one_volume_with_a_fourth_axis_of_one_is_one_volume():
    np.testing.assert_array_equal(
        read_scan(nifti(TRUTH.transpose(2, 1, 0)[..., None], affine_of_truth())).voxels, TRUTH
    )


def test_an_affine_with_nan_is_named():
    content = bytearray(nifti(TRUTH.transpose(2, 1, 0), affine_of_truth()))
    content[280:284] = np.float32(np.nan).tobytes()  # the first number of srow_x
    with pytest.raises(UnreadableCellError, match="NaN") as caught:
        read_scan(bytes(content))
    assert caught.value.reason == "bad_affine"


@pytest.mark.parametrize("axes", [np.diag([1.0, 0, 1, 1]), np.array([[1, 1, 0], [0, 0, 0], [0, 0, 1]])])
def test_an_affine_that_places_nothing_is_named(axes):
    affine = np.eye(4)
    affine[:3, :3] = axes[:3, :3]
    with pytest.raises(UnreadableCellError) as caught:
        upright(TRUTH, affine)
    assert caught.value.reason == "bad_affine"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (nifti(np.zeros((3, 4, 5, 2), np.int16), np.eye(4)), "wrong_shape"),
        (nifti(np.zeros((3, 4), np.int16), np.eye(4)), "wrong_shape"),
        (nifti(np.zeros((3, 0, 5), np.int16), np.eye(4)), "no_voxels"),
        (nifti(np.zeros((3, 4, 5), np.complex64), np.eye(4)), "not_numbers"),
        (nifti(TRUTH, np.eye(4))[:-10], "truncated"),
        (gzip.compress(nifti(TRUTH, np.eye(4)), mtime=0)[:-12], "truncated"),
        (b"\x1f\x8b" + b"\x00" * 30, "truncated"),
        (gzip.compress(b"something else", mtime=0), "not_a_volume"),
        (b"", "empty_file"),
        (b"\x89PNG" + bytes(600), "not_a_volume"),
    ],
)
def test_what_is_no_volume_is_named(content, reason):
    with pytest.raises(UnreadableCellError) as caught:
        read_scan(content)
    assert caught.value.reason == reason
    assert caught.value.what
