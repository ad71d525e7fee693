"""Drawn things with captions: even classes, neither view enough, no word that tells the label, the same bytes."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from polysight.data.demonstration.drawing import SHAPES, SIZE_PX, draw
from polysight.data.demonstration.things import CLASSES, USES, Things, caption
from polysight.learners import LEARNERS


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("things")
    assert Things().build(folder, seed=1, rows=200) == folder / "train.csv"
    return folder


def test_four_fifths_for_training_and_even_classes(things: Path) -> None:
    train, test = (pd.read_csv(things / f"{part}.csv") for part in ("train", "test"))
    assert list(train.columns) == list(test.columns) == ["image", "text", "label"]
    assert (train["label"].value_counts() == 16).all()
    assert (test["label"].value_counts() == 4).all()
    assert set(train["label"]) == set(CLASSES)
    both = pd.concat([train, test])
    assert not both[["image", "text"]].isna().all(axis=1).any()
    assert 0 < both["image"].isna().sum() < 20
    assert 0 < both["text"].isna().sum() < 20
    named = set(both["image"].dropna())
    assert named == {f"images/{path.name}" for path in (things / "images").iterdir()}
    with Image.open(things / sorted(named)[0]) as picture:
        assert (picture.size, picture.mode) == ((SIZE_PX, SIZE_PX), "RGB")


def test_each_shape_and_each_use_belongs_to_two_classes_and_a_pair_to_one() -> None:
    shapes, uses = zip(*CLASSES.values(), strict=True)
    assert {shapes.count(shape) for shape in SHAPES} == {2}
    assert {uses.count(use) for use in USES} == {2}
    assert len(set(CLASSES.values())) == len(CLASSES) == 10


def test_no_word_tells_the_label_or_two_uses() -> None:
    words = [word for use in USES.values() for word in use]
    assert len(set(words)) == len(words)
    assert not set(words) & {part for label in CLASSES for part in label.split()}
    rng = np.random.default_rng(0)
    captions = [caption("cook", rng).replace(",", "").split() for _ in range(300)]
    told = [{use for use, own in USES.items() if set(own) & set(words)} for words in captions]
    assert all(uses <= {"cook"} for uses in told)
    assert 0.01 < np.mean([not uses for uses in told]) < 0.12


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_picture_shows_its_shape_in_any_colour(shape: str) -> None:
    pictures = np.stack([draw(shape, np.random.default_rng(seed)) for seed in range(12)])
    assert pictures.shape == (12, SIZE_PX, SIZE_PX, 3)
    assert pictures.dtype == np.uint8
    assert np.array_equal(pictures[3], draw(shape, np.random.default_rng(3)))
    middle = pictures[:, 104:120, 104:120].astype(float).mean(axis=(1, 2))
    edge = pictures[:, :8, :8].astype(float).mean(axis=(1, 2))
    brighter = (middle - edge).mean(axis=1)
    # A ring has a hole in the middle, everything else is brighter there than the dark ground.
    assert (np.median(brighter) < 30) == (shape == "ring")
    assert middle.std(axis=0).max() > 10 or shape == "ring"


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    def content(name: str, seed: int) -> str:
        Things().build(tmp_path / name, seed=seed, rows=30)
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()

    assert content("a", 1) == content("b", 1) != content("c", 2)


def test_what_is_shown_beside_exists() -> None:
    assert {learner["kind"] for learner in Things.beside.values()} <= set(LEARNERS)
    assert set(Things.inputs) == {"image", "text"}
