"""A folder with a small table and a run trained on it, for verbs that need a model."""

from pathlib import Path

import numpy as np
import pytest
from small_training import SMALL

from polysight.cli import main


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``table.csv`` and ``run/`` in a folder; tests write elsewhere."""
    folder = tmp_path_factory.mktemp("trained")
    rng = np.random.default_rng(0)
    rows = [f"{'xy'[i % 2]},{i % 2 + rng.normal() / 4:.4f},{rng.choice(['red', 'blue'])}\n" for i in range(40)]
    (folder / "table.csv").write_text("label,width,colour\n" + "".join(rows))
    assert main(["train", str(folder / "table.csv"), *SMALL, "--out", str(folder / "run"), "-q", "--json"]) == 0
    return folder
