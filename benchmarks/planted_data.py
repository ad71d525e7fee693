"""Data in which it is known what tells the class: one region, word, column, frame, slice, stretch or part of each row.

Everything else is noise, and the signal stands somewhere else in every row (but for columns of a table).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

from polysight import Audio, Image, Points, Sequence, Series, Tabular, Text, Volume
from polysight.modalities.units import Units

CLASSES = ("first", "second", "third")
COLOURS = np.array([[200, 50, 50], [50, 180, 50], [60, 60, 210]])
NEUTRAL = (
    "about above across after again along always among around because before behind below beside between both bring "
    "carry clean close every few find hold keep large later light little long many never next often open order other"
)
TELLING = (("crimson", "scarlet"), ("azure", "navy"), ("olive", "emerald"))
NEUTRAL_ZH, TELLING_ZH = "的一是不在有人这中大来上国个到说们为子和你地出道也时年得就那要下以", ("红赤", "蓝青", "绿翠")


@dataclass(frozen=True)
class Planted:
    """Labelled rows of one input, and how to tell whether the unit an explanation puts first is the right one.

    Attributes:
        table: The input's columns and ``label``.
        inputs: The inputs of the model.
        right: For each row, whether a unit (by its position) is where the signal is; None where there is none.
        features: Feature sets that see the signal and are quick.
        root: Where files are.
    """

    table: pd.DataFrame
    inputs: dict
    right: list[Callable[[Units, int], bool] | None]
    features: dict
    root: Path = Path()


def _labelled(
    codes: np.ndarray, right: list, inputs: dict, features: list, root: Path = Path(), **columns: list
) -> Planted:
    cells = {name: pd.Series(list(values), dtype=object) for name, values in columns.items()}
    labelled = pd.DataFrame(cells).assign(label=np.array(CLASSES)[codes])
    return Planted(labelled, inputs, right, dict.fromkeys(inputs, features), root)


def _points_at(inside: np.ndarray) -> Callable[[Units, int], bool]:
    """The pointing game: the middle of the region lies on the signal."""

    def right(units: Units, unit: int) -> bool:
        places = np.argwhere(units.outline == unit)
        middle = places[((places - places.mean(axis=0)) ** 2).sum(axis=1).argmin()]
        shape = np.array(inside.shape) / units.outline.shape
        return bool(inside[tuple((middle * shape).astype(int))])

    return right


def _named(name: str) -> Callable[[Units, int], bool]:
    return lambda units, unit: units.labels[unit] == name


def image(rows: int, seed: int, root: Path) -> Planted:
    """Grey noise and grey squares, and one coloured square."""
    rng = np.random.default_rng(seed)
    codes, pictures, right = rng.integers(3, size=rows), [], []
    for code in codes:
        picture = rng.normal(120, 25, (48, 48, 1)).repeat(3, axis=2)
        for _ in range(2):
            y, x = rng.integers(0, 34, 2)
            picture[y : y + 14, x : x + 14] = rng.integers(40, 200)
        y, x = rng.integers(0, 34, 2)
        picture[y : y + 14, x : x + 14] = COLOURS[code] + rng.normal(0, 15, (14, 14, 3))
        inside = np.zeros((48, 48), dtype=bool)
        inside[y : y + 14, x : x + 14] = True
        pictures.append(picture.clip(0, 255).astype(np.uint8))
        right.append(_points_at(inside))
    return _labelled(codes, right, {"photo": Image(size=48)}, ["colour"], photo=pictures)


def text(rows: int, seed: int, root: Path) -> Planted:
    """Fourteen words, one of which tells."""
    rng = np.random.default_rng(seed)
    codes, texts, right = rng.integers(3, size=rows), [], []
    for code in codes:
        words = rng.choice(NEUTRAL.split(), 14).tolist()
        telling = str(rng.choice(TELLING[code]))
        words[rng.integers(14)] = telling
        texts.append(" ".join(words))
        right.append(_named(telling))
    return _labelled(codes, right, {"note": Text()}, ["tfidf"], note=texts)


def chinese(rows: int, seed: int, root: Path) -> Planted:
    """Twenty characters, one of which tells."""
    rng = np.random.default_rng(seed)
    codes, texts, right = rng.integers(3, size=rows), [], []
    for code in codes:
        characters = rng.choice(list(NEUTRAL_ZH), 20).tolist()
        telling = str(rng.choice(list(TELLING_ZH[code])))
        characters[rng.integers(20)] = telling
        texts.append("".join(characters))
        right.append(_named(telling))
    return _labelled(codes, right, {"note": Text()}, ["tfidf"], note=texts)


def table(rows: int, seed: int, root: Path) -> Planted:
    """Eight numbers and two categories; one of the ten, another for each seed, tells."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(3, size=rows)
    columns = {f"n{i}": rng.normal(size=rows).round(3) for i in range(8)}
    columns |= {f"c{i}": rng.choice(["x", "y", "z"], rows) for i in range(2)}
    name = list(columns)[seed % 10]
    columns[name] = (
        np.array(["x", "y", "z"])[codes] if name[0] == "c" else (2.0 * codes + rng.normal(0, 0.4, rows)).round(3)
    )
    inputs = {"table": Tabular(columns=tuple(columns), categorical=("c0", "c1"))}
    return _labelled(codes, [_named(name)] * rows, inputs, ["onehot"], **columns)


def sequence(rows: int, seed: int, root: Path) -> Planted:
    """Eight frames of noise, one of which has a coloured square."""
    rng = np.random.default_rng(seed)
    codes, clips, right = rng.integers(3, size=rows), [], []
    for code in codes:
        frames = rng.normal(120, 25, (8, 24, 24, 1)).repeat(3, axis=3)
        place, (y, x) = int(rng.integers(8)), rng.integers(0, 8, 2)
        frames[place, y : y + 16, x : x + 16] = COLOURS[code] + rng.normal(0, 15, (16, 16, 3))
        clips.append(frames.clip(0, 255).astype(np.uint8))
        right.append(_named(f"frame {place + 1}"))
    return _labelled(codes, right, {"clip": Sequence(frames=8, size=24)}, ["frame_colour"], clip=clips)


def volume(rows: int, seed: int, root: Path) -> Planted:
    """Twelve slices of noise, one of which has a white or a black square; two classes, so that grey is neither."""
    rng = np.random.default_rng(seed)
    codes, scans, right = rng.integers(2, size=rows), [], []
    for code in codes:
        scan = rng.normal(120, 20, (12, 24, 24))
        place = int(rng.integers(12))
        scan[place, 4:20, 4:20] = (250, 5)[code]
        scans.append(scan.clip(0, 255).astype(np.uint8))
        right.append(_named(f"slice {place + 1}"))
    return _labelled(codes, right, {"scan": Volume(shape=(12, 24, 24), window=(0, 255))}, ["volume_shells"], scan=scans)


def audio(rows: int, seed: int, root: Path) -> Planted:
    """A second of hiss with a short tone, low, middle or high."""
    rng = np.random.default_rng(seed)
    codes, names, right = rng.integers(3, size=rows), [], []
    time = np.arange(8000) / 8000
    for row, code in enumerate(codes):
        start, pitch = rng.uniform(0, 0.75), (300, 1100, 3000)[code] * rng.uniform(0.95, 1.05)
        heard = (time >= start) & (time < start + 0.25)
        sound = 0.02 * rng.normal(size=8000) + 0.3 * heard * np.sin(2 * np.pi * pitch * time)
        names.append(f"{seed}-{row}.wav")
        soundfile.write(root / names[-1], sound, 8000)

        def meets(units: Units, unit: int, start: float = start, pitch: float = pitch) -> bool:
            when, band = units.labels[unit].split(", ")
            begin, end = map(float, when.removesuffix(" s").split("-"))
            low, high = map(float, band.removesuffix(" Hz").split("-"))
            return begin < start + 0.25 and end > start and low <= pitch <= high

        right.append(meets)
    return _labelled(codes, right, {"sound": Audio()}, ["logmel_statistics"], root, sound=names)


def series(rows: int, seed: int, root: Path) -> Planted:
    """Three channels of noise; in one of them a short bump up, down or both."""
    rng = np.random.default_rng(seed)
    codes, cells, right = rng.integers(3, size=rows), [], []
    for code in codes:
        values = rng.normal(0, 0.3, (64, 3))
        channel, start = int(rng.integers(3)), int(rng.integers(0, 52))
        values[start : start + 12, channel] += (3.0, -3.0, np.where(np.arange(12) < 6, 3.0, -3.0))[code]
        cells.append(json.dumps(values.round(3).tolist()))

        def meets(units: Units, unit: int, channel: int = channel, start: int = start) -> bool:
            name, steps = units.labels[unit].split(", steps ")
            first, last = map(int, steps.split("-"))
            return int(name) == channel and first <= start + 12 and last > start

        right.append(meets)
    return _labelled(codes, right, {"sensor": Series()}, ["series_statistics"], sensor=cells)


def points(rows: int, seed: int, root: Path) -> Planted:
    """A ball of points with a needle, a lump or a plate sticking out somewhere; without any, every class is as likely.

    A fifth of the rows is bare, so that models know it: else they take a bare ball for the class most like it.
    """
    rng = np.random.default_rng(seed)
    codes, clouds, right = rng.integers(3, size=rows), [], []
    for code in codes:
        ball = rng.normal(size=(220, 3))
        ball /= np.linalg.norm(ball, axis=1, keepdims=True)
        out = rng.normal(size=3)
        out /= np.linalg.norm(out)
        side = np.cross(out, rng.normal(size=3))
        side /= np.linalg.norm(side)
        along, across = rng.uniform(1.1, 2.6, (36, 1)), rng.uniform(-0.7, 0.7, (36, 1))
        shape = (out * along, 1.5 * out + 0.1 * rng.normal(size=(36, 3)), 1.8 * out + side * across * 2)[code]
        bare = rng.random() < 0.2
        cloud = ball if bare else np.vstack([ball, shape])
        clouds.append(cloud)

        def meets(units: Units, unit: int, out: np.ndarray = out, cloud: np.ndarray = cloud) -> bool:
            part = units.row.arrays["points"][0, 0][units.parts[0] == unit].mean(axis=0) + cloud.mean(axis=0)
            return bool(np.linalg.norm(part) > 1 and part @ out > 0.7 * np.linalg.norm(part))

        right.append(None if bare else meets)
    return _labelled(codes, right, {"cloud": Points(count=256)}, ["shape_distributions"], cloud=clouds)


#: Data by what is to be found.
PLANTED: dict[str, Callable[[int, int, Path], Planted]] = {
    "region": image,
    "word": text,
    "character": chinese,
    "column": table,
    "frame": sequence,
    "slice": volume,
    "band": audio,
    "stretch": series,
    "part": points,
}
