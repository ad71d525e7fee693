"""PCD: point clouds behind a header of text, written as text or as binary records.

Source: R. Rusu, "The PCD (Point Cloud Data) file format", pointclouds.org.
Departures: of the fields, x, y, z and ``intensity`` are read; ``binary_compressed`` is refused.
"""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

from polysight.core.errors import UnreadableCellError

_LARGEST_HEADER = 10_000
_KINDS = {"F": "f", "U": "u", "I": "i"}
_RESAVE = "save it again as .ply or as binary .pcd"


def read_pcd(content: bytes) -> np.ndarray:
    """The points of a file: x, y, z and, where there is one, intensity.

    Raises:
        UnreadableCellError: ``corrupt``, ``unknown_encoding`` or ``truncated``.
    """
    header, start = _header(content)
    try:
        names, dtype, count = _layout(header)
    except (KeyError, ValueError, TypeError) as error:
        raise UnreadableCellError("corrupt", f"the header is damaged: {error}", fix=_RESAVE) from None
    encoding = header["DATA"][0].lower()
    records: np.ndarray | pd.DataFrame
    if encoding == "ascii":
        records = _text_records(content[start:], names, count)
    elif encoding == "binary":
        if len(content) - start < count * dtype.itemsize:
            what = f"the file is cut short: announces {count:,} points"
            raise UnreadableCellError("truncated", what, fix="copy it again")
        records = np.frombuffer(content, dtype=dtype, count=count, offset=start)
    else:
        raise UnreadableCellError(
            "unknown_encoding", f"its data are {encoding!r}; ascii and binary are read", fix=_RESAVE
        )
    wanted = [name for name in ("x", "y", "z", "intensity") if name in names]
    if wanted[:3] != ["x", "y", "z"]:
        raise UnreadableCellError("corrupt", f"has the fields {', '.join(names)}, not x, y and z", fix=_RESAVE)
    return np.column_stack([np.asarray(records[name], dtype=np.float64) for name in wanted])


def _header(content: bytes) -> tuple[dict[str, list[str]], int]:
    fields: dict[str, list[str]] = {}
    start = 0
    while "DATA" not in fields:
        end = content.find(b"\n", start, _LARGEST_HEADER)
        if end < 0:
            raise UnreadableCellError("corrupt", "the header does not end in DATA", fix=_RESAVE)
        words = content[start:end].decode("latin-1").split()
        if words and not words[0].startswith("#"):
            fields[words[0].upper()] = words[1:]
        start = end + 1
    return fields, start


def _layout(header: dict[str, list[str]]) -> tuple[list[str], np.dtype, int]:
    names = [name.lower() for name in header["FIELDS"]]
    counts = [int(number) for number in header.get("COUNT", ["1"] * len(names))]
    kinds = [f"<{_KINDS[kind]}{size}" for kind, size in zip(header["TYPE"], header["SIZE"], strict=True)]
    # Fields of the same name (padding, often) are told apart by their place.
    unique = [name if names.index(name) == place else f"{name} {place}" for place, name in enumerate(names)]
    dtype = np.dtype([(n, k) if c == 1 else (n, k, (c,)) for n, k, c in zip(unique, kinds, counts, strict=True)])
    points = int(header["POINTS"][0]) if "POINTS" in header else int(header["WIDTH"][0]) * int(header["HEIGHT"][0])
    return unique, dtype, points


def _text_records(data: bytes, names: list[str], count: int) -> pd.DataFrame:
    try:
        table = pd.read_csv(
            io.BytesIO(data), sep=r"\s+", header=None, names=names, dtype=np.float64, nrows=count, index_col=False
        )
    except (ValueError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        if not count:
            return pd.DataFrame({name: np.zeros(0) for name in names})
        raise UnreadableCellError("corrupt", f"a line holds no numbers: {error}"[:200], fix=_RESAVE) from None
    if len(table) < count:
        what = f"the file is cut short: announces {count:,} points and holds {len(table):,}"
        raise UnreadableCellError("truncated", what, fix="copy it again")
    return table
