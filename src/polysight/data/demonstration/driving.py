"""Driving: what lies ahead of a car, from its camera, a laser scanner and ultrasonic sensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from polysight.data.demonstration.saving import save_npy, save_png, save_sweep
from polysight.data.demonstration.scenario import Medium, Scenario
from polysight.data.demonstration.street import camera, sweep, ultrasonic
from polysight.data.demonstration.world import Cell, World

_AHEAD = ("cyclist", "pedestrian", "barrier", "vehicle", "traffic sign", "lane marking")


class Driving(Scenario):
    """The road ahead: camera pictures, laser sweeps and ultrasonic echoes; six things, milliseconds a decision."""

    rows: ClassVar[int] = 900
    live: ClassVar[bool] = True
    note: ClassVar[str] = "streets are drawn and echoes computed: no vehicle may be steered by what is learned here"
    world: ClassVar[World] = World(
        prior=dict.fromkeys(_AHEAD, 1 / len(_AHEAD)),
        cells=(
            Cell(
                "camera",
                "camera",
                {
                    "figure": ("cyclist", "pedestrian"),
                    "box": ("barrier", "vehicle"),
                    "plate": ("traffic sign",),
                    "stripes": ("lane marking",),
                },
                clear=0.97,
            ),
            Cell(
                "lidar",
                "lidar",
                {
                    "road": ("traffic sign", "lane marking"),
                    "long": ("cyclist", "barrier"),
                    "column": ("pedestrian",),
                    "block": ("vehicle",),
                },
                clear=0.97,
            ),
            Cell(
                "ultrasonic",
                "ultrasonic",
                {
                    "one": ("pedestrian", "traffic sign"),
                    "none": ("vehicle", "lane marking"),
                    "passing": ("cyclist",),
                    "wall": ("barrier",),
                },
                clear=0.97,
            ),
        ),
    )
    about: ClassVar[str] = """# Demonstration: the road ahead

* camera: a drawn road and on it one of four outlines; brightness, colour and place mean nothing.
* lidar: 256 points of a laser sweep around the place ahead (x, y, z in metres and reflectance, as KITTI keeps them).
* ultrasonic: 64 echoes of four sensors after automatic gain; which of them answer when is what counts.
* label: one of six things. An outline, a cluster or an echo belongs to one or two of them and is wrong in 3 % of cells.
* About 8 % of the cells are missing, and 3 % of the labels are recorded wrongly.
"""

    @property
    def media(self) -> Mapping[str, Medium]:
        """See ``Scenario.media``."""
        return {
            "camera": Medium(camera, ("camera",), save_png, ".png"),
            "lidar": Medium(sweep, ("lidar",), save_sweep, ".bin"),
            "ultrasonic": Medium(ultrasonic, ("ultrasonic",), save_npy, ".npy"),
        }
