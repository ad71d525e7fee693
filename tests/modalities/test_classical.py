"""The classical learners and feature sets each modality names: there are some, they can be made, and they suit it."""

from __future__ import annotations

import pytest

from polysight import Audio, Image, Points, Sequence, Series, Tabular, Text, Volume
from polysight.core.config import build
from polysight.learners.estimators import make_estimator
from polysight.modalities import FEATURES, MODALITIES

SETTLED = [
    Audio(columns=("a",), rate=8000, seconds=1.0, bands=40, frames=64),
    Image(columns=("a",), size=28),
    Image(columns=("a", "b"), size=128),
    Sequence(columns=("a",), frames=8, size=32),
    Sequence(columns=("a", "b"), frames=16, size=64),
    Sequence(columns=("a", "b"), frames=1, size=64),
    Series(columns=("a",), channels=("x", "y"), interval=1.0, steps=100),
    Points(columns=("a",)),
    Points(columns=("a", "b")),
    Tabular(columns=("a", "b"), categorical=()),
    Tabular(columns=("a", "b"), categorical=("b",)),
    Text(columns=("a",)),
    Volume(columns=("a",), shape=(8, 48, 48)),
    Volume(columns=("a", "b"), shape=(16, 32, 32)),
]


def test_no_modality_is_forgotten():
    assert {modality.kind for modality in SETTLED} == set(MODALITIES)


@pytest.mark.parametrize("modality", SETTLED, ids=lambda m: f"{m.kind}-{len(m.columns)}")
def test_what_a_modality_names_can_be_made_and_is_its_own(modality):
    named = [modality.default_features, modality.compact_features, *(c.features for c in modality.classical)]
    assert all(named)
    for spec in (spec for specs in named for spec in specs):
        features = build(FEATURES, spec)
        assert features.modality == modality.kind
        assert features.cost(modality).columns > 0
    for choice in modality.classical:
        assert make_estimator({"kind": choice.estimator, **choice.options}, seed=0).fit
    assert len({str((c.features, c.estimator)) for c in modality.classical}) == len(modality.classical)
