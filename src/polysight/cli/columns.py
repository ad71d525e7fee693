"""Columns: rows of text with their cells under each other, on a terminal where some letters are two places wide."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """The rows as lines, two blanks between columns.

    Args:
        rows: Cells; each row has as many.
    """
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell + " " * (w - width(cell)) for cell, w in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def width(text: str) -> int:
    """The places a text takes on a terminal: two for each wide letter, such as Chinese ones."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
