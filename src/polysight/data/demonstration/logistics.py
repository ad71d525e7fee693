"""Logistics: what is in a parcel, from its photo, the words on its label, and scale and size scanner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from polysight.data.demonstration.parcels import declaration, measured, photo
from polysight.data.demonstration.saving import save_png
from polysight.data.demonstration.scenario import Medium, Scenario
from polysight.data.demonstration.world import Cell, World

_CONTENTS = ("books", "poster", "wine", "lamp", "plant", "cushion")


class Logistics(Scenario):
    """Parcels: a photo with a handling mark, label text, weight and size sensors; six contents."""

    rows: ClassVar[int] = 900
    note: ClassVar[str] = "parcels are drawn and labels made from word lists: this shows a method, not a sorting plant"
    world: ClassVar[World] = World(
        prior=dict.fromkeys(_CONTENTS, 1 / len(_CONTENTS)),
        cells=(
            Cell(
                "photo",
                "photo",
                {
                    "umbrella": ("books", "poster"),
                    "glass": ("wine", "lamp"),
                    "arrows": ("plant",),
                    "barcode": ("cushion",),
                },
                clear=0.97,
            ),
            Cell(
                "text",
                "declared",
                {
                    "gift": ("books", "wine"),
                    "garden": ("plant", "cushion"),
                    "art": ("poster",),
                    "furnishing": ("lamp",),
                },
                clear=0.97,
            ),
            Cell(
                "table",
                "sensors",
                {"long": ("poster", "plant"), "light": ("lamp", "cushion"), "dense": ("books",), "medium": ("wine",)},
                clear=0.97,
            ),
        ),
    )
    about: ClassVar[str] = """# Demonstration: parcels

* photo: a drawn box with one of four handling marks; brightness, colour, place and turn mean nothing.
* declared: a label put together from word lists; two words tell one of four kinds of content.
* length_cm, width_cm, height_cm, weight_g: one of four builds; how large a parcel is means nothing.
* label: one of six contents. A mark, a kind or a build belongs to one or two of them and is wrong in 3 % of cells.
* About 8 % of photos, labels and measurements are missing, and 3 % of the contents are recorded wrongly.
"""

    @property
    def media(self) -> Mapping[str, Medium]:
        """See ``Scenario.media``."""
        return {
            "photo": Medium(photo, ("photo",), save_png, ".png"),
            "declared": Medium(declaration, ("declared",)),
            "sensors": Medium(measured, ("length_cm", "width_cm", "height_cm", "weight_g")),
        }
