"""Features of volumes: balls of known size, and the same numbers as SciPy and scikit-image."""

import numpy as np
import pytest
from scipy import ndimage
from skimage.feature import hog, local_binary_pattern

from polysight.core.config import build
from polysight.core.errors import ConfigError
from polysight.data.view import View
from polysight.modalities import FEATURES
from polysight.modalities.volume.features import VolumeShells
from polysight.modalities.volume.granulometry import RADII, disc, openings
from polysight.modalities.volume.middle import middle_object
from polysight.modalities.volume.planes import VolumePlanes, VolumeTexture

KINDS = ["volume_object", "volume_shells", "volume_texture", "volume_planes"]
ONE = np.ones(3)


def ball(radius, grid=(16, 32, 32), cell=ONE, low=40, high=220):
    """A bright ball in the middle, of a radius in the units of the cell."""
    axes = [(np.arange(side) - side // 2) * size for side, size in zip(grid, cell, strict=True)]
    distance = np.sqrt(sum(axis**2 for axis in np.meshgrid(*axes, indexing="ij")))
    return np.where(distance <= radius, high, low).astype(np.uint8)


def view_of(*scans, present=None):
    voxels = np.stack(scans)[:, None]
    size = np.ones((len(scans), 1, 3), dtype=np.float32)
    there = np.ones((len(scans), 1), dtype=bool) if present is None else present
    arrays = {"voxels": voxels, "cell": size, "extent": size * np.float32(voxels.shape[2:])}
    return View(arrays, there, np.full(len(scans), b"0" * 32))


@pytest.mark.parametrize("kind", KINDS)
def test_features_are_finite_row_wise_and_zero_where_absent(kind):
    scans = [ball(5), ball(8), np.random.default_rng(0).integers(0, 256, (16, 32, 32), dtype=np.uint8)]
    present = np.array([[True], [False], [True]])
    features = build(FEATURES, kind)
    derived = features.derive(view_of(*scans, present=present))
    assert np.isfinite(derived).all()
    assert (derived[1] == 0).all()
    np.testing.assert_array_equal(derived[2], features.derive(view_of(scans[2]))[0])
    blank = features.derive(view_of(np.zeros((16, 32, 32), np.uint8), np.full((16, 32, 32), 9, np.uint8)))
    assert np.isfinite(blank).all()


@pytest.mark.parametrize("cell", [ONE, np.array([2.0, 1.0, 1.0])])
def test_a_ball_is_measured_in_true_size(cell):
    numbers = middle_object(ball(6, cell=cell), cell)
    volume, area, first, second, third, thickness, near = np.exp(numbers[2:9])
    assert volume == pytest.approx(4 / 3 * np.pi * 6**3, rel=0.15)
    assert area == pytest.approx(np.pi * 6**2, rel=0.15)
    np.testing.assert_allclose([first, second, third], 6 / np.sqrt(5), rtol=0.1)
    assert thickness == pytest.approx(6, abs=1.1)
    assert near == pytest.approx(6, abs=1.6)
    assert numbers[-1] == pytest.approx(np.log(2))
    assert numbers[12:15].max() == 0  # it touches nothing


def test_brightness_is_that_of_object_and_surroundings():
    peak, background = middle_object(ball(6), ONE)[:2] * 255
    assert peak == pytest.approx(220, abs=2)
    assert background == pytest.approx(40, abs=2)


def test_a_thin_line_through_the_middle_is_long_and_thin():
    line = np.full((16, 32, 32), 20, dtype=np.uint8)
    line[:, 15:18, 15:18] = 250
    numbers = np.exp(middle_object(line, ONE)[4:7])
    assert numbers[0] > 3 * numbers[1]


def test_openings_are_those_of_scipy():
    plane = np.random.default_rng(0).integers(0, 256, (40, 40), dtype=np.uint8)
    scan = np.stack([plane] * 4)
    result = openings(scan).reshape(3, len(RADII))
    for radius, opened in zip(RADII, result[0], strict=True):
        footprint = disc(max(1, round(radius * 40))).astype(bool)
        # Far from the border both are the same whatever lies beyond it.
        expected = ndimage.grey_opening(plane, footprint=footprint, mode="reflect")[13:27, 13:27].max() / 255
        assert opened == pytest.approx(expected)


def test_openings_measure_thickness():
    thin, thick = openings(ball(2, low=0, high=255)), openings(ball(9, low=0, high=255))
    assert thin.reshape(3, -1)[1, -1] == 0
    assert thick.reshape(3, -1)[1, -1] == 1


def test_shells_are_means_over_rings():
    scan = np.random.default_rng(0).integers(0, 256, (6, 20, 20), dtype=np.uint8)
    described = VolumeShells(rings=4, parts=3).derive(view_of(scan))[0]
    values = scan / 255.0
    gradient = np.sqrt(sum(part**2 for part in np.gradient(values)))
    rows, columns = np.indices((20, 20)) - 9.5
    radius = np.sqrt(rows**2 + columns**2) / 10
    ring = (radius >= 0.25) & (radius < 0.5)
    place = 1 * 4 + 1  # the second ring of the middle part
    assert described[place] == pytest.approx(values[2:4][:, ring].mean(), rel=1e-4)
    assert described[12 + place] == pytest.approx(values[2:4][:, ring].std(), rel=1e-3)
    assert described[24 + place] == pytest.approx(gradient[2:4][:, ring].mean(), rel=1e-4)


def test_planes_are_gradients_of_the_middle_cuts():
    scan = np.random.default_rng(0).integers(0, 256, (48, 48, 48), dtype=np.uint8)
    described = VolumePlanes().derive(view_of(scan))[0].reshape(4, -1)
    for place, plane in enumerate((scan[24], scan[:, 24], scan[:, :, 24], scan.max(axis=0))):
        expected = hog(plane, 9, (8, 8), (2, 2), "L2-Hys")
        np.testing.assert_allclose(described[place], expected, atol=1e-5)


def test_texture_is_that_of_scikit_image_on_three_planes():
    scan = np.random.default_rng(0).integers(0, 256, (12, 12, 12), dtype=np.uint8)
    described = VolumeTexture(side=12).derive(view_of(scan))[0].reshape(3, 59)
    np.testing.assert_allclose((described**2).sum(axis=1), 1, rtol=1e-5)
    for axis in range(3):
        planes = np.moveaxis(scan, axis, 0)
        found = [local_binary_pattern(plane, 8, 1, "nri_uniform")[1:-1, 1:-1] for plane in planes]
        counted = np.bincount(np.concatenate(found).astype(int).ravel(), minlength=59)
        # scikit-image numbers the uniform patterns in an order of its own.
        np.testing.assert_allclose(np.sort(described[axis] ** 2), np.sort(counted / counted.sum()), atol=1e-6)


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "volume_shells", "rings": 1},
        {"kind": "volume_planes", "side": 8},
        {"kind": "volume_texture", "radius": 0},
    ],
)
def test_options_out_of_range_are_refused(spec):
    with pytest.raises(ConfigError):
        build(FEATURES, spec)
