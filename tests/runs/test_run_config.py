"""The run configuration: complete in YAML and back, strict about names, reached everywhere by --set."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.core.errors import ConfigError, MissingFileError
from polysight.runs.config import RunConfig, completed_inputs, override, read_yaml, relative_path, write_yaml

BASE = {"table": "t.csv", "target": "label"}


def test_every_setting_survives_yaml(tmp_path: Path) -> None:
    config = RunConfig(
        table=str(tmp_path / "data" / "t.csv"),
        target="标签",
        test=str(tmp_path / "test.csv"),
        group="patient",
        ignore=("id", "001"),
        root=str(tmp_path),
        inputs={"scan": {"kind": "image", "size": 64}},
        learner={"kind": "neural", "fusion": {"kind": "gated"}},
        preset="quick",
        time_limit="90s",
        seed=7,
        device="cpu",
        refit=True,
    )
    path = tmp_path / "run" / "config.yaml"
    write_yaml(config, path)
    assert RunConfig.from_mapping(read_yaml(path)) == config
    assert "table: ../data/t.csv" in path.read_text()


def test_paths_in_yaml_start_from_its_folder_and_move_with_it(tmp_path: Path) -> None:
    write_yaml(RunConfig(table=str(tmp_path / "a" / "t.csv"), target="y"), tmp_path / "a" / "config.yaml")
    (tmp_path / "a").rename(tmp_path / "b")
    assert read_yaml(tmp_path / "b" / "config.yaml")["table"] == str(tmp_path / "b" / "t.csv")
    assert relative_path(tmp_path / "x" / "y.csv", tmp_path / "z") == "../x/y.csv"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({**BASE, "tagret": "x"}, "did you mean 'target'"),
        ({**BASE, "preset": "fast"}, "'fast' does not fit"),
        ({**BASE, "seed": "many"}, "'many' does not fit"),
        ({**BASE, "time_limit": "soon"}, "not a duration"),
        ({**BASE, "task": "clustering"}, "'clustering' does not fit"),
        ({"table": "t.csv"}, "needs a target"),
        ({"target": "label"}, "needs a table"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(settings: dict, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        RunConfig.from_mapping(settings, where="polysight.yaml")


def test_a_learner_without_a_kind_is_a_network() -> None:
    config = RunConfig.from_mapping({**BASE, "learner": {"epochs": 3}})
    assert config.learner == {"kind": "neural", "epochs": 3}


def test_bad_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="no such configuration file"):
        read_yaml(tmp_path / "none.yaml")
    broken = tmp_path / "broken.yaml"
    for text, said in (("a: [1", "is not YAML"), ("- a\n", "must hold named settings"), ("1: 2\n", "named settings")):
        broken.write_text(text)
        with pytest.raises(ConfigError, match=said):
            read_yaml(broken)
    broken.write_text("")
    assert read_yaml(broken) == {}


def test_set_reaches_inside_and_reads_yaml() -> None:
    settings = {"seed": 1, "learner": {"fusion": "concat", "epochs": 2}}
    changed = override(settings, ["learner.fusion.gates=sigmoid", "seed=5", "inputs.scan.size=64", "ignore=[a, b]"])
    assert changed == {
        "seed": 5,
        "learner": {"fusion": {"kind": "concat", "gates": "sigmoid"}, "epochs": 2},
        "inputs": {"scan": {"size": 64}},
        "ignore": ["a", "b"],
    }
    assert settings == {"seed": 1, "learner": {"fusion": "concat", "epochs": 2}}


@pytest.mark.parametrize("assignment", ["seed", "=5", "a..b=1", "seed.x=1", "learner=[1"])
def test_what_is_no_assignment_is_refused(assignment: str) -> None:
    with pytest.raises(ConfigError, match="--set"):
        override({"seed": 1}, [assignment])


@given(
    st.lists(st.from_regex(r"[a-z]{1,5}", fullmatch=True), min_size=1, max_size=4),
    st.one_of(st.integers(), st.booleans(), st.none()),
)
def test_set_makes_exactly_the_path(names: list[str], value: object) -> None:
    import yaml

    found = override({}, [f"{'.'.join(names)}={yaml.safe_dump(value).splitlines()[0]}"])
    for name in names:
        assert list(found) == [name]
        found = found[name]
    assert found == value


def test_inputs_with_kinds_replace_and_without_change_what_was_found() -> None:
    inferred = {"scan": {"kind": "image", "columns": ["scan"]}, "note": {"kind": "text", "columns": ["note"]}}
    only = {"scan": {"kind": "image", "size": 32}}
    assert completed_inputs(only, lambda: inferred) == only
    assert completed_inputs({"scan": {"size": 32}}, lambda: inferred) == {
        "scan": {"kind": "image", "columns": ["scan"], "size": 32},
        "note": inferred["note"],
    }
    with pytest.raises(ConfigError, match="found: scan, note"):
        completed_inputs({"scna": {"size": 32}}, lambda: inferred)
