"""Fonts for figures: any script that a font of this machine has; what none has is told, not warned about."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from matplotlib import font_manager

#: Comes with matplotlib and is always there.
DEFAULT = "DejaVu Sans"
#: How files of fonts with Chinese, Japanese and Korean letters begin, best first: Linux, Windows, macOS.
CJK_FILES = (
    "notosanscjk",
    "notosanssc",
    "sourcehansans",
    "wqy-microhei",
    "wqy-zenhei",
    "droidsansfallback",
    "msyh",
    "simhei",
    "simsun",
    "pingfang",
    "hiragino sans gb",
    "stheiti",
    "arial unicode",
)


def families() -> list[str]:
    """The families to draw with: a letter comes from the first that has it."""
    # By file, because matplotlib's own list of families is as old as its cache.
    files = sorted(map(Path, font_manager.findSystemFonts()), key=lambda file: ("bold" in file.stem.lower(), file))
    suited = [file for start in CJK_FILES for file in files if file.stem.lower().startswith(start)]
    return [DEFAULT, *_first_usable(suited)]


@contextmanager
def missing_letters() -> Iterator[list[str]]:
    """Collect matplotlib's warnings about letters that no font has; other warnings go on as they are."""
    letters: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield letters
    for warning in caught:
        text = str(warning.message)
        if text.startswith("Glyph ") and "missing from" in text:
            letters.append(text)
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


def _first_usable(files: Sequence[Path]) -> list[str]:
    """The family of the first file that can be read, simplified Chinese where a file holds several; or nothing."""
    for file in files:
        names = _names(file)
        if not names:
            try:
                font_manager.fontManager.addfont(file)
            except (OSError, RuntimeError):
                continue
            names = _names(file)
        return sorted(names, key=lambda name: not name.endswith(" SC"))[:1]
    return []


def _names(file: Path) -> list[str]:
    return [entry.name for entry in font_manager.fontManager.ttflist if entry.fname == str(file)]
