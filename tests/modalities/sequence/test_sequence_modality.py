"""The sequence modality: laws, settings, reading, what is held in memory, and which columns it takes."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Picture
from tiny_videos import moving, truth, write_gif, write_video

from polysight import Image, Sequence
from polysight.core.config import build
from polysight.core.errors import ConfigError, DataError, NotFittedError
from polysight.data.cache import default_cache
from polysight.data.stored import StoredRows
from polysight.data.view import Cells
from polysight.modalities import MODALITIES
from polysight.modalities.contract import check_modality
from polysight.modalities.encoder_laws import ENCODER_LAWS
from polysight.modalities.equality import same_view
from polysight.modalities.laws import LAWS, Case, its_columns_are_recognised


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("POLYSIGHT_CACHE", str(tmp_path_factory.mktemp("cache")))


def cells(values, folder, column="clip"):
    return Cells(pd.DataFrame({column: pd.Series(values, dtype=object)}), folder)


def animations(folder, count=6):
    return [write_gif(folder / f"{i}.gif", moving(1, i, count=2 + i, side=16)) for i in range(count)]


def pictures(folder, count=6):
    names = []
    for i in range(count):
        Picture.fromarray(moving(1, i, count=1, side=16)[0]).save(folder / f"{i}.png")
        names.append(f"{i}.png")
    return names


def test_keeps_the_laws_of_modalities_with_videos(tmp_path):
    names = [write_video(tmp_path / f"{i}.mp4", moving(1, i, 2 + i, 16), pixels="yuv420p") for i in range(5)]
    (tmp_path / "broken.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    names[1:1] = ["broken.mp4", "nowhere.mp4", "../outside.mp4"]
    sequence = Sequence(columns=("clip",), frames=4, size=16)
    check_modality(sequence, cells(names, tmp_path), bad=[(1, "clip"), (2, "clip"), (3, "clip")])


def test_keeps_the_laws_with_several_columns_of_one_image_each(tmp_path):
    names = pictures(tmp_path)
    frame = pd.DataFrame({"before": names, "during": names[::-1], "after": names})
    frame.loc[2, "during"] = None
    frame.loc[4, "before"] = None
    sequence = Sequence(columns=("before", "during", "after"), frames=1, size=16, augment=("shift", "frame_drop"))
    view = sequence.read(Cells(frame, tmp_path))
    assert view.present.sum() == 16
    case = Case(sequence, Cells(frame, tmp_path), frozenset())
    # Each column by itself is one of images: that they belong together is for a person to say.
    for law in {*LAWS, *ENCODER_LAWS} - {its_columns_are_recognised}:
        law(case)


@pytest.mark.parametrize("limit", ["10GB", "2KB"])
def test_keeps_the_laws_whether_held_or_stored(tmp_path, monkeypatch, limit):
    monkeypatch.setenv("POLYSIGHT_CACHE_LIMIT", limit)
    names = animations(tmp_path)
    (tmp_path / "broken.gif").write_bytes(b"GIF89a")
    names[1:1] = ["broken.gif"]
    frame = pd.DataFrame({"clip": names, "other": [*names[3:], None, None, *names[2:3]]})
    frame.loc[1, "other"] = None
    sequence = Sequence(columns=("clip", "other"))
    stored = isinstance(
        sequence.settle(Cells(frame, tmp_path)).read(Cells(frame, tmp_path)).arrays["frames"], StoredRows
    )
    assert stored == (limit == "2KB")
    check_modality(sequence, Cells(frame, tmp_path), bad=[(1, "clip")])


def test_what_is_stored_reads_like_what_is_held(tmp_path, monkeypatch):
    names = [*animations(tmp_path), None, "gone.gif"]
    sequence = Sequence(columns=("clip",), frames=5, size=16)
    held = sequence.read(cells(names, tmp_path))
    monkeypatch.setenv("POLYSIGHT_CACHE_LIMIT", "3KB")
    stored = sequence.read(cells(names, tmp_path))
    frames = stored.arrays["frames"]
    assert isinstance(frames, StoredRows)
    assert frames.nbytes < 100
    assert same_view(held, stored)
    rows = np.array([3, 3, 0, 6])
    assert same_view(held.take(rows), stored.take(rows))
    hidden = np.arange(8) % 2 == 0
    assert same_view(held.hide(hidden), stored.hide(hidden))
    np.testing.assert_array_equal(frames[2], held.arrays["frames"][2])
    np.testing.assert_array_equal(frames[1:3], held.arrays["frames"][1:3])
    assert (frames.ndim, len(frames), frames.dtype) == (6, 8, np.uint8)
    with pytest.raises(ValueError, match="zero only"):
        frames.copy()[np.array([True] * 8)] = 1


def test_the_cache_keeps_to_its_limit_while_everything_is_read_twice(tmp_path, monkeypatch):
    monkeypatch.setenv("POLYSIGHT_CACHE_LIMIT", "10KB")
    sequence = Sequence(columns=("clip",), frames=5, size=16)
    view = sequence.read(cells(animations(tmp_path), tmp_path))
    for _ in range(2):
        assert np.asarray(view.arrays["frames"]).any()
    folder = default_cache().folder
    assert 0 < sum(path.stat().st_size for path in folder.iterdir()) <= 10_000


def test_a_file_that_changes_under_way_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setenv("POLYSIGHT_CACHE_LIMIT", "3KB")
    names = animations(tmp_path)
    view = Sequence(columns=("clip",), frames=5, size=16).read(cells(names, tmp_path))
    write_gif(tmp_path / names[1], truth(2))
    with pytest.raises(DataError, match="changed while it was used"):
        view.arrays["frames"][1:2]
    (tmp_path / names[2]).unlink()
    with pytest.raises(DataError, match=r"row 2, column 'clip': .*no such file"):
        view.arrays["frames"][2:3]


def test_settings_come_from_the_cells(tmp_path):
    settled = Sequence(columns=("clip",)).settle(cells([*animations(tmp_path), None, "gone.gif"], tmp_path))
    assert (settled.frames, settled.size, settled.aspect) == (7, 16, "stretch")
    for i, shape in enumerate([(10, 30), (30, 10), (20, 20)]):
        np.save(tmp_path / f"{i}.npy", np.zeros((40, *shape), dtype=np.uint8))
    settled = Sequence(columns=("clip",)).settle(cells([f"{i}.npy" for i in range(3)], tmp_path))
    assert (settled.frames, settled.size, settled.aspect) == (16, 32, "pad")
    nothing = Sequence(columns=("clip",)).settle(cells(["gone.gif"], tmp_path))
    assert (nothing.frames, nothing.size) == (16, 64)


def test_folders_arrays_and_lists_are_read(tmp_path):
    (tmp_path / "walk").mkdir()
    pictures(tmp_path / "walk", 3)
    (tmp_path / "empty").mkdir()
    values = ["walk", truth(4)[..., 0], list(truth(2)), [Picture.fromarray(f) for f in truth(2)], "empty", {1: 2}]
    view = Sequence(columns=("clip",), frames=6, size=32).read(cells(values, tmp_path))
    assert view.arrays["length"][:, 0].tolist() == [3, 4, 2, 2, 0, 0]
    assert [problem.code for problem in view.problems] == ["no_frames", "not_a_sequence"]
    np.testing.assert_array_equal(view.arrays["frames"][1, 0, :4], truth(4))
    np.testing.assert_array_equal(view.arrays["frames"][2], view.arrays["frames"][3])
    assert view.keys[2] == view.keys[3]


def test_augmentation_changes_all_frames_alike(tmp_path):
    still = np.repeat(truth(1), 6, axis=0)
    np.save(tmp_path / "still.npy", still)
    sequence = Sequence(columns=("clip",), frames=8, size=32, augment=("shift", "zoom", "colour", "erase", "flip"))
    view = sequence.read(cells(["still.npy", None], tmp_path))
    for seed in range(5):
        changed = sequence.augmented(sequence.transform(view), np.random.default_rng(seed))
        frames = changed["frames"][0, 0]
        assert (frames[:6] == frames[0]).all()
        assert not np.array_equal(frames[0], still[0])
        assert not frames[6:].any()
        assert not changed["frames"][1].any()
    plain = Sequence(columns=("clip",), frames=8, size=32, augment=())
    np.testing.assert_array_equal(
        plain.augmented(plain.transform(view), np.random.default_rng(0))["frames"], view.arrays["frames"]
    )


@pytest.mark.parametrize("name", ["window", "speed", "frame_drop", "reverse"])
def test_changes_of_time_keep_frames_as_they_are(tmp_path, name):
    np.save(tmp_path / "a.npy", truth())
    sequence = Sequence(columns=("clip",), frames=12, size=32, augment=(name,))
    view = sequence.read(cells(["a.npy"], tmp_path))
    seen = set()
    for seed in range(12):
        changed = sequence.augmented(sequence.transform(view), np.random.default_rng(seed))
        end = int(changed["length"][0, 0])
        levels = [int(level) for level in changed["frames"][0, 0, :end, 0, 31, 0]]
        order = [truth()[:, 0, 31, 0].tolist().index(level) for level in levels]
        assert 1 <= end <= 12
        assert order == sorted(order) or (name == "reverse" and order == sorted(order, reverse=True))
        seen.add(tuple(order))
    assert len(seen) > 1


def test_sniffs_videos_animations_arrays_and_folders(tmp_path):
    names = animations(tmp_path)
    assert Sequence.sniff(pd.Series(names), tmp_path).score == 1
    assert Image.sniff(pd.Series(names), tmp_path).score == 0.5
    images = pd.Series(pictures(tmp_path))
    assert Sequence.sniff(images, tmp_path).score == 0
    assert Image.sniff(images, tmp_path).score == 1
    (tmp_path / "a.mp4").write_bytes(b"")
    assert Sequence.sniff(pd.Series(["a.mp4", "a.mp4"]), tmp_path).score == 1
    np.save(tmp_path / "stack.npy", truth())
    assert Sequence.sniff(pd.Series(["stack.npy"]), tmp_path).score == 1
    np.save(tmp_path / "stack.npy", truth()[..., 0])
    assert Sequence.sniff(pd.Series(["stack.npy"], name="volume"), tmp_path).score == 0
    assert Sequence.sniff(pd.Series(["stack.npy"], name="video_clip"), tmp_path).score == 1
    assert Sequence.sniff(pd.Series(["stack.npy"], name="视频"), tmp_path).score == 1
    (tmp_path / "walk").mkdir()
    pictures(tmp_path / "walk")
    assert Sequence.sniff(pd.Series(["walk", "walk"]), tmp_path).score == 1
    assert Sequence.sniff(pd.Series([truth(), truth()[..., :1]]), tmp_path).score == 1
    assert Sequence.sniff(pd.Series([truth()[..., 0]], name="ct"), tmp_path).score == 0
    assert Sequence.sniff(pd.Series([truth()[..., 0]], name="clip"), tmp_path).score == 1
    assert Sequence.sniff(pd.Series([list(truth(2))]), tmp_path).score == 1
    assert Sequence.sniff(pd.Series(["words", 3, None]), tmp_path).score == 0


@pytest.mark.parametrize(
    "options",
    [{"frames": 0}, {"size": 4}, {"rate": 0.0}, {"aspect": "crop"}, {"augment": ("shfit",)}, {"frames": 9999}],
)
def test_settings_that_do_not_fit_are_refused(options):
    with pytest.raises(ConfigError):
        Sequence(columns=("a",), **options)


def test_what_is_not_settled_says_so():
    with pytest.raises(NotFittedError, match="settle"):
        Sequence(columns=("a",), size=16).blank()
    with pytest.raises(NotFittedError, match="settle"):
        Sequence(columns=("a",), frames=3).blank()


def test_is_built_from_a_spec():
    spec = {"kind": "sequence", "columns": ["a"], "frames": 4, "rate": 2, "augment": ["flip"]}
    assert build(MODALITIES, spec) == Sequence(columns=("a",), frames=4, rate=2.0, augment=("flip",))
