"""Settings of a learner as plain data, so that a saved model knows how it was made."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from polysight.core.config import describe
from polysight.core.errors import ConfigError


def as_plain(value: Any, *, where: str) -> Any:
    """A constructor argument as JSON: specs as they are, values with a ``kind`` as their specs.

    Raises:
        ConfigError: An object that was built by hand and does not say how.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): as_plain(item, where=f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(item, where=where) for item in value]
    if dataclasses.is_dataclass(value) and hasattr(value, "kind"):
        return as_plain(describe(value), where=where)
    raise ConfigError(
        f"a {type(value).__name__} built by hand cannot be saved with the model",
        where=where,
        fix="give its kind and options instead, such as {'kind': 'gated'}",
    )
