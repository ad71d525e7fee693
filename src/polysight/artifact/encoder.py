"""The encoder: takes a tree of plain values, arrays and scikit-learn parts apart into JSON and named arrays.

In the JSON, an object with the key ``$`` stands for something JSON has not: ``{"$": "array", "name": "7"}``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, NoReturn

import numpy as np
from scipy.sparse import issparse

from polysight.artifact.trusted import CLASSES, FUNCTIONS, TYPES
from polysight.artifact.unsound import Unsound

Json = Any


class Encoder:
    """Takes one tree apart.

    Attributes:
        arrays: The numeric arrays met so far, by name; not copied where they are contiguous.
    """

    def __init__(self) -> None:
        self.arrays: dict[str, np.ndarray] = {}
        # The arrays themselves are held too, or an identity could come back for another array.
        self._seen: dict[int, tuple[np.ndarray, Json]] = {}

    def encode(self, value: Any, path: str = "") -> Json:
        """The JSON of a value.

        Raises:
            TypeError: A value that cannot be saved; says where in the tree it is.
        """
        encode = self._BY_TYPE.get(type(value))
        if encode is not None:
            return encode(self, value, path)
        for belongs, encode in self._BY_PROPERTY:
            if belongs(value):
                return encode(self, value, path)
        return _refuse(path, f"a {type(value).__name__} cannot be saved")

    def _plain(self, value: Any, path: str) -> Json:
        return value

    def _float(self, value: float, path: str) -> Json:
        return value if math.isfinite(value) else {"$": "float", "value": repr(value)}

    def _list(self, value: list[Any], path: str) -> Json:
        return [self.encode(item, f"{path}[{i}]") for i, item in enumerate(value)]

    def _tuple(self, value: tuple[Any, ...], path: str) -> Json:
        return {"$": "tuple", "items": self._list(list(value), path)}

    def _dict(self, value: dict[Any, Any], path: str) -> Json:
        if "$" not in value and all(type(key) is str for key in value):
            return {key: self.encode(item, f"{path}.{key}".lstrip(".")) for key, item in value.items()}
        for key in value:
            if not isinstance(key, (str, int, float, np.generic)):
                _refuse(path, f"the key {key!r} is neither text nor a number")
        items = [[self.encode(key, path), self.encode(item, f"{path}[{key!r}]")] for key, item in value.items()]
        return {"$": "dict", "items": items}

    def _array(self, value: np.ndarray, path: str) -> Json:
        if id(value) not in self._seen:
            self._seen[id(value)] = value, self._new_array(value, path)
        return self._seen[id(value)][1]

    def _new_array(self, value: np.ndarray, path: str) -> Json:
        shape = list(value.shape)
        if value.dtype.kind == "U":
            return {"$": "text", "shape": shape, "items": value.ravel().tolist()}
        if value.dtype.kind == "O":
            return {"$": "objects", "shape": shape, "items": self._list(value.ravel().tolist(), path)}
        if f"numpy.{value.dtype.name}" not in TYPES:
            _refuse(path, f"an array of dtype {value.dtype} cannot be saved")
        # Column-major arrays stay so: with another layout, products of matrices may differ in the last digit.
        order = "F" if value.ndim > 1 and value.flags.f_contiguous and not value.flags.c_contiguous else "C"
        name = str(len(self.arrays))
        self.arrays[name] = np.asarray(value.T if order == "F" else value, value.dtype.newbyteorder("="), order="C")
        return {"$": "array", "name": name} | ({"order": order} if order == "F" else {})

    def _slice(self, value: slice, path: str) -> Json:
        return {"$": "slice", "items": [self.encode(part, path) for part in (value.start, value.stop, value.step)]}

    def _scalar(self, value: np.generic, path: str) -> Json:
        name = type(value).__name__
        if f"numpy.{name}" not in TYPES:
            _refuse(path, f"a NumPy {name} cannot be saved")
        return {"$": "scalar", "type": f"numpy.{name}", "value": self.encode(value.item(), path)}

    def _dtype(self, value: np.dtype[Any], path: str) -> Json:
        return {"$": "dtype", "type": self._type(value.type, path)["type"]}

    def _type(self, value: type[Any], path: str) -> Json:
        return {"$": "type", "type": _listed(value, TYPES, path)}

    def _function(self, value: Any, path: str) -> Json:
        return {"$": "function", "function": _listed(value, FUNCTIONS, path)}

    def _partial(self, value: partial[Any], path: str) -> Json:
        arguments = {"args": self.encode(list(value.args), path), "keywords": self.encode(value.keywords, path)}
        return {"$": "partial", "function": _listed(value.func, FUNCTIONS, path), **arguments}

    def _sparse(self, value: Any, path: str) -> Json:
        # Imported here: a second of scikit-learn that models without such parts do without.
        from polysight.artifact.estimators import SPARSE, sparse_to_state

        if type(value).__name__ not in SPARSE:
            _refuse(path, f"a {type(value).__name__} cannot be saved: convert it to CSR")
        return {"$": "sparse", "state": self.encode(sparse_to_state(value), path)}

    def _object(self, value: Any, path: str) -> Json:
        from polysight.artifact.estimators import object_to_state

        name = _listed(type(value), CLASSES, path)
        try:
            state = object_to_state(value)
        except Unsound as error:
            _refuse(path, f"this {type(value).__name__} cannot be saved: {error}")
        return {"$": "object", "class": name, "state": self.encode(state, path)}

    _BY_TYPE: ClassVar[Mapping[type[Any], Callable[[Encoder, Any, str], Json]]] = {
        **dict.fromkeys((type(None), bool, int, str), _plain),
        float: _float,
        list: _list,
        tuple: _tuple,
        dict: _dict,
        np.ndarray: _array,
        slice: _slice,
        partial: _partial,
    }
    _BY_PROPERTY: ClassVar[tuple[tuple[Callable[[Any], bool], Callable[[Encoder, Any, str], Json]], ...]] = (
        (lambda value: isinstance(value, np.generic), _scalar),
        (lambda value: isinstance(value, np.dtype), _dtype),
        (lambda value: isinstance(value, type), _type),
        (issparse, _sparse),
        (lambda value: type(value).__module__.startswith("sklearn."), _object),
        (callable, _function),
    )


def _listed(thing: Any, table: frozenset[str], path: str) -> str:
    name = f"{getattr(thing, '__module__', '')}.{getattr(thing, '__qualname__', '')}"
    return name if name in table else _refuse(path, f"{name} is not on the list of what can be saved")


def _refuse(path: str, why: str) -> NoReturn:
    raise TypeError(f"{path or 'the tree'}: {why}")
