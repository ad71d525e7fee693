"""One finished run for all tests that only look at it."""

from pathlib import Path

import pytest
from small_runs import write_table

from polysight.cli import main


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    write_table(folder, "train", 64, seed=0)
    write_table(folder, "test", 40, seed=1)
    (folder / "images" / "train_3.png").write_bytes(b"\x89PNG cut off")
    lines = (folder / "train.csv").read_text().splitlines()
    (folder / "train.csv").write_text("\n".join([*lines, ",,left", f"{lines[1].rsplit(',', 1)[0]},"]) + "\n")
    arguments = [str(folder / "train.csv"), "--target", "side", "--test", str(folder / "test.csv")]
    assert main(["train", *arguments, "--preset", "quick", "--out", str(folder / "run"), "-q", "--json"]) == 0
    return folder
