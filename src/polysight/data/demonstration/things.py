"""Things: drawn pictures that tell the shape and captions that tell the use; ten classes, neither view is enough."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from PIL import Image

from polysight.core.files import write_text
from polysight.core.randomness import generator
from polysight.data.demonstration.base import Demonstration
from polysight.data.demonstration.drawing import SIZE_PX, draw

#: What each class looks like and what it is for: a ring, in which each shape and each use belongs to two classes.
CLASSES: Mapping[str, tuple[str, str]] = {
    "orange": ("round", "eat"),
    "football": ("round", "play"),
    "board game": ("box", "play"),
    "book": ("box", "read"),
    "lamp": ("tall", "read"),
    "pepper mill": ("tall", "cook"),
    "cake tin": ("ring", "cook"),
    "bracelet": ("ring", "wear"),
    "badge": ("star", "wear"),
    "biscuit": ("star", "eat"),
}
#: Words that tell the use.
USES: Mapping[str, tuple[str, ...]] = {
    "eat": ("tasty", "sweet", "fresh", "snack", "bite", "hungry", "delicious", "crumbs"),
    "play": ("fun", "team", "players", "score", "winner", "match", "rules", "friends"),
    "read": ("evening", "desk", "quiet", "study", "bedside", "reader", "chapter", "eyes"),
    "cook": ("kitchen", "oven", "recipe", "chef", "dinner", "stove", "baking", "spices"),
    "wear": ("style", "outfit", "fashion", "jacket", "elegant", "wrist", "collar", "party"),
}
_OPENINGS = ("bought it last week", "a present from my sister", "arrived on time", "we have had it for a month")
_PHRASES = ("good for {}", "you can tell from {} and {}", "think of {}", "all about {} with some {}", "{} at its best")
_CLOSINGS = (
    "would buy again",
    "fair price",
    "the colour is as shown",
    "five stars",
    "smaller than it looks",
    "no regrets",
)

_MISSING = 0.04
_VAGUE = 0.05

_README = """# Demonstration: things seen and described

* image: drawn on this machine; it tells which of five shapes a thing has. Colour, place, size and turn mean nothing.
* text: a caption put together from word lists; it tells which of five uses a thing has. One in twenty does not.
* label: one of ten things. Each shape and each use belongs to two of them, so that either view alone is right for
  about one row in two.
* About 4 % of the pictures and 4 % of the captions are missing.
"""


class Things(Demonstration):
    """Drawn things with captions, as in a widespread article: ten classes, 1,000 samples, its network beside ours."""

    rows: ClassVar[int] = 1000
    note: ClassVar[str] = "pictures are drawn and captions made from word lists: this compares methods, no more"
    inputs: ClassVar[Mapping[str, Any]] = {
        "image": {"kind": "image", "columns": ["image"], "size": SIZE_PX, "augment": ["article"]},
        "text": {"kind": "text", "columns": ["text"], "augment": []},
    }
    beside: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "article, SGD 0.001": {"kind": "article", "optimizer": "sgd"},
        "article, Adam 0.001": {"kind": "article", "optimizer": "adam"},
    }

    def build(self, folder: Path, *, seed: int = 0, rows: int = 1000) -> Path:
        """Four fifths for training; classes are as even as ``rows`` allows. See ``Demonstration.build``."""
        rng = generator(seed, "things")
        names = list(CLASSES)
        (folder / "images").mkdir(parents=True, exist_ok=True)
        cut = rows // 5
        for part, count in (("test", cut), ("train", rows - cut)):
            labels = rng.permutation(np.arange(count) % len(names))
            _write(folder, part, [names[label] for label in labels], rng)
        write_text(folder / "README.md", _README)
        return folder / "train.csv"


def caption(use: str, rng: np.random.Generator) -> str:
    """A caption that tells the use by one or two words, or now and then by none."""
    opening, closing = rng.choice(_OPENINGS), rng.choice(_CLOSINGS)
    phrase = str(rng.choice(_PHRASES))
    told = phrase.format(*rng.choice(USES[use], size=2, replace=False))
    parts = [opening, closing] if rng.random() < _VAGUE else [opening, told, closing]
    return ", ".join(parts)


def _write(folder: Path, part: str, labels: list[str], rng: np.random.Generator) -> None:
    """Write the pictures and the table of one part."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(("image", "text", "label"))
    for row, label in enumerate(labels):
        shape, use = CLASSES[label]
        picture, text, fate = draw(shape, rng), caption(use, rng), rng.random()
        path = f"images/{part}_{row:04d}.jpg"
        if fate < _MISSING:
            path = ""
        else:
            (folder / path).write_bytes(_jpeg(picture))
        # At most one of the two is missing, so that every row can be used.
        writer.writerow((path, "" if _MISSING <= fate < 2 * _MISSING else text, label))
    write_text(folder / f"{part}.csv", table.getvalue())


def _jpeg(picture: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
