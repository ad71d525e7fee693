"""Worlds: the oracle's accuracy against a formula and against drawing, and the rules that the scenarios keep."""

from itertools import pairwise

import numpy as np
import pytest

from polysight.data.demonstration import DEMONSTRATIONS
from polysight.data.demonstration.scenario import Scenario
from polysight.data.demonstration.world import Cell, World

SCENARIOS = ("driving", "logistics", "medical", "security", "vr")
TINY = World(
    prior={"a": 0.5, "b": 0.3, "c": 0.2},
    cells=(
        Cell("x", "x", {"1": ("a", "b"), "2": ("c",)}, clear=0.9),
        Cell("y", "y1", {"1": ("a",), "2": ("b",), "3": ("c",)}, clear=0.7),
        Cell("y", "y2", {"1": ("a", "c"), "2": ("b",)}, clear=0.8),
    ),
    missing=0.3,
    wrong=0.1,
)


def scenario(name: str) -> Scenario:
    shown = DEMONSTRATIONS.load(name)()
    assert isinstance(shown, Scenario)
    return shown


def test_one_clear_cell_of_two_even_classes_is_as_good_as_its_label_and_its_clearness() -> None:
    world = World({"a": 0.5, "b": 0.5}, (Cell("x", "x", {"1": ("a",), "2": ("b",)}, clear=0.9),), 0.0, 0.05)
    assert world.oracle() == pytest.approx(0.9 * 0.95 + 0.1 * 0.05)
    assert world.oracle([]) == pytest.approx(0.5)


def posterior(world: World, signs: dict[str, str | None], views: set[str]) -> np.ndarray:
    """Bayes' rule, cell by cell."""
    values = np.array(list(world.prior.values()))
    for cell in world.cells:
        sign = signs[cell.name]
        if cell.view in views and sign is not None:
            values = values * [cell.likelihood(label)[cell.signs.index(sign)] for label in world.classes]
    return values


@pytest.mark.parametrize("views", [("x",), ("y",), ("x", "y")])
def test_the_oracle_is_as_often_right_as_bayes_rule_on_drawn_rows(views: tuple[str, ...]) -> None:
    rng = np.random.default_rng(0)
    count = 6000
    truth = rng.choice(TINY.classes, size=count, p=list(TINY.prior.values()))
    answers = [TINY.classes[posterior(TINY, TINY.signs_of(label, rng), set(views)).argmax()] for label in truth]
    right = np.mean([answer == TINY.recorded(label, rng) for answer, label in zip(answers, truth, strict=True)])
    expected = TINY.oracle(views)
    assert abs(right - expected) < 3.5 * np.sqrt(expected * (1 - expected) / count)


def test_more_views_never_tell_less() -> None:
    assert TINY.oracle([]) <= TINY.oracle(["x"]) <= TINY.oracle() <= 1 - TINY.wrong
    assert TINY.best_single()[0] in TINY.views
    assert TINY.best_pair() == (("x", "y"), pytest.approx(TINY.oracle()))


def test_shares_of_missing_cells_and_wrong_labels_are_as_said() -> None:
    world, rng = scenario("medical").world, np.random.default_rng(1)
    rows = [world.signs_of("cyst", rng) for _ in range(1500)]
    gone = np.array([[sign is None for sign in row.values()] for row in rows])
    assert abs(gone.mean() - world.missing) < 0.01
    assert not gone.all(axis=1).any()
    assert abs(np.mean([world.recorded("cyst", rng) != "cyst" for _ in range(4000)]) - world.wrong) < 0.01
    shown = [row["mri"] for row in rows if row["mri"] is not None]
    assert abs(np.mean([sign == "even" for sign in shown]) - 0.93) < 0.025


@pytest.mark.parametrize("name", SCENARIOS)
def test_all_views_are_needed_and_none_is_enough(name: str) -> None:
    world = scenario(name).world
    whole = world.oracle()
    assert 0.90 <= whole <= 0.97
    assert world.best_single()[1] <= 0.80
    assert world.best_pair()[1] <= whole - 0.03
    assert (world.missing, world.wrong) == (0.08, 0.03)


@pytest.mark.parametrize("name", SCENARIOS)
def test_densities_are_densities_and_each_class_has_one_sign_a_cell(name: str) -> None:
    world = scenario(name).world
    assert sum(world.prior.values()) == pytest.approx(1)
    for cell in world.cells:
        assert sorted(label for classes in cell.shows.values() for label in classes) == sorted(world.classes)
        for label in world.classes:
            assert cell.likelihood(label).sum() == pytest.approx(1)
    told = [tuple(tuple(cell.likelihood(label)) for cell in world.cells) for label in world.classes]
    assert all(one != other for one, other in pairwise(sorted(told)))
