"""Frames of files other than videos: animations, pages, arrays, folders; and which frames are taken."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tiny_videos import COUNT, SIDE, truth, write_gif

from polysight.core.errors import UnreadableCellError
from polysight.modalities.image.resizing import to_square
from polysight.modalities.sequence.bundle import images_in, is_bundle, packed, packed_folder, unpacked
from polysight.modalities.sequence.frames import Sampling, frames_of
from polysight.modalities.sequence.sampling import at_rate, evenly
from polysight.modalities.sequence.video import Video


def read(content, frames=COUNT, size=SIDE, rate=None):
    return Sampling(frames, rate, size, "stretch")(frames_of(content, size, Video))


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def png(array):
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, format="PNG")
    return buffer.getvalue()


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 200), st.integers(1, 40))
def test_even_frames_are_spread_over_the_whole(count, most):
    chosen = evenly(count, most)
    assert len(chosen) == min(count, most)
    assert (np.diff(chosen) > 0).all()
    assert chosen[0] >= 0
    assert chosen[-1] < count
    assert abs(chosen[0] - (count - 1 - chosen[-1])) <= 1


def test_a_rate_follows_times_that_are_not_even():
    times = np.array([0.0, 0.1, 0.2, 1.0, 1.5, 2.0])
    assert at_rate(times, 2.0, 9).tolist() == [0, 2, 3, 4, 5]
    assert at_rate(times, 100.0, 99).tolist() == [0, 1, 2, 3, 4, 5]
    assert at_rate(times, 2.0, 3).tolist() == [2, 3, 4]


def test_an_animation_is_read_in_its_order_and_at_a_rate(tmp_path):
    write_gif(tmp_path / "a.gif", milliseconds=200)
    content = (tmp_path / "a.gif").read_bytes()
    assert np.abs(read(content).astype(int) - truth()).max() <= 2
    assert len(read(content, rate=2.5)) == 6
    with pytest.raises(UnreadableCellError) as error:
        read(content[:-40])
    assert error.value.reason == "truncated"


def test_pages_of_a_tiff_are_frames_and_deep_ones_share_a_window(tmp_path):
    pages = [Image.fromarray(frame) for frame in truth(3)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    np.testing.assert_array_equal(read((tmp_path / "a.tif").read_bytes(), rate=5.0), truth(3))
    deep = [Image.fromarray(np.full((8, 8), level, dtype=np.uint16)) for level in (0, 2047, 4095)]
    deep[0].save(tmp_path / "b.tif", save_all=True, append_images=deep[1:])
    assert read((tmp_path / "b.tif").read_bytes())[:, 0, 0, 0].tolist() == [0, 127, 255]


def test_a_single_image_is_a_sequence_of_one():
    np.testing.assert_array_equal(read(png(truth(1)[0])), truth(1))


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (truth(), truth()),
        (truth()[..., 0], truth()),
        (truth()[..., :1], truth()),
        (np.concatenate([truth(), np.zeros((COUNT, SIDE, SIDE, 1), np.uint8)], axis=3), truth()),
        (truth()[..., 0] > 100, np.where(truth() > 100, 255, 0)),
        (truth()[..., 0] / 255, truth()),
    ],
)
def test_arrays_have_frames_first(array, expected):
    assert np.abs(read(npy(array)).astype(int) - expected).max() <= 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (npy(np.zeros((4, 4), np.uint8)), "not_a_sequence"),
        (npy(np.zeros((2, 4, 4, 2), np.uint8)), "not_a_sequence"),
        (npy(np.zeros((0, 4, 4), np.uint8)), "no_frames"),
        (npy(truth())[:-9], "truncated"),
        (npy(np.full((2, 4, 4), np.nan)), "no_values"),
        (png(truth(1)[0])[:60], "truncated"),
    ],
)
def test_what_holds_no_frames_is_refused_by_name(content, code):
    with pytest.raises(UnreadableCellError) as error:
        read(content)
    assert error.value.reason == code


def test_a_folder_is_read_in_the_order_of_its_numbers(tmp_path):
    for number, frame in enumerate(truth()):
        (tmp_path / f"frame{number + 1}.png").write_bytes(png(frame))
    (tmp_path / "notes.txt").write_text("not a frame")
    (tmp_path / ".hidden.png").write_bytes(b"")
    assert [path.name for path in images_in(tmp_path)][:2] == ["frame1.png", "frame2.png"]
    content = packed_folder(tmp_path, COUNT, 10**9)
    np.testing.assert_array_equal(read(content), truth())
    few = packed_folder(tmp_path, 3, 10**9)
    np.testing.assert_array_equal(read(few), truth()[evenly(COUNT, 3)])


def test_folders_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(UnreadableCellError, match="holds no images"):
        packed_folder(tmp_path, 3, 100)
    (tmp_path / "a.png").write_bytes(png(truth(1)[0]))
    (tmp_path / "b.png").write_bytes(b"broken")
    with pytest.raises(UnreadableCellError, match="frame 2: "):
        read(packed_folder(tmp_path, 3, 10**9))
    with pytest.raises(UnreadableCellError, match="larger than"):
        packed_folder(tmp_path, 3, 10)
    with pytest.raises(UnreadableCellError, match="cannot be read"):
        packed_folder(tmp_path / "gone", 3, 10)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.binary(max_size=30), min_size=1, max_size=5))
def test_bundles_give_back_what_was_packed(images):
    content = packed(images)
    assert is_bundle(content)
    assert unpacked(content) == images


def test_frames_become_squares():
    wide = np.repeat(truth(2), 2, axis=2)
    found = Sampling(2, None, 16, "pad")(frames_of(npy(wide), 16, Video))
    np.testing.assert_array_equal(found[1], to_square(wide[1], 16, "pad"))
