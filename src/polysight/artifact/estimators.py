"""scikit-learn parts: an object as the name of its class and its attributes, and back. Nothing is ever unpickled.

A class is looked up only if ``trusted`` lists it; its object is made without calling its constructor and checked
before anyone gets to see it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import sklearn
from scipy.sparse import csc_array, csc_matrix, csr_array, csr_matrix

from polysight.artifact.boosting import boosting_from_state, boosting_to_state
from polysight.artifact.nodes import tree_from_state, tree_to_state
from polysight.artifact.soundness import check, width_of

State = dict[str, Any]

#: The sparse matrices that can be saved.
SPARSE = {cls.__name__: cls for cls in (csc_array, csc_matrix, csr_array, csr_matrix)}


def named(full_name: str) -> Any:
    """The class or function of a full name that has been found in a table of ``trusted``."""
    module, _, name = full_name.rpartition(".")
    return getattr(importlib.import_module(module), name)


def object_to_state(thing: Any) -> State:
    """The attributes of an object of a trusted class.

    Raises:
        Unsound: Its numbers do not fit together.
    """
    name = f"{type(thing).__module__}.{type(thing).__qualname__}"
    check(name, thing)
    take, _ = _FAMILIES.get(name, _PLAIN)
    state = take(thing)
    state.pop("_sklearn_version", None)
    return state


def object_from_state(name: str, state: Mapping[str, Any]) -> Any:
    """The object of a trusted class with these attributes.

    Raises:
        Unsound: Its numbers do not fit together.
    """
    _, give = _FAMILIES.get(name, _PLAIN)
    # The folder compares versions and says so once; scikit-learn would for each part.
    thing = give(named(name), {**state, "_sklearn_version": sklearn.__version__})
    check(name, thing)
    return thing


def sparse_to_state(matrix: Any) -> State:
    """The three arrays of a compressed sparse matrix."""
    kind = type(matrix).__name__
    shape = [int(size) for size in matrix.shape]
    return {"format": kind, "shape": shape, "data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr}


def sparse_from_state(state: Mapping[str, Any]) -> Any:
    """The sparse matrix of three arrays, whose indices are checked one by one."""
    parts = (state["data"], state["indices"], state["indptr"])
    matrix = SPARSE[state["format"]](parts, shape=tuple(state["shape"]))
    matrix.check_format(full_check=True)
    return matrix


def _attributes(thing: Any) -> State:
    return dict(thing.__getstate__())


def _with_attributes(cls: Any, state: Mapping[str, Any]) -> Any:
    thing = cls.__new__(cls)
    restore: Callable[[Any], None] = getattr(thing, "__setstate__", vars(thing).update)
    restore(dict(state))
    return thing


def _bunch_from_state(cls: Any, state: Mapping[str, Any]) -> Any:
    return cls(**{name: value for name, value in state.items() if name != "_sklearn_version"})


def _tree_owner_to_state(thing: Any) -> State:
    state = _attributes(thing)
    return state | ({"tree_": tree_to_state(state["tree_"])} if "tree_" in state else {})


def _tree_owner_from_state(cls: type[Any], state: Mapping[str, Any]) -> Any:
    owner = _with_attributes(cls, {name: value for name, value in state.items() if name != "tree_"})
    if "tree_" in state:
        owner.tree_ = tree_from_state(state["tree_"], n_features=width_of(owner))
    return owner


_Family = tuple[Callable[[Any], State], Callable[[type[Any], Mapping[str, Any]], Any]]
_PLAIN: _Family = (_attributes, _with_attributes)
#: The classes that are more than their attributes, with how they are taken apart and put together.
_FAMILIES: Mapping[str, _Family] = {
    "sklearn.utils._bunch.Bunch": (dict, _bunch_from_state),
    **{
        f"sklearn.tree._classes.{name}": (_tree_owner_to_state, _tree_owner_from_state)
        for name in ("DecisionTreeClassifier", "DecisionTreeRegressor", "ExtraTreeClassifier", "ExtraTreeRegressor")
    },
    **{
        f"sklearn.ensemble._hist_gradient_boosting.gradient_boosting.{name}": (boosting_to_state, boosting_from_state)
        for name in ("HistGradientBoostingClassifier", "HistGradientBoostingRegressor")
    },
}
