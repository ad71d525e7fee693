"""Unsound: a part whose numbers contradict each other, found before compiled code relies on them."""

from __future__ import annotations

from typing import Any

import numpy as np


class Unsound(Exception):  # noqa: N818 - an inner signal: the folder turns it into CorruptError, saving into TypeError
    """A part that must not be used: its sizes or indices do not fit together."""


def require(condition: bool, otherwise: str) -> None:
    """Raise ``Unsound(otherwise)`` unless the condition holds."""
    if not condition:
        raise Unsound(otherwise)


def require_array(value: Any, name: str, *, dtype: Any = None, shape: tuple[int | None, ...]) -> None:
    """Require an array of this shape (None: any length) and, if given, exactly this dtype."""
    fits = (
        isinstance(value, np.ndarray)
        and value.ndim == len(shape)
        and all(wanted in (None, size) for wanted, size in zip(shape, value.shape, strict=True))
        and (dtype is None or value.dtype == dtype)
    )
    require(fits, f"{name} is not an array of shape {shape}")
