"""What is known to tell the class is put first: a small part of ``benchmarks/planted.py`` that every run repeats."""

import importlib
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def planted(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")
    return importlib.import_module("planted")


@pytest.mark.parametrize("unit", ["region", "word", "character", "column", "slice"])
def test_what_tells_is_put_first(unit, planted, tmp_path):
    train, rows = 80, 5
    data = planted.PLANTED[unit](train + rows, 1, tmp_path)
    hits, _, accuracy = planted.recovered(data, "features", train, coalitions=100)
    assert accuracy >= 0.6
    for method, found in hits.items():
        assert np.mean(found) >= 0.8, method
