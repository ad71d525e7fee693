"""Media: what the suffix of a file name says about its content, and whether cells look like file names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

#: Suffixes of the files that tables name, by what the column is called when a folder becomes a table.
SUFFIXES: Mapping[str, frozenset[str]] = {
    "image": frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm"}),
    "audio": frozenset({".wav", ".flac", ".ogg", ".mp3", ".m4a", ".aac", ".opus", ".aif", ".aiff"}),
    "video": frozenset(
        {".mp4", ".m4v", ".avi", ".mov", ".mkv", ".webm", ".mpg", ".mpeg", ".ogv", ".flv", ".wmv", ".3gp", ".y4m"}
    ),
    "volume": frozenset({".npy", ".npz", ".nii", ".gz", ".dcm", ".dicom", ".ima", ".nrrd", ".mha"}),
    "points": frozenset({".ply", ".obj", ".stl", ".off", ".pcd", ".bin", ".las", ".xyz", ".glb"}),
    "series": frozenset({".csv", ".tsv", ".parquet"}),
    "text": frozenset({".txt", ".json", ".pdf", ".xml", ".html"}),
}

_KIND_OF = {suffix: kind for kind, suffixes in SUFFIXES.items() for suffix in suffixes}
#: Longer cells are text that ends like a file name.
_LONGEST_PATH = 1024


def media_kind(name: str) -> str | None:
    """``image``, ``audio``... from the suffix of a file name; None when it says nothing.

    Example:
        >>> media_kind("scans/01.PNG"), media_kind("3.5")
        ('image', None)
    """
    return _KIND_OF.get(PurePosixPath(name.replace("\\", "/")).suffix.lower())


def is_file_name(cell: str) -> bool:
    """Whether a cell looks like the name of one file: one line that ends in a known suffix, and no web address."""
    cell = cell.strip()
    if len(cell) > _LONGEST_PATH or "\n" in cell or "://" in cell:
        return False
    return media_kind(cell) is not None
