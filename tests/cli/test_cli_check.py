"""polysight check: what it prints, its exit codes, both languages; it writes nothing."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from polysight.cli import main
from polysight.cli.check import _as_text
from polysight.health.sentences import WORDS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rng = np.random.default_rng(0)
    rows = [f"{'xy'[i % 3 // 2]},{rng.normal():.3f},{rng.normal():.3f}\n" for i in range(60)]
    (tmp_path / "good.csv").write_text("label,width,height\n" + "".join(rows))
    (tmp_path / "look.csv").write_text("label,width,height,farm\n" + "".join(r.strip() + ",north\n" for r in rows))
    (tmp_path / "wrong.csv").write_text("label,width,height\n" + "".join(rows[:-1]) + "z,1.5,2.5\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "status"),
    [
        (["good.csv", "--fail-on", "warn"], 0, "pass"),
        (["look.csv"], 0, "warn"),
        (["look.csv", "--ignore", "farm", "--fail-on", "warn"], 0, "pass"),
        (["look.csv", "--fail-on", "warn"], 65, "warn"),
        (["wrong.csv"], 65, "fail"),
    ],
)
def test_the_exit_code_is_that_of_bad_data(folder, arguments, code, status, capsys) -> None:
    before = set(folder.rglob("*"))
    assert main(["check", *arguments, "--target", "label", "--json"]) == code
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == status
    assert {tuple(finding) for finding in answer["checks"]} == {("name", "status", "message", "columns", "rows", "fix")}
    assert set(folder.rglob("*")) == before


def test_rows_columns_and_the_fix_are_named(folder, capsys) -> None:
    assert main(["check", "wrong.csv", "--target", "label", "-q"]) == 65
    out, err = capsys.readouterr()
    lines = out.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("fail  rare_classes: "))
    assert lines[place + 1].startswith("      fix: Add rows of these classes")
    assert lines[place + 2 : place + 4] == ["      columns: label", "      rows: 59"]
    assert lines[-1].startswith("fail: 1 fail, ")
    assert err == ""


def test_chinese(folder, capsys) -> None:
    assert main(["check", "look.csv", "--target", "label", "--lang", "zh", "-q"]) == 0
    assert "空列或只含一个取值" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--lang", "de"], "no words in 'de'"), (["--fail-on", "warm"], "did you mean 'warn'")],
)
def test_wrong_options_are_usage_errors(folder, options, said, capsys) -> None:
    assert main(["check", "good.csv", "--target", "label", *options]) == 2
    assert said in capsys.readouterr().err


def test_a_terminal_gets_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    finding = {
        "name": "id_columns",
        "status": "warn",
        "message": "Look [bold] here",
        "columns": [f"c{i}" for i in range(9)],
        "rows": [],
        "fix": "Mend",
    }
    text = _as_text({"status": "warn", "checks": [finding, {**finding, "status": "pass", "fix": ""}]}, WORDS["zh"])
    assert "Look [bold] here" in text
    assert "列: c0" in text
    assert "c7, ..." in text
    assert "办法: Mend" in text
    assert text.index("pass") < text.index("warn")
    assert text.endswith("warn: 0 fail, 1 warn, 1 pass")
