"""Bad input: the right exit code, a message that names the place, and nothing half-written."""

from pathlib import Path

import pytest
import yaml

from polysight.cli import main

ROWS = "".join(f"{i},what was seen in room {i % 7} on that day,{'x' if i % 2 else 'y'},{i * 1.37}\n" for i in range(30))
TARGET_AS_INPUT = "inputs.table={kind: tabular, columns: [weight, label]}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")
    (tmp_path / "good.csv").write_text("id,note,label,weight\n" + ROWS)
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "header.csv").write_text("note,label\n")
    (tmp_path / "one_class.csv").write_text("note,label\na,x\nb,x\nc,x\n")
    (tmp_path / "one_row.csv").write_text("note,label\na b,x\nb a,x\na d,y\na c,x\nb c,y\nd a,y\nc d,z\n")
    (tmp_path / "unlabelled.csv").write_text("note,label\na,\nb,\n")
    (tmp_path / "table.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "folder").mkdir()
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.txt").write_text("meow")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["train", "goood.csv", "--target", "label"], 66, "good.csv"),
        (["train", "nowhere/t.csv", "--target", "label"], 66, "nowhere"),
        (["train", "folder", "--target", "label"], 65, "folder"),
        (["train", "empty.csv", "--target", "label"], 65, "empty"),
        (["train", "header.csv", "--target", "label"], 65, "no rows"),
        (["train", "one_class.csv", "--target", "label"], 65, "1 class only"),
        (["train", "one_row.csv", "--target", "label"], 65, "one_row.csv, column label: class 'z' has one row only"),
        (["train", "unlabelled.csv", "--target", "label"], 65, "label"),
        (["train", "table.docx", "--target", "label"], 65, "docx"),
        (["train", "good.csv", "--target", "lable"], 65, "did you mean 'label'"),
        (["train", "good.csv", "--target", "label", "--group", "patient"], 65, "patient"),
        (["train", "good.csv", "--target", "label", "--ignore", "nte"], 65, "did you mean 'note'"),
        (["train", "good.csv", "--target", "label", "--test", "none.csv"], 66, "none.csv"),
        (["train", "good.csv", "--target", "label", "--task", "regression"], 65, "--task classification"),
        (["train", "good.csv", "--target", "label", "--group", "label"], 2, "label"),
        (["train", "good.csv", "--target", "label", "--root", "nowhere"], 66, "nowhere: there is no such folder"),
        (["train", "good.csv", "--target", "label", "--set", TARGET_AS_INPUT], 2, "'label' is also an input"),
        (["train", "good.csv", "--target", "label", "--set", "inputs.nite.kind=text"], 65, "nite"),
        (["train", "good.csv", "--target", "label", "--set", "inputs.note.kind=txt"], 2, "did you mean 'text'"),
        (["train", "good.csv", "--target", "label", "--set", "inputs.nite.size=3"], 2, "found: "),
        (["train", "good.csv", "--target", "label", "--out", "photos"], 2, "not a run folder"),
        (["train", "good.csv", "--target", "label", "--resume"], 2, "no unfinished run"),
        (["train", "--config", "none.yaml"], 66, "none.yaml"),
        (["train", "--config", "good.csv"], 2, "good.csv"),
        (["init", "goood.csv", "--target", "label"], 66, "good.csv"),
        (["init", "good.csv", "--target", "lable"], 65, "did you mean 'label'"),
        (["init", "good.csv", "--target", "label", "--root", "nowhere"], 66, "nowhere"),
        (["evaluate", "none", "good.csv"], 66, "none"),
        (["predict", "none", "good.csv"], 66, "none"),
        (["predict", "folder", "good.csv", "-o", "out.xlsx"], 2, ".parquet"),
        (["report", "none"], 66, "none"),
        (["report", "folder"], 66, "folder"),
    ],
)
def test_bad_input_is_told_and_leaves_nothing(
    folder: Path, arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {str(path) for path in folder.rglob("*")}
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert said in err
    assert "error: " in err
    assert "Traceback" not in err
    assert out == ""
    assert {str(path) for path in folder.rglob("*")} == before


def test_init_writes_settings_that_say_why_and_never_over_another_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "good.csv", "--target", "label"]) == 0
    text = (folder / "polysight.yaml").read_text()
    settings = yaml.safe_load(text)
    assert settings["table"] == "good.csv"
    assert settings["target"] == "label"
    assert settings["inputs"]["table"]["kind"] == "tabular"
    assert settings["inputs"]["table"]["columns"] == ["note", "weight"]
    assert "Not used" in text
    assert "id: id" in text
    assert "next: polysight train --config polysight.yaml" in capsys.readouterr().out
    assert main(["init", "good.csv", "--target", "label"]) == 2
    assert "--force" in capsys.readouterr().err
    assert (folder / "polysight.yaml").read_text() == text
    assert main(["init", "good.csv", "--target", "label", "--ignore", "weight", "--force", "--json"]) == 0
    assert yaml.safe_load((folder / "polysight.yaml").read_text())["ignore"] == ["weight"]
