"""Facts of tables that are not there."""

from __future__ import annotations

from typing import Any

from polysight.advice.facts import Facts
from polysight.modalities.image.modality import Image
from polysight.modalities.tabular.modality import Tabular


def facts(rows: int = 1000, **changes: Any) -> Facts:
    """An image of 64 pixels and a table of two columns, in ten even classes."""
    inputs = {"photo": Image(columns=("photo",), size=64), "table": Tabular(columns=("a", "b"), categorical=())}
    even = {"classes": 10, "rarest": rows // 10, "commonest": rows // 10, "groups": None}
    machine = {"cores": 2, "memory": 16_000.0, "accelerator": "cpu"}
    seen = {"inputs": inputs, "present": dict.fromkeys(inputs, 1.0), "megabytes": rows * 0.012}
    return Facts(rows=rows, **{**even, **machine, **seen, **changes})
