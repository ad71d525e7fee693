"""A finished run: its metrics for the same question, a clear no for another one."""

import json
from pathlib import Path

import pytest

from polysight.core.errors import ConfigError, DataError
from polysight.runs.config import RunConfig, write_yaml
from polysight.runs.finished import finished_metrics
from polysight.runs.folder import RunFolder

CONFIG = RunConfig(table="t.csv", target="label", inputs={"note": {"kind": "text", "columns": ["note"]}})
DATA = {"fingerprint": "abc"}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.chdir(tmp_path)
    write_yaml(CONFIG, tmp_path / "run" / "config.yaml")
    (tmp_path / "run" / "data.json").write_text(json.dumps({**DATA, "rows": 3}))
    (tmp_path / "run" / "metrics.json").write_text('{"n": 7}')
    return RunFolder(tmp_path / "run")


def test_the_same_question_gets_the_same_answer_however_the_table_is_named(run: RunFolder) -> None:
    named = RunConfig(**{**CONFIG.to_mapping(), "table": str(run.path.parent / "t.csv")})
    assert finished_metrics(run, CONFIG, DATA) == finished_metrics(run, named, DATA) == {"n": 7}


@pytest.mark.parametrize(
    ("changes", "fingerprint", "said"),
    [
        ({"seed": 1}, "abc", "differs in: seed$"),
        ({"table": "u.csv", "preset": "best"}, "abc", "differs in: table, preset$"),
        ({"inputs": {"note": {"kind": "text", "columns": ["note"], "max_words": 9}}}, "abc", "differs in: inputs$"),
        ({}, "xyz", "differs in: the data$"),
    ],
)
def test_another_question_is_refused_by_name(run: RunFolder, changes: dict, fingerprint: str, said: str) -> None:
    config = RunConfig(**{**CONFIG.to_mapping(), **changes})
    with pytest.raises(ConfigError) as error:
        finished_metrics(run, config, {"fingerprint": fingerprint})
    assert error.match(said.removesuffix("$"))
    assert error.value.what.endswith(said.removesuffix("$"))


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_damaged_run_is_told(run: RunFolder, text: str) -> None:
    (run / "metrics.json").write_text(text)
    with pytest.raises(DataError, match=r"metrics\.json: is damaged"):
        finished_metrics(run, CONFIG, DATA)
