"""Durations: every way of writing one, and a clear error for what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.core.duration import readable, seconds_of
from polysight.core.errors import ConfigError


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("10m", 600),
        ("90s", 90),
        ("1h", 3600),
        ("1h30m", 5400),
        ("1 h 30 m", 5400),
        ("2d", 172800),
        ("500ms", 0.5),
        ("1.5h", 5400),
        ("600", 600),
        (" 10M ", 600),
        (600, 600),
        (0.5, 0.5),
    ],
)
def test_durations_are_read(written: float | str, seconds: float) -> None:
    assert seconds_of(written) == seconds


@pytest.mark.parametrize(
    "written", ["", "soon", "10 minutes", "m", "-5", "-5m", "0", 0, "nan", "inf", "10m later", "1h-5m"]
)
def test_what_is_no_duration_is_refused(written: float | str) -> None:
    with pytest.raises(ConfigError, match=r"time_limit.*is not a duration"):
        seconds_of(written)


@given(st.integers(0, 99), st.integers(0, 59), st.integers(1, 59))
def test_parts_add_up(hours: int, minutes: int, seconds: int) -> None:
    assert seconds_of(f"{hours}h{minutes}m{seconds}s") == hours * 3600 + minutes * 60 + seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.42, "0.4 s"),
        (12.4, "12 s"),
        (59.9, "60 s"),
        (200, "3 min 20 s"),
        (7500, "2 h 05 min"),
        (3599.7, "1 h 00 min"),
    ],
)
def test_durations_are_written_for_people(seconds: float, text: str) -> None:
    assert readable(seconds) == text
