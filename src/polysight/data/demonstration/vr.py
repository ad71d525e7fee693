"""VR: which object is in a virtual room, from a picture, a short video and its model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from polysight.data.demonstration.objects import front, model, video
from polysight.data.demonstration.saving import save_gif, save_off, save_png
from polysight.data.demonstration.scenario import Medium, Scenario
from polysight.data.demonstration.world import Cell, World

_OBJECTS = ("ball", "plate", "die", "drawer", "bell", "ornament")


class VirtualReality(Scenario):
    """Objects of a virtual room: a picture, a video of how each moves when touched, and its 3-D model; six objects."""

    rows: ClassVar[int] = 900
    note: ClassVar[str] = "objects are drawn and modelled with a few lines each: this shows a method, no more"
    world: ClassVar[World] = World(
        prior=dict.fromkeys(_OBJECTS, 1 / len(_OBJECTS)),
        cells=(
            Cell(
                "picture",
                "picture",
                {"disc": ("ball", "plate"), "square": ("die", "drawer"), "triangle": ("bell",), "star": ("ornament",)},
                clear=0.97,
            ),
            Cell(
                "video",
                "video",
                {
                    "swings": ("bell", "ornament"),
                    "bounces": ("ball", "die"),
                    "spins": ("plate",),
                    "slides": ("drawer",),
                },
                clear=0.97,
            ),
            Cell(
                "model",
                "model",
                {"cone": ("plate", "bell"), "slab": ("drawer", "ornament"), "sphere": ("ball",), "cube": ("die",)},
                clear=0.97,
            ),
        ),
    )
    about: ClassVar[str] = """# Demonstration: objects of a virtual room

* picture: one of four outlines before a room; brightness, colour and place mean nothing.
* video: eight frames as an animation; how the thing (a bar) moves when it is touched is what counts.
* model: a triangle mesh (Object File Format) of any size, turned in any way; a plate is modelled as a shallow cone.
* label: one of six objects. An outline, a motion or a model belongs to one or two of them and is wrong in 3 % of cells.
* About 8 % of the cells are missing, and 3 % of the labels are recorded wrongly.
"""

    @property
    def media(self) -> Mapping[str, Medium]:
        """See ``Scenario.media``."""
        return {
            "picture": Medium(front, ("picture",), save_png, ".png"),
            "video": Medium(video, ("video",), save_gif, ".gif"),
            "model": Medium(model, ("model",), save_off, ".off"),
        }
