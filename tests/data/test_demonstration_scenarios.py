"""Scenarios: tables with their files, the same bytes for a seed, whole groups, and signal in shape alone."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from sklearn.ensemble import RandomForestClassifier

from polysight.core.randomness import generator
from polysight.data.demonstration import DEMONSTRATIONS
from polysight.data.demonstration.exposure import as_bytes, exposed
from polysight.data.demonstration.medical import Medical
from polysight.data.demonstration.scenario import Scenario
from polysight.data.demonstration.security import WINDOW_S, WINDOWS, Security, alarms
from polysight.modalities.inference import infer

SCENARIOS = ("driving", "logistics", "medical", "security", "vr")
EXAMPLES = Path(__file__).parents[2] / "examples"
#: What a file of a scenario may take on disk, so that a whole one takes some tens of megabytes at most.
LARGEST = 40_000


@pytest.fixture(scope="module", params=SCENARIOS)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, Path]:
    folder = tmp_path_factory.mktemp(request.param)
    shown = DEMONSTRATIONS.load(request.param)()
    assert shown.build(folder, seed=1, rows=60) == folder / "train.csv"
    return shown, folder


def tables(folder: Path) -> list[pd.DataFrame]:
    return [pd.read_csv(folder / f"{part}.csv", keep_default_na=False, dtype=str) for part in ("train", "test")]


def test_two_thirds_for_training_and_every_file_named_once(built: tuple[Scenario, Path]) -> None:
    shown, folder = built
    train, test = tables(folder)
    assert list(train.columns) == list(test.columns)
    assert (len(train) + len(test), 36 <= len(train) <= 41) == (60, True)
    both = pd.concat([train, test])
    assert set(both["label"]) <= set(shown.world.classes)
    for name, medium in shown.media.items():
        assert set(medium.columns) <= set(both.columns)
        if medium.save:
            named = [cell for cell in both[medium.columns[0]] if cell]
            files = list((folder / name).iterdir())
            assert sorted(named) == sorted(f"{name}/{path.name}" for path in files)
            assert max(path.stat().st_size for path in files) < LARGEST
    assert {cell.name for cell in shown.world.cells} == set(shown.media)
    assert (folder / "README.md").read_text().startswith("# Demonstration")


def test_groups_stand_on_one_side_and_nothing_names_the_class(built: tuple[Scenario, Path]) -> None:
    shown, folder = built
    train, test = tables(folder)
    if shown.group is not None:
        assert train[shown.group].duplicated().any()
        assert not set(train[shown.group]) & set(test[shown.group])
    inputs = train.drop(columns=["label", *shown.ignore])
    words = " ".join(str(cell) for cell in inputs.to_numpy().ravel()).lower()
    assert not [label for label in shown.world.classes if label in words]


def test_every_column_is_taken_for_what_it_is(built: tuple[Scenario, Path]) -> None:
    shown, folder = built
    example = yaml.safe_load((EXAMPLES / f"{folder.name.rstrip('0123456789')}.yaml").read_text(encoding="utf-8"))
    expected = {column: spec["kind"] for spec in example["inputs"].values() for column in spec["columns"]}
    train, _ = tables(folder)
    asked = train.drop(columns=["label", *([shown.group] if shown.group else [])])
    found = infer(asked, train["label"], folder, ignore=shown.ignore)
    assert {column: of.kind for of in found.inputs.values() for column in of.columns} == expected


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_same_seed_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    def content(folder: Path, seed: int) -> str:
        DEMONSTRATIONS.load(name)().build(folder, seed=seed, rows=20)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()

    assert content(tmp_path / "a", 1) == content(tmp_path / "b", 1) != content(tmp_path / "c", 2)


def mean_and_variance(contents: list[Any]) -> tuple[float, float]:
    """All that a classifier that does not see shape is told of a view; -1 of one that is missing."""
    parts = [part for content in contents for part in (content if isinstance(content, tuple) else (content,))]
    if not parts:
        return -1.0, -1.0
    numbers = [[float(ord(letter)) for letter in part] if isinstance(part, str) else np.ravel(part) for part in parts]
    values = np.concatenate([np.asarray(of, dtype=float) for of in numbers])
    return float(values.mean()), float(values.var())


def told_by_means(shown: Scenario, label: str, rng: np.random.Generator) -> list[float]:
    """Mean and variance of each view of a row."""
    signs, told = shown.world.signs_of(label, rng), []
    for view in shown.world.views:
        seen = [(cell.name, sign) for cell in shown.world.cells if cell.view == view and (sign := signs[cell.name])]
        contents = [shown.media[name].show(sign, rng, rng) for name, sign in seen]
        # Of a model the vertices count; its faces are numbers of vertices.
        told += mean_and_variance(
            [content[0] if name == "model" else content for (name, _), content in zip(seen, contents, strict=True)]
        )
    return told


@pytest.mark.parametrize("name", SCENARIOS)
def test_mean_and_variance_of_each_view_give_at_most_half_of_the_gain(name: str) -> None:
    shown: Scenario = DEMONSTRATIONS.load(name)()
    rng, world = generator(0, name), shown.world
    labels = rng.choice(world.classes, size=280, p=list(world.prior.values()))
    told = [told_by_means(shown, label, rng) for label in labels]
    forest = RandomForestClassifier(60, min_samples_leaf=4, random_state=0).fit(told[:140], labels[:140])
    right = float(np.mean(forest.predict(told[140:]) == labels[140:]))
    chance = world.oracle([])
    assert right - chance <= (world.oracle() - chance) / 2


def test_exposure_forgets_brightness_and_contrast_and_keeps_shape() -> None:
    rng = np.random.default_rng(0)
    shape = rng.normal(size=(20, 20))
    brought = [exposed(scale * shape + scale, rng, (2.0, 3.0), (0.5, 0.6)) for scale in (1.0, 50.0)]
    for values in brought:
        assert 2 <= values.mean() <= 3
        assert 0.5 <= values.std() <= 0.6
        assert np.corrcoef(values.ravel(), shape.ravel())[0, 1] == pytest.approx(1)
    assert np.isfinite(exposed(np.ones(5), rng)).all()
    picture = as_bytes(shape, rng)
    assert picture.dtype == np.uint8
    assert 100 < picture.mean() < 155


def test_examinations_of_a_patient_agree_on_the_patient() -> None:
    rows = Medical().rows_to_make(200, np.random.default_rng(0))
    patients = pd.DataFrame([{**row.beside, "label": row.label} for row in rows]).groupby("patient_id")
    assert patients.size().max() == 2
    assert all(len({row.label for row in rows if row.group == name}) == 1 for name in patients.groups)


def test_windows_of_a_stream_are_normal_until_its_incident_begins() -> None:
    rows = Security().rows_to_make(600, np.random.default_rng(0))
    assert len(rows) == 600
    normal = [row.label == "normal" for row in rows]
    assert normal == [row.beside["second"] < row.beside["incident_at"] for row in rows]
    assert 0.3 < np.mean(normal) < 0.5
    one = rows[:WINDOWS]
    assert {row.group for row in one} == {"S000"}
    assert len({row.label for row in one} - {"normal"}) == 1
    assert [row.beside["second"] for row in one] == list(range(0, WINDOWS * WINDOW_S, WINDOW_S))


def test_alarms_are_counted_from_the_beginning_of_an_incident() -> None:
    windows = [("a", 0, 8), ("a", 4, 8), ("a", 8, 8), ("a", 12, 8), ("b", 0, 4), ("b", 4, 4), ("c", 0, 4), ("c", 4, 4)]
    answers = dict(enumerate(["normal", "fire", "normal", "fire", "normal", "accident", "normal", "normal"]))
    told = alarms(windows, answers)
    assert told["seconds_to_alarm"] == pytest.approx((8 + 4) / 2)
    assert told["missed_incidents"] == pytest.approx(1 / 3)
    assert told["false_alarms_per_minute"] == pytest.approx(1 / 4 * 15)
    assert "seconds_to_alarm" not in alarms(windows, {})


def test_alarms_are_read_from_the_tables_of_a_run(tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_text("stream,second,incident_at,label\na,0,4,normal\na,4,4,fire\n")
    (tmp_path / "predictions.csv").write_text("row,target,prediction\n1,fire,fire\n0,normal,normal\n")
    told = Security().told(tmp_path / "test.csv", tmp_path / "predictions.csv")
    assert told == {"seconds_to_alarm": 4.0, "missed_incidents": 0.0, "false_alarms_per_minute": 0.0}
