"""Videos: each kind against the frames that were written, and what is refused."""

import sys

import numpy as np
import pytest
from tiny_videos import COUNT, KINDS, RATE, SIDE, truth, write_gif, write_video

from polysight.core.errors import MissingExtraError, UnreadableCellError
from polysight.modalities.sequence.frames import Pages, Sampling, frames_of
from polysight.modalities.sequence.video import Video


def sampling(frames=COUNT, rate=None, size=SIDE):
    return Sampling(frames, rate, size, "stretch")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_gives_the_frames_written(tmp_path, kind):
    suffix, codec, pixels = KINDS[kind]
    write_video(tmp_path / f"a{suffix}", codec=codec, pixels=pixels)
    frames = frames_of((tmp_path / f"a{suffix}").read_bytes(), SIDE, Video)
    assert frames.count == COUNT
    found = sampling()(frames).astype(int)
    assert found.shape == (COUNT, SIDE, SIDE, 3)
    # Codecs lose a little, most of it in colours beside edges.
    assert np.abs(found - truth()).mean() < 6
    assert np.abs(found[:, 16, -1].mean(axis=1) - truth()[:, 16, -1].mean(axis=1))[:-4].max() < 8


def test_times_and_rate_choose_frames(tmp_path):
    write_video(tmp_path / "a.mkv", pixels="yuv420p")
    video = Video((tmp_path / "a.mkv").read_bytes())
    np.testing.assert_allclose(video.times, np.arange(COUNT) / RATE, atol=2e-3)
    assert sampling(rate=5.0).places(video).tolist() == [0, 2, 4, 6, 8, 10]
    assert sampling(frames=3).places(video).tolist() == [2, 6, 10]


def test_a_video_is_turned_as_the_camera_was_held(tmp_path):
    write_video(tmp_path / "a.mp4")
    content = (tmp_path / "a.mp4").read_bytes()
    one, zero, end = (value.to_bytes(4, "big") for value in (1 << 16, 0, 1 << 30))
    minus = (2**32 - (1 << 16)).to_bytes(4, "big")
    upright = b"".join([one, zero, zero, zero, one, zero, zero, zero, end])
    to_the_right = b"".join([zero, one, zero, minus, zero, zero, zero, zero, end])
    # The matrix of the whole film comes first, that of the track last.
    before, after = content.rsplit(upright, 1)
    found = sampling()(Video(before + to_the_right + after)).astype(int)
    assert np.abs(found - np.rot90(truth(), -1, axes=(1, 2))).mean() < 6


def test_a_video_in_which_nothing_can_be_decoded_is_refused(tmp_path):
    write_video(tmp_path / "a.mp4")
    content = (tmp_path / "a.mp4").read_bytes()
    start, end = content.index(b"mdat") + 4, content.index(b"moov") - 4
    with pytest.raises(UnreadableCellError) as error:
        sampling()(Video(content[:start] + bytes(end - start) + content[end:]))
    assert error.value.reason in {"corrupt", "truncated"}


def test_uneven_frames_keep_their_times(tmp_path):
    import av

    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width = stream.height = SIDE
        stream.pix_fmt = "yuv420p"
        for number, stamp in enumerate([0, 1, 2, 10, 11]):
            frame = av.VideoFrame.from_ndarray(truth()[number], format="rgb24")
            frame.pts = stamp
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    video = Video((tmp_path / "a.mkv").read_bytes())
    np.testing.assert_allclose(video.times, [0, 0.1, 0.2, 1.0, 1.1], atol=2e-3)
    assert sampling(rate=2.0).places(video).tolist() == [0, 2, 3]


def test_a_video_of_one_frame_is_a_sequence(tmp_path):
    write_video(tmp_path / "a.mp4", truth(1))
    assert sampling()(Video((tmp_path / "a.mp4").read_bytes())).shape == (1, SIDE, SIDE, 3)


@pytest.mark.parametrize(("suffix", "share"), [(".mp4", 0.6), (".mkv", 0.6), (".avi", 0.6), (".webm", 0.7)])
def test_a_video_that_breaks_off_is_refused(tmp_path, suffix, share):
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 255, (30, SIDE, SIDE, 3), dtype=np.uint8)
    codec = {".avi": "mpeg4", ".webm": "libvpx-vp9"}.get(suffix, "libx264")
    write_video(tmp_path / f"a{suffix}", frames, codec, "yuv420p")
    content = (tmp_path / f"a{suffix}").read_bytes()
    with pytest.raises(UnreadableCellError) as error:
        sampling()(frames_of(content[: int(share * len(content))], SIDE, Video))
    assert error.value.reason in {"truncated", "corrupt", "not_a_video"}
    assert error.value.fix


def test_a_truncated_matroska_file_says_how_much_is_there(tmp_path):
    frames = np.random.default_rng(0).integers(0, 255, (30, SIDE, SIDE, 3), dtype=np.uint8)
    write_video(tmp_path / "a.mkv", frames, pixels="yuv420p")
    content = (tmp_path / "a.mkv").read_bytes()
    with pytest.raises(UnreadableCellError, match=r"3\.0 seconds are announced, and 1\.\d are there"):
        Video(content[: int(0.6 * len(content))])


def test_an_unknown_codec_is_named(tmp_path):
    write_video(tmp_path / "a.avi", codec="mjpeg", pixels="yuvj420p")
    content = (tmp_path / "a.avi").read_bytes().replace(b"MJPG", b"ZZZZ")
    with pytest.raises(UnreadableCellError) as error:
        Video(content)
    assert error.value.reason == "unknown_codec"


def test_sound_alone_is_no_video(tmp_path):
    import soundfile

    soundfile.write(tmp_path / "a.wav", np.zeros(800), 8000)
    with pytest.raises(UnreadableCellError) as error:
        Video((tmp_path / "a.wav").read_bytes())
    assert error.value.reason == "no_video"


def test_other_bytes_are_no_video():
    with pytest.raises(UnreadableCellError) as error:
        frames_of(b"neither this nor that " * 20, SIDE, Video)
    assert error.value.reason == "not_a_video"
    with pytest.raises(UnreadableCellError, match="empty"):
        frames_of(b"", SIDE, Video)


def test_without_pyav_the_part_to_install_is_named(tmp_path, monkeypatch):
    write_video(tmp_path / "a.mp4", truth(2))
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingExtraError, match=r"polysight\[video\]"):
        Video((tmp_path / "a.mp4").read_bytes())


def test_pillow_and_ffmpeg_read_the_same_animation(tmp_path):
    write_gif(tmp_path / "a.gif")
    content = (tmp_path / "a.gif").read_bytes()
    pages, video = Pages(content), Video(content)
    assert pages.count == video.count == COUNT
    np.testing.assert_allclose(pages.times, video.times, atol=1e-6)
    assert np.abs(sampling()(pages).astype(int) - sampling()(video)).mean() < 2
