"""What the parts of an input are called in other languages than English, where polysight itself named them.

Words, columns and channels are the table's own and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_DOWN = {"upper": "上", "middle": "中", "lower": "下"}
_RIGHT = {"left": "左", "right": "右"}
_REGIONS = {down: f"{here}部" for down, here in _DOWN.items()} | {
    f"{down} {right}": f"{there}{here}" for down, here in _DOWN.items() for right, there in _RIGHT.items()
}
_SIDES = {f"{side} {axis}": f"{axis} {there}" for side, there in (("low", "偏小"), ("high", "偏大")) for axis in "xyz"}

#: By language and unit: a pattern, and how it reads.
UNITS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "region": {rf"\b{name}(?=( \d+)?$)": there for name, there in sorted(_REGIONS.items(), reverse=True)},
        "part": {**{rf"\b{name}\b": there for name, there in _SIDES.items()}, r"\bmiddle(?=( \d+)?$)": "中间"},
        "band": {r"([\d.]+-[\d.]+) s, ([\d.]+-[\d.]+) Hz$": r"\1 秒，\2 赫兹"},
        "frame": {r"\bframes? ([\d-]+)$": r"第 \1 帧"},
        "slice": {r"\bslices? ([\d-]+)$": r"第 \1 层"},
        "stretch": {r", steps ([\d-]+)$": r"，第 \1 步"},
    }
}


def unit_label(label: str, unit: str, lang: str) -> str:
    """The name of a part as a reader of a language would have it; in English as it is.

    Args:
        label: The name of the part, with its column before a colon where an input has several.
        unit: What a part is.
        lang: The language.
    """
    patterns = UNITS.get(lang, {}).get(unit, {})
    title, colon, place = label.rpartition(": ")
    for pattern, template in patterns.items():
        place = re.sub(pattern, template, place)
    return f"{title}{colon}{place}"
