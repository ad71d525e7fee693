"""DICOM: series, multi-frame files, values as they are meant; a series that is not whole is named."""

import io

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGLSLossless, RLELossless
from scanner import SPACING, TRUTH, enhanced, series, slice_of, stored

from polysight.core.errors import UnreadableCellError
from polysight.modalities.volume.decoding import read_scan
from polysight.modalities.volume.dicom import read_dicom


def reason_of(files):
    with pytest.raises(UnreadableCellError) as caught:
        read_dicom(files)
    assert caught.value.what
    assert caught.value.fix
    return caught.value.reason


def test_a_series_is_read_upright_in_any_order():
    files = [stored(data) for data in series()]
    for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
        scan = read_dicom([files[place] for place in order])
        np.testing.assert_array_equal(scan.voxels, TRUTH)
        np.testing.assert_allclose(scan.spacing, SPACING)


def test_a_sagittal_series_is_the_same_patient():
    # One slice for each place along x; rows go down to the feet, columns to the back.
    files = []
    for x in range(TRUTH.shape[2]):
        plane = np.ascontiguousarray(TRUTH[::-1, ::-1, x])
        place = [20.0 - SPACING[2] * x, -4.0, 100.0 + SPACING[0] * 3]
        changes = {"ImagePositionPatient": place, "ImageOrientationPatient": [0, 1, 0, 0, 0, -1]}
        changes |= {"PixelSpacing": [SPACING[0], SPACING[1]], "SliceThickness": SPACING[2]}
        files.append(stored(slice_of(x, plane, **changes)))
    scan = read_dicom(files)
    np.testing.assert_array_equal(scan.voxels, TRUTH)
    np.testing.assert_allclose(scan.spacing, SPACING)


def test_slope_and_intercept_make_hounsfield_units():
    files = [stored(data) for data in series(RescaleSlope="2", RescaleIntercept="-1024")]
    np.testing.assert_allclose(read_dicom(files).voxels, TRUTH * 2.0 - 1024)


def test_a_slope_of_zero_is_a_damaged_one():
    files = [stored(data) for data in series(RescaleSlope="0", RescaleIntercept="5")]
    np.testing.assert_array_equal(read_dicom(files).voxels, TRUTH)


def test_a_multi_frame_file_that_places_its_frames_is_a_volume():
    scan = read_scan(stored(enhanced()))
    np.testing.assert_allclose(scan.voxels, TRUTH * 2.0 - 1000)
    np.testing.assert_allclose(scan.spacing, SPACING)


def test_a_multi_frame_file_without_places_is_read_as_it_is_stored():
    frames = np.arange(3 * 4 * 5, dtype=np.uint8).reshape(3, 4, 5)
    data = slice_of(0, frames, ImagePositionPatient=None, ImageOrientationPatient=None, NumberOfFrames=3)
    scan = read_scan(stored(data))
    np.testing.assert_array_equal(scan.voxels, frames)
    assert scan.spacing is None


def test_one_slice_is_a_volume_of_one():
    np.testing.assert_array_equal(read_dicom([stored(series()[2])]).voxels, TRUTH[2:3])


def test_slices_without_a_place_follow_their_numbers():
    files = [stored(data) for data in series(ImagePositionPatient=None)]
    assert read_dicom(files[::-1]).voxels.shape == TRUTH.shape
    assert reason_of([files[0], files[1], files[3]]) == "missing_slice"
    assert reason_of([files[0], files[1], files[1]]) == "repeated_slice"


@pytest.mark.parametrize("signed", [False, True])
def test_monochrome1_is_turned_round(signed):
    truth = TRUTH if signed else (TRUTH + 50).astype(np.uint16)
    low, high = (-(2**15), 2**15 - 1) if signed else (0, 2**16 - 1)
    files = [stored(data) for data in series(truth, PhotometricInterpretation="MONOCHROME1", Modality="DX")]
    np.testing.assert_allclose(read_dicom(files).voxels, low + high - truth.astype(np.float32))


def test_hounsfield_units_stay_what_they_are_however_they_are_shown():
    files = [stored(data) for data in series(PhotometricInterpretation="MONOCHROME1")]
    np.testing.assert_array_equal(read_dicom(files).voxels, TRUTH)


def test_colours_become_grey():
    rgb = np.zeros((2, 3, 3), dtype=np.uint8)
    rgb[0, 0], rgb[1, 2] = (255, 0, 0), (10, 20, 30)
    data = slice_of(0, np.zeros((2, 3), np.uint8), SamplesPerPixel=3, PhotometricInterpretation="RGB")
    data.PlanarConfiguration, data.PixelData = 0, rgb.tobytes()
    expected = rgb.astype(float) @ [0.299, 0.587, 0.114]
    # Stored rows run to the back and columns to the left.
    np.testing.assert_allclose(read_dicom([stored(data)]).voxels[0], expected[::-1, ::-1], atol=1e-3)


def test_a_compressed_file_is_read():
    data = series()[0]
    stored(data)
    data.compress(RLELossless, generate_instance_uid=False)
    buffer = io.BytesIO()
    data.save_as(buffer, enforce_file_format=True)
    np.testing.assert_array_equal(read_dicom([buffer.getvalue()]).voxels, TRUTH[:1])


def test_two_series_are_named():
    one, other = series(), series(SeriesInstanceUID="1.2.3.5")
    assert reason_of([stored(data) for data in (*one, *other)]) == "several_series"


@pytest.mark.parametrize("gone", [1, 2])
def test_a_missing_slice_is_named(gone):
    assert reason_of([stored(data) for place, data in enumerate(series()) if place != gone]) == "missing_slice"
    longer = series(np.concatenate([TRUTH, TRUTH]))
    assert reason_of([stored(data) for place, data in enumerate(longer) if place != gone + 3]) == "missing_slice"


def test_a_slice_missing_of_three_is_named_by_the_thickness():
    assert reason_of([stored(series()[0]), stored(series()[2])]) == "missing_slice"


def test_a_slice_that_comes_twice_is_named():
    files = [stored(data) for data in series()]
    assert reason_of([*files, files[1]]) == "repeated_slice"


def test_slices_of_two_sizes_or_angles_are_named():
    files = [stored(data) for data in series()]
    small = slice_of(9, np.zeros((2, 2), np.int16))
    assert reason_of([*files, stored(small)]) == "uneven_series"
    tilted = slice_of(9, TRUTH[0], ImageOrientationPatient=[1, 0, 0, 0, 0, 1])
    assert reason_of([*files, stored(tilted)]) == "uneven_series"


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.9", "1.2.840.10008.1.2.4.80"[:19]])
def test_an_unknown_transfer_syntax_is_named(syntax):
    assert reason_of([stored(series()[0], syntax)]) == "unknown_transfer_syntax"


def encapsulated(syntax, pixels):
    data = series()[0]
    data.PixelData = encapsulate([pixels])
    data["PixelData"].is_undefined_length = True
    stored(data)
    data.file_meta.TransferSyntaxUID = syntax
    buffer = io.BytesIO()
    data.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def test_pixels_that_nothing_here_decodes_are_named():
    assert reason_of([encapsulated(JPEGLSLossless, b"no picture at all, at any length")]) == "unknown_transfer_syntax"
    assert reason_of([encapsulated(RLELossless, b"no picture at all, at any length")]) == "truncated"


def test_a_header_that_means_nothing_is_named():
    content = stored(series()[0])
    damaged = content.replace(b"IS\x02\x001 ", b"IS\x02\x00x ")
    assert damaged != content
    with pytest.warns(UserWarning, match="Invalid value"):
        assert reason_of([damaged]) == "corrupt"


def test_groups_that_say_nothing_leave_it_to_the_file():
    shared = Dataset()
    shared.PlaneOrientationSequence = [Dataset()]
    data = series()[0]
    data.SharedFunctionalGroupsSequence = [shared]
    np.testing.assert_array_equal(read_dicom([stored(data)]).voxels, TRUTH[:1])


def test_damaged_files_are_named():
    whole = stored(series()[0])
    assert reason_of([whole[:-9]]) == "truncated"
    assert reason_of([b""]) == "empty_file"
    assert reason_of([b"something else" * 20]) == "not_dicom"
    empty = series()[0]
    del empty.PixelData
    assert reason_of([stored(empty)]) == "no_voxels"
    lost = slice_of(0, TRUTH[0], ImagePositionPatient=[0, 0, 0], PixelSpacing=[0, 1])
    assert reason_of([stored(lost)]) == "bad_affine"
