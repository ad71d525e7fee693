"""docs/formats.md names exactly the endings that are read, the reasons that exist, and the windows there are."""

import re
from pathlib import Path

import pytest

from polysight.modalities.points import decoding as points
from polysight.modalities.volume import decoding as volume
from polysight.modalities.volume.windows import PRESETS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
SOURCES = {"volume": ROOT / "src/polysight/modalities/volume", "points": ROOT / "src/polysight/modalities/points"}


def section(kind):
    return next(part for part in PAGE.split("\n## ") if f"`{kind}`）" in part.splitlines()[0])


@pytest.mark.parametrize(("kind", "suffixes"), [("volume", volume.SUFFIXES), ("points", points.SUFFIXES)])
def test_the_endings_are_those_that_are_read(kind, suffixes):
    assert sorted(re.findall(r"^\| `(\.[a-z.]+)` \|", section(kind), re.MULTILINE)) == sorted(suffixes)


@pytest.mark.parametrize("kind", SOURCES)
def test_every_reason_named_is_one_that_is_given(kind):
    reasons = set(re.findall(r"\(`([a-z_]+)`\)", section(kind)))
    shared = SOURCES[kind].parent / "numpy_files.py"
    given = "".join(path.read_text(encoding="utf-8") for path in (*SOURCES[kind].glob("*.py"), shared))
    assert reasons
    assert [reason for reason in sorted(reasons) if f'"{reason}"' not in given] == []


def test_windows_and_limits_are_the_ones_in_use():
    shown = {name: (float(level), float(width)) for name, level, width in re.findall(r"(\w+)\s(-?\d+) / (\d+)", PAGE)}
    assert shown == {name: tuple(map(float, preset)) for name, preset in PRESETS.items()}
    assert f"{points.MOST_POINTS:,}" in PAGE
    assert f"{points.SURFACE_POINTS:,}" in PAGE
