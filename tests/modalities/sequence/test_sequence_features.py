"""Features of sequences: against the image features they pool, and against motions that are known."""

import numpy as np
import pytest
from tiny_videos import moving, truth

from polysight.core.config import build
from polysight.core.errors import ConfigError
from polysight.data.view import View
from polysight.modalities import FEATURES
from polysight.modalities.image.features import Colour, Hog
from polysight.modalities.sequence.clips import clips, places
from polysight.modalities.sequence.features import FrameColour, FrameHog
from polysight.modalities.sequence.fisher import FrameFisher
from polysight.modalities.sequence.flow import OpticalFlow, flow_between
from polysight.modalities.sequence.motion import FrameMotion, lightness, slopes

KINDS = ["frame_hog", "frame_colour", "frame_motion", "optical_flow"]


def view(slots=1, frames=5, side=32):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 255, (5, slots, frames, side, side, 3), dtype=np.uint8)
    length = rng.integers(min(2, frames), frames + 1, (5, slots)).astype(np.int32)
    present = np.ones((5, slots), dtype=bool)
    present[2] = False
    present[3, 0] = slots == 1
    length[~present], pixels[~present] = 0, 0
    return View({"frames": pixels, "length": length}, present, np.array([b"%032d" % i for i in range(5)]))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("slots", [1, 2])
def test_rows_are_described_one_by_one_and_absent_ones_are_zero(kind, slots):
    features, seen = build(FEATURES, kind), view(slots)
    whole = features.derive(seen)
    assert whole.dtype == np.float32
    assert np.isfinite(whole).all()
    assert not whole[2].any()
    np.testing.assert_array_equal(features.derive(seen.take([4, 0])), whole[[4, 0]])
    if slots == 2:
        assert not whole[3, : whole.shape[1] // 2].any()
        assert whole[3, whole.shape[1] // 2 :].any()


@pytest.mark.parametrize(("pooled", "image"), [(FrameHog(), Hog()), (FrameColour(), Colour())])
def test_frames_are_described_like_images_and_pooled(pooled, image):
    frames = truth()
    described = image.describe_images(frames)
    expected = np.concatenate([described.mean(axis=0), described.std(axis=0)])
    np.testing.assert_allclose(pooled.describe_clip(frames), expected, atol=1e-6)


def test_slots_of_one_frame_each_are_one_sequence():
    seen = view(slots=3, frames=1)
    assert places(seen) == 1
    found = {clip.row: clip.frames for clip in clips(seen)}
    assert sorted(found) == [0, 1, 3, 4]
    np.testing.assert_array_equal(found[0], seen.arrays["frames"][0, :, 0])
    np.testing.assert_array_equal(found[3], seen.arrays["frames"][3, 1:, 0])
    assert FrameMotion().derive(seen).shape == (5, 61)


def test_light_is_that_of_the_frames_and_slopes_are_those_of_a_line():
    np.testing.assert_allclose(lightness(truth(2)[..., :], 32)[0, 16, -1], 20 / 255, atol=1e-9)
    tracks = np.stack([np.arange(6.0), np.full(6, 3.0)], axis=1)
    np.testing.assert_allclose(slopes(tracks), [5.0, 0.0], atol=1e-12)
    place = np.linspace(0, 1, 6)
    noisy = np.random.default_rng(0).normal(size=(6, 1))
    np.testing.assert_allclose(slopes(noisy), np.polyfit(place, noisy[:, 0], 1)[:1])


def test_motion_says_where_and_in_which_direction():
    describe = FrameMotion().describe_clip
    right, left = (describe(moving(direction, 3))[-13:] for direction in (1, -1))
    # The slopes of the place of change, x first.
    assert right[-3] > 0.05
    assert left[-3] < -0.05
    still = describe(np.repeat(truth(1), 4, axis=0))
    assert not still[:-1].any()
    assert still[-1] == pytest.approx(np.log(4))
    assert not describe(truth(1)).any()


def test_flow_is_that_of_a_shifted_picture():
    rng = np.random.default_rng(0)
    import cv2

    picture = cv2.GaussianBlur(rng.integers(0, 255, (48, 48)).astype(np.uint8), (0, 0), 3) * 2
    flow = flow_between(picture, np.roll(picture, 2, axis=1))
    assert np.median(flow[12:36, 12:36, 0]) == pytest.approx(2, abs=0.3)
    assert abs(np.median(flow[12:36, 12:36, 1])) < 0.3


def test_histograms_of_flow_point_in_the_direction_of_motion():
    rng = np.random.default_rng(0)
    import cv2

    picture = cv2.GaussianBlur(rng.integers(0, 255, (48, 48, 3)).astype(np.uint8), (0, 0), 3) * 2
    for axis, step, direction in [(1, 2, 0), (0, 2, 2), (1, -2, 4), (0, -2, 6)]:
        clip = np.stack([np.roll(picture, step * number, axis=axis) for number in range(4)])
        described = OpticalFlow(grid=1).describe_clip(clip)
        assert described[:8].argmax() == direction
        right, down = described[9:11]
        assert (abs(right) > abs(down)) == (axis == 1)
    assert not OpticalFlow().describe_clip(truth(1)).any()


def test_fisher_vectors_share_points_out_among_frames():
    seen = view(frames=6, side=64)
    features = FrameFisher(points=100, frames=4, gaussians=2, components=4)
    derived = features.derive(seen)
    assert derived.shape[:2] == (5, 1)
    assert derived.shape[3] == 130
    assert not derived[2].any()
    matrix = features.fit(derived[[0, 1, 3, 4]], seed=0).transform(derived)
    assert not matrix[2].any()
    np.testing.assert_allclose(np.linalg.norm(matrix[0, :-1]), 1, rtol=1e-5)
    assert features.derivation() != FrameFisher(points=100, frames=2).derivation()


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "frame_hog", "cell": 0},
        {"kind": "frame_motion", "grid": 0},
        {"kind": "optical_flow", "directions": 0},
        {"kind": "frame_fisher", "frames": 0},
    ],
)
def test_options_out_of_range_are_refused(spec):
    with pytest.raises(ConfigError):
        build(FEATURES, spec)
