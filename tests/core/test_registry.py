"""Registries list without importing, and every kind they list can be imported and has a docstring."""

import subprocess
import sys

import pytest

from polysight.core.errors import ConfigError
from polysight.fusion import FUSIONS
from polysight.learners import LEARNERS
from polysight.learners.estimators import ESTIMATORS
from polysight.modalities import ENCODERS, FEATURES, MODALITIES
from polysight.objectives import OBJECTIVES

ALL = [FUSIONS, LEARNERS, ESTIMATORS, ENCODERS, FEATURES, MODALITIES, OBJECTIVES]


@pytest.mark.parametrize(("registry", "kind"), [(r, k) for r in ALL for k in r], ids=lambda v: getattr(v, "noun", v))
def test_every_kind_loads_and_says_what_it_is(registry, kind):
    loaded = registry.load(kind)
    assert loaded.__doc__
    assert getattr(loaded, "kind", kind) == kind


def test_an_unknown_kind_offers_the_nearest():
    with pytest.raises(ConfigError, match="did you mean 'gated'"):
        FUSIONS.load("gatd")


def test_importing_the_package_imports_neither_torch_nor_pandas():
    code = "import polysight, sys; print(sorted({'torch', 'pandas', 'numpy', 'sklearn'} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_public_names():
    import polysight

    assert polysight.__all__ == sorted(polysight.__all__)
    assert len(polysight.__all__) <= 25
    for name in polysight.__all__:
        assert getattr(polysight, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = polysight.nothing
