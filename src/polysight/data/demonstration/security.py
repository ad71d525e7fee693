"""Security: what happens in a building, window by window, from a camera, three sensors and the door log."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np

from polysight.data.demonstration.saving import save_gif
from polysight.data.demonstration.scenario import Medium, Row, Scenario
from polysight.data.demonstration.watching import clip, door_log, save_sensors, sensors
from polysight.data.demonstration.world import Cell, World

#: Seconds of a window; the next one begins where it ends, so that no two windows share a moment.
WINDOW_S = 4
#: Windows of a stream.
WINDOWS = 10
#: An incident begins with one of these windows, each as likely, and lasts to the end: two windows in five are normal.
_BEGINS = range(1, 8)
_INCIDENTS = ("intrusion", "fire", "accident")


class Security(Scenario):
    """A watched building: video clips, sensor series and the door log in windows of four seconds; by stream."""

    rows: ClassVar[int] = 900
    group: ClassVar[str | None] = "stream"
    ignore: ClassVar[tuple[str, ...]] = ("second", "incident_at")
    note: ClassVar[str] = "streams are drawn and have more incidents than any building: this shows a method, no more"
    world: ClassVar[World] = World(
        prior={"normal": 0.4, **dict.fromkeys(_INCIDENTS, 0.2)},
        cells=(
            Cell(
                "clip",
                "clip",
                {"walking": ("normal", "intrusion"), "flickers": ("fire",), "falls": ("accident",)},
                clear=0.97,
            ),
            Cell(
                "sensors",
                "sensors",
                {"hum": ("normal", "accident"), "knocks": ("intrusion",), "rise": ("fire",)},
                clear=0.97,
            ),
            Cell(
                "table",
                "door_log",
                {"ordinary": ("normal", "fire"), "forced": ("intrusion",), "crowd": ("accident",)},
                clear=0.97,
            ),
        ),
    )
    about: ClassVar[str] = """# Demonstration: a watched building

* clip: eight frames of a fixed camera as an animation. What moves, and how, tells something; brightness does not.
* sensors: vibration, temperature and current over four seconds; levels and scales mean nothing.
* door_openings, badges_read, open_s: the door log of the last minute; how openings, badges and seconds go together
  tells something.
* stream, second, incident_at: which stream a window is cut from, when it begins, and when the incident begins. Never
  inputs: they serve to find out how long an alarm takes. Windows follow each other without overlap.
* label: normal, intrusion, fire or accident. Each view takes one incident for something normal.
* About 8 % of the cells are missing, and 3 % of the labels are recorded wrongly.
"""

    @property
    def media(self) -> Mapping[str, Medium]:
        """See ``Scenario.media``."""
        return {
            "clip": Medium(clip, ("clip",), save_gif, ".gif"),
            "sensors": Medium(sensors, ("sensors",), save_sensors, ".csv"),
            "door_log": Medium(door_log, ("door_openings", "badges_read", "open_s")),
        }

    def rows_to_make(self, count: int, rng: np.random.Generator) -> Sequence[Row]:
        """Streams with one incident each, cut into windows."""
        rows: list[Row] = []
        while len(rows) < count:
            incident, begins = str(rng.choice(_INCIDENTS)), int(rng.choice(_BEGINS))
            stream = f"S{len(rows) // WINDOWS:03d}"
            for window in range(WINDOWS):
                beside = {"stream": stream, "second": window * WINDOW_S, "incident_at": begins * WINDOW_S}
                rows.append(Row(incident if window >= begins else "normal", stream, beside))
        return rows[:count]

    def told(self, table: Path, predictions: Path) -> dict[str, float]:
        """How long an alarm takes, how many incidents get none, and how often there is one without an incident."""
        with table.open(encoding="utf-8", newline="") as file:
            windows = list(csv.DictReader(file))
        with predictions.open(encoding="utf-8", newline="") as file:
            answers = {int(row["row"]): row["prediction"] for row in csv.DictReader(file)}
        return alarms([(w["stream"], int(w["second"]), int(w["incident_at"])) for w in windows], answers)


def alarms(windows: Sequence[tuple[str, int, int]], answers: Mapping[int, str]) -> dict[str, float]:
    """What an alarm at every window that is not answered ``normal`` would have been worth.

    Args:
        windows: Stream, second of its beginning and second at which the incident begins, for each window.
        answers: The answer to a window, by its place.

    Returns:
        ``seconds_to_alarm``, the mean over incidents from their beginning to the end of the first window with an
        alarm (absent where there is none); ``missed_incidents``, the share of incidents without one; and
        ``false_alarms_per_minute`` of normal time.
    """
    incidents = {stream for stream, second, begins in windows if second >= begins}
    first: dict[str, int] = {}
    normal = false = 0
    for place, (stream, second, begins) in enumerate(windows):
        alarm = answers.get(place, "normal") != "normal"
        if second < begins:
            normal, false = normal + 1, false + alarm
        elif alarm:
            first.setdefault(stream, second + WINDOW_S - begins)
    taken = {"seconds_to_alarm": float(np.mean(list(first.values())))} if first else {}
    missed = 1 - len(first) / max(1, len(incidents))
    return {**taken, "missed_incidents": missed, "false_alarms_per_minute": false / max(1, normal) * 60 / WINDOW_S}
