"""A small table of pictures, notes and numbers with nothing wrong in it, to plant faults in."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"
CLASSES = ("fresh", "ripe")
ROWS, TEST_ROWS = 80, 40
#: When every file was written.
WRITTEN = 1_700_000_000


@dataclass
class Tables:
    """The two tables, and the folder their files are in."""

    folder: Path
    train: pd.DataFrame
    test: pd.DataFrame
    group: str | None = "customer"

    def write(self) -> None:
        for name in ("train", "test"):
            getattr(self, name).to_csv(self.folder / f"{name}.csv", index=False)

    def picture(self, name: str) -> np.ndarray:
        return np.asarray(Image.open(self.folder / name))

    def save(self, pixels: np.ndarray, name: str, **options) -> str:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(pixels).save(path, **options)
        os.utime(path, (WRITTEN, WRITTEN))
        return name


def healthy(folder: Path) -> Tables:
    rng = np.random.default_rng(7)
    words = ["".join(rng.choice(list(s)) for s in (CONSONANTS, VOWELS, CONSONANTS, VOWELS)) for _ in range(300)]
    tables = Tables(folder, pd.DataFrame(), pd.DataFrame())
    names = iter(rng.permutation(1000))
    tables.train = part(tables, ROWS, 0, words, names, rng)
    tables.test = part(tables, TEST_ROWS, 100, words, names, rng)
    return tables


def part(tables: Tables, rows: int, first_customer: int, words, names, rng) -> pd.DataFrame:
    codes = rng.permutation(np.arange(rows) % 2)
    return pd.DataFrame(
        {
            "photo": [tables.save(pixels(code, rng), f"photos/p{next(names):03d}.png") for code in codes],
            "note": [note(code, words, rng) for code in codes],
            "weight": (100 + 8 * codes + rng.normal(0, 6, rows)).round(2),
            "colour": rng.choice(["red", "green", "mixed"], rows),
            "customer": [f"c{first_customer + row // 2}" for row in range(rows)],
            "state": [CLASSES[code] for code in codes],
        }
    )


def pixels(code: int, rng) -> np.ndarray:
    """Coarse noise that no two pictures share, brighter on the side of the class."""
    coarse = rng.integers(0, 120, (8, 8, 3))
    coarse[:, slice(0, 4) if code else slice(4, 8)] += 90
    return np.kron(coarse, np.ones((4, 4, 1))).astype(np.uint8)


def note(code: int, words, rng) -> str:
    """Sixteen words, four of them of the class."""
    own = words[:20] if code else words[20:40]
    said = [*rng.choice(own, 4), *rng.choice(words[40:], 12)]
    return " ".join(rng.permutation(said))
