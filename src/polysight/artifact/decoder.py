"""The decoder: puts a tree together again from JSON and named arrays; makes what is listed, and nothing else."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping
from functools import partial
from math import prod
from typing import Any, ClassVar

import numpy as np

from polysight.artifact.trusted import CLASSES, FUNCTIONS, TYPES
from polysight.artifact.unsound import require
from polysight.core.errors import UntrustedError

Json = Any

_HOMES = {"builtins": builtins, "numpy": np}


class Decoder:
    """Puts one tree together.

    Args:
        arrays: The arrays that ``Encoder`` set aside, by name.
    """

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        self._arrays = arrays

    def decode(self, node: Json) -> Any:
        """The value of some JSON.

        Raises:
            UntrustedError: It names a class, function or type that is not listed; nothing was imported or called.
            Unsound: A part contradicts itself.
            KeyError, TypeError, ValueError, AttributeError: The JSON is not what ``Encoder`` writes.
        """
        if isinstance(node, list):
            return [self.decode(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$" not in node:
            return {key: self.decode(item) for key, item in node.items()}
        return self._BY_TAG[_listed(node["$"], self._BY_TAG)](self, node)

    def _float(self, node: Json) -> float:
        return float(node["value"])

    def _tuple(self, node: Json) -> tuple[Any, ...]:
        return tuple(self.decode(item) for item in node["items"])

    def _dict(self, node: Json) -> dict[Any, Any]:
        return {self.decode(key): self.decode(item) for key, item in node["items"]}

    def _array(self, node: Json) -> np.ndarray:
        array = self._arrays[node["name"]]
        return array.T if node.get("order") == "F" else array

    def _text(self, node: Json) -> np.ndarray:
        require(all(type(item) is str for item in node["items"]), "an array of text holds something else")
        return np.array(node["items"], dtype=np.str_).reshape(node["shape"])

    def _objects(self, node: Json) -> np.ndarray:
        require(prod(node["shape"]) == len(node["items"]), "an array has another shape than its items")
        array = np.empty(len(node["items"]), dtype=object)
        for position, item in enumerate(node["items"]):
            array[position] = self.decode(item)
        return array.reshape(node["shape"])

    def _slice(self, node: Json) -> slice:
        return slice(*(self.decode(part) for part in node["items"]))

    def _type(self, node: Json) -> Any:
        module, _, name = _listed(node["type"], TYPES).rpartition(".")
        return getattr(_HOMES[module], name)

    def _scalar(self, node: Json) -> Any:
        return self._type(node)(self.decode(node["value"]))

    def _dtype(self, node: Json) -> np.dtype[Any]:
        return np.dtype(self._type(node))

    def _function(self, node: Json) -> Any:
        # Imported here: a second of scikit-learn that models without such parts do without.
        from polysight.artifact.estimators import named

        return named(_listed(node["function"], FUNCTIONS))

    def _partial(self, node: Json) -> partial[Any]:
        return partial(self._function(node), *self.decode(node["args"]), **self.decode(node["keywords"]))

    def _sparse(self, node: Json) -> Any:
        from polysight.artifact.estimators import sparse_from_state

        return sparse_from_state(self.decode(node["state"]))

    def _object(self, node: Json) -> Any:
        name = _listed(node["class"], CLASSES)
        from polysight.artifact.estimators import object_from_state

        return object_from_state(name, self.decode(node["state"]))

    _BY_TAG: ClassVar[Mapping[str, Callable[[Decoder, Json], Any]]] = {
        "float": _float,
        "tuple": _tuple,
        "dict": _dict,
        "array": _array,
        "text": _text,
        "objects": _objects,
        "slice": _slice,
        "type": _type,
        "scalar": _scalar,
        "dtype": _dtype,
        "function": _function,
        "partial": _partial,
        "sparse": _sparse,
        "object": _object,
    }


def _listed(name: Any, table: Mapping[str, Any] | frozenset[str]) -> str:
    if not isinstance(name, str) or name not in table:
        raise UntrustedError(
            f"names {name!r}, which polysight never writes; nothing of it was executed",
            fix="load only models from people you trust, written by polysight",
        )
    return name
