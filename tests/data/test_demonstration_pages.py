"""The examples and the page of the scenarios: settings that exist, columns that are there, pictures that are small."""

import re
from pathlib import Path

import pytest
import yaml

from polysight.data.demonstration import DEMONSTRATIONS
from polysight.data.demonstration.scenario import Scenario
from polysight.modalities import MODALITIES
from polysight.runs.config import RunConfig

ROOT = Path(__file__).parents[2]
SCENARIOS = ("driving", "logistics", "medical", "security", "vr")
PAGES = tuple(ROOT / "docs" / name for name in ("scenarios.md", "scenarios.zh-CN.md"))
LARGEST_PICTURE = 60_000


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_example_fits_the_data_of_the_scenario(name: str) -> None:
    shown: Scenario = DEMONSTRATIONS.load(name)()
    settings = yaml.safe_load((ROOT / "examples" / f"{name}.yaml").read_text(encoding="utf-8"))
    config = RunConfig.from_mapping(settings)
    assert (config.table, config.test) == tuple(f"../runs/{name}/data/{part}.csv" for part in ("train", "test"))
    assert (config.target, config.group, config.ignore) == ("label", shown.group, shown.ignore)
    named = {column for spec in (config.inputs or {}).values() for column in spec["columns"]}
    assert named >= {column for medium in shown.media.values() for column in medium.columns}
    for spec in (config.inputs or {}).values():
        options = {option: value for option, value in spec.items() if option != "kind"}
        MODALITIES.load(spec["kind"])(**options)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_scenario_has_its_part_and_a_small_picture(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in SCENARIOS:
        assert f"polysight demo {name}" in text
        assert f"../examples/{name}.yaml" in text
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []
    pictures = [page.parent / link for link in links if link.endswith(".png")]
    assert len(pictures) == len(SCENARIOS)
    assert max(picture.stat().st_size for picture in pictures) < LARGEST_PICTURE


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_oracles_on_the_page_are_those_of_the_densities(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    for name in SCENARIOS:
        world = DEMONSTRATIONS.load(name)().world
        (row,) = [line for line in lines if line.startswith(f"| `{name}` |")]
        told = [
            f"{value:.3f}".removeprefix("0") for value in (world.oracle(), world.best_single()[1], world.best_pair()[1])
        ]
        assert [cell.strip() for cell in row.split("|")][3:6] == told
