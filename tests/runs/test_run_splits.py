"""splits.csv: every row and its group, those of the test table too; groups in both tables are told."""

from pathlib import Path

import pandas as pd
import pytest
from small_training_table import write_small

from polysight.cli import main
from polysight.core.events import listen
from polysight.runs.splits import group_names, tell_shared_groups


def test_groups_are_as_written_and_empty_where_there_are_none() -> None:
    frame = pd.DataFrame({"who": ["001", None, "x"], "n": [1, 2, 2]})
    assert group_names(frame, "who") == ["001", "", "x"]
    assert group_names(frame, "n") == ["1", "2", "2"]
    assert group_names(frame, None) == group_names(frame, "elsewhere") == ["", "", ""]


@pytest.mark.parametrize(("test_groups", "told"), [(["c", ""], []), (["a", "b", "a"], [2]), ([], [])])
def test_groups_in_both_tables_are_counted(test_groups: list[str], told: list[int]) -> None:
    said = []
    with listen(lambda name, facts: said.append(facts["groups"])):
        tell_shared_groups(["a", "b", "", ""], test_groups, "who")
    assert said == told


def test_the_groups_of_the_test_table_are_written_and_crossing_is_warned_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_small(tmp_path / "train.csv", groups=["p1", "p2", "p3", "p4"], rows=40)
    write_small(tmp_path / "test.csv", groups=["p4", "p5"], rows=10)
    tables = [str(tmp_path / "train.csv"), "--test", str(tmp_path / "test.csv"), "--group", "who", "--target", "label"]
    run = tmp_path / "run"
    assert main(["train", *tables, "--set", "learner={kind: features}", "--out", str(run)]) == 0
    assert "warning: 1 values of who are in both tables" in capsys.readouterr().err
    splits = pd.read_csv(run / "splits.csv")
    assert splits.groupby("part")["group"].agg(lambda names: sorted(set(names))).to_dict() == {
        "train": ["p1", "p2", "p3", "p4"],
        "test": ["p4", "p5"],
    }
    assert "Groups with rows in more than one part: 1." in (run / "report.html").read_text()
