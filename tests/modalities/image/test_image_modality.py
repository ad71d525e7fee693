import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import PIL.Image
import pytest

from polysight.core.config import build
from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import Cells
from polysight.modalities import ENCODERS, MODALITIES
from polysight.modalities.image.modality import Image

DATA = Path(__file__).parents[3] / "../shared/data"


@pytest.fixture(autouse=True)
def no_cache(monkeypatch):
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    for number, (height, width) in enumerate([(20, 40), (40, 20), (40, 40), (30, 40)]):
        picture = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
        PIL.Image.fromarray(picture).save(tmp_path / f"{number}.png")
    (tmp_path / "note.png").write_text("not an image")
    return tmp_path


def cells_of(root, **columns):
    return Cells(pd.DataFrame(columns, dtype=object), root)


def test_several_columns_are_slots_of_one_array(folder):
    cells = cells_of(folder, front=["0.png", None, "note.png"], back=["1.png", "2.png", None])
    view = Image(columns=["front", "back"], size=16).read(cells)
    assert view.arrays["pixels"].shape == (3, 2, 16, 16, 3)
    assert view.arrays["pixels"].dtype == np.uint8
    assert view.present.tolist() == [[True, True], [False, True], [False, False]]
    assert [(p.row, p.column, p.code) for p in view.problems] == [(2, "front", "not_an_image")]
    alone = Image(columns=["back"], size=16).read(cells)
    np.testing.assert_array_equal(view.arrays["pixels"][:2, 1], alone.arrays["pixels"][:2, 0])


def test_reading_again_gives_the_same_and_transform_never_augments(folder):
    cells = cells_of(folder, scan=["0.png", "3.png"])
    modality = Image(columns=("scan",), size=20)
    first, second = modality.read(cells), modality.read(cells)
    np.testing.assert_array_equal(first.arrays["pixels"], second.arrays["pixels"])
    np.testing.assert_array_equal(modality.transform(first)["pixels"], first.arrays["pixels"])
    assert (first.keys == second.keys).all()
    assert (first.keys != Image(columns=("scan",), size=20, aspect="pad").read(cells).keys).all()


def test_stretching_uses_all_pixels_and_padding_keeps_proportions():
    wide = np.full((10, 20, 3), (10, 20, 30), dtype=np.uint8)
    wide[3:7, 5:15] = 250
    cells = cells_of(Path(), scan=[wide])
    stretched = Image(columns=("scan",), size=20).read(cells).arrays["pixels"][0, 0, ..., 0]
    padded = Image(columns=("scan",), size=20, aspect="pad").read(cells).arrays["pixels"][0, 0]
    assert (stretched > 130).sum() == 2 * 4 * 10
    assert (padded[..., 0] > 130).sum() == 4 * 10
    assert (padded[:5] == (10, 20, 30)).all()
    assert (padded[15:] == (10, 20, 30)).all()


def test_shrinking_averages():
    board = np.indices((64, 64)).sum(axis=0) % 2 * 255
    pixels = Image(columns=("scan",), size=16).read(cells_of(Path(), scan=[board.astype(np.uint8)])).arrays["pixels"]
    assert ((pixels > 120) & (pixels < 135)).all()


@pytest.mark.parametrize(
    ("height", "width", "size"),
    [(16, 15, 16), (28, 28, 28), (30, 30, 32), (64, 64, 64), (64, 90, 96), (85, 128, 128), (3000, 20, 128)],
)
def test_the_size_is_chosen_from_the_training_images(height, width, size):
    cells = cells_of(Path(), scan=[None, np.zeros((height, width), dtype=np.uint8)])
    settled = Image(columns=("scan",)).settle(cells)
    assert settled.size == size
    assert settled.settle(cells) == settled


def test_a_size_that_is_given_stays_and_files_that_are_no_images_do_not_disturb(folder):
    cells = cells_of(folder, scan=["note.png", "gone.png", "0.png"])
    assert Image(columns=("scan",)).settle(cells).size == 64
    assert Image(columns=("scan",), size=224).settle(cells).size == 224
    assert Image(columns=("scan",)).settle(cells_of(folder, scan=["note.png", None])).size == 128


def test_deep_images_share_the_scale_of_the_training_images():
    dark, bright = (np.full((16, 16), top, dtype=np.uint16) for top in (300, 4000))
    modality = Image(columns=("scan",)).settle(cells_of(Path(), scan=[dark, bright]))
    assert modality.window == (0, 4095)
    levels = modality.read(cells_of(Path(), scan=[dark, bright])).arrays["pixels"][:, 0, 0, 0, 0]
    assert levels.tolist() == [round(300 / 4095 * 255), round(4000 / 4095 * 255)]
    assert Image(columns=("scan",)).settle(cells_of(Path(), scan=[dark.astype(np.uint8)])).window is None


def test_deep_images_without_values_or_all_of_one_value_do_not_disturb():
    empty, constant = np.full((16, 16), np.nan, dtype=np.float32), np.full((16, 16), -3.0, dtype=np.float32)
    modality = Image(columns=("scan",)).settle(cells_of(Path(), scan=[empty, constant]))
    assert modality.window == (-3, 0)
    view = modality.read(cells_of(Path(), scan=[empty, constant]))
    assert view.present[:, 0].tolist() == [False, True]
    assert view.problems[0].code == "no_values"


def test_one_name_may_stand_for_a_list_of_one():
    assert Image(columns="scan", augment="flip") == Image(columns=("scan",), augment=("flip",))


@pytest.mark.parametrize(("shapes", "aspect"), [([(20, 40), (40, 20), (40, 40)], "pad"), ([(30, 40)] * 3, "stretch")])
def test_images_of_their_own_proportions_keep_them(shapes, aspect):
    pictures = [np.zeros((*shape, 3), dtype=np.uint8) for shape in shapes]
    cells = cells_of(Path(), scan=pictures)
    assert Image(columns=("scan",)).settle(cells).aspect == aspect
    assert Image(columns=("scan",), aspect="stretch").settle(cells).aspect == "stretch"


def test_images_in_memory_and_files_may_stand_in_one_column(folder):
    array = np.asarray(PIL.Image.open(folder / "2.png"))
    cells = cells_of(folder, scan=["2.png", array, PIL.Image.fromarray(array), np.zeros((2, 2, 9))])
    view = Image(columns=("scan",), size=32).read(cells)
    assert (view.arrays["pixels"][:3] == view.arrays["pixels"][:1]).all()
    assert view.keys[1] == view.keys[2]
    assert [(p.row, p.file, p.code) for p in view.problems] == [(3, "<ndarray>", "not_an_image")]


def test_reading_before_the_size_is_known_says_what_to_do(folder):
    with pytest.raises(NotFittedError, match="settle"):
        Image(columns=("scan",)).read(cells_of(folder, scan=["0.png"]))


def test_columns_of_images_are_recognised(folder):
    def score(*values):
        return Image.sniff(pd.Series(values, dtype=object), folder).score

    assert score("0.png", "1.png", None) == 1
    assert score(np.zeros((4, 4, 3)), PIL.Image.new("L", (3, 3))) == 1
    assert score("a.jpg", "b.jpg") <= 0.2
    assert score("red", "blue") == score(None) == score(np.zeros(3)) == score(3, 4) == 0


@pytest.mark.parametrize(
    "modality",
    [
        Image(),
        Image(columns=("a", "b"), size=64, window=(0.0, 4095.0), aspect="pad", augment=()),
        Image(augment=["flip"]),
    ],
)
def test_a_modality_comes_back_from_its_state(modality):
    state = json.loads(json.dumps(modality.to_state()))
    assert Image.from_state(state) == modality


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"augment": ["rotat"]}, "did you mean 'rotate'"),
        ({"augment": ["xyz"]}, "choose among: rotate, shift"),
        ({"size": 4}, "8 to 1024"),
        ({"size": 5000}, "8 to 1024"),
        ({"window": (5, 5)}, "black must lie below white"),
        ({"aspect": "squash"}, "'stretch' nor 'pad'"),
    ],
)
def test_options_that_do_not_fit_are_refused_at_construction(options, message):
    with pytest.raises(ConfigError, match=message):
        Image(**options)


def test_it_is_built_from_plain_data_with_lists():
    spec = {"kind": "image", "columns": ["a"], "size": 128, "augment": ["shift", "zoom"], "window": [0, 255]}
    assert build(MODALITIES, spec) == Image(columns=("a",), size=128, augment=("shift", "zoom"), window=(0, 255))
    hash(Image(columns=["a"], augment=["flip"]))


def test_what_the_modality_names_is_registered():
    assert MODALITIES.load(Image.kind) is Image
    assert ENCODERS.load(Image.default_encoder).modality == Image.kind
    assert all(field.kw_only for field in dataclasses.fields(Image))


def test_four_rooms_of_real_houses():
    root = DATA / "houses_price"
    if not root.is_dir():
        pytest.skip("the shared data set houses_price is not here")
    rooms = [f"image_{room}" for room in ("bathroom", "bedroom", "frontal", "kitchen")]
    cells = Cells(pd.read_csv(root / "test.csv", nrows=8)[rooms], root)
    assert all(Image.sniff(cells.frame[room], root).score == 1 for room in rooms)
    modality = Image(columns=rooms).settle(cells)
    view = modality.read(cells)
    assert modality.size == 128
    assert view.present.all()
    assert view.arrays["pixels"].reshape(32, -1).std(axis=1).min() > 5
