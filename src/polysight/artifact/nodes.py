"""Decision trees as arrays: their compiled code follows indices unchecked, so they are checked before they are built.

Both kinds of scikit-learn tree are node tables. A table is a tree when every node but the first is the child of
exactly one node that stands before it; then no walk leaves the table, and every walk ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Int
from sklearn.ensemble._hist_gradient_boosting.common import PREDICTOR_RECORD_DTYPE
from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor
from sklearn.tree._tree import NODE_DTYPE, Tree

from polysight.artifact.unsound import require, require_array
from polysight.core.errors import IncompatibleError

State = dict[str, Any]


def tree_to_state(tree: Any) -> State:
    """The arrays of a ``Tree``, the node table as bytes."""
    _, (n_features, n_classes, n_outputs), state = tree.__reduce__()
    return {
        "n_features": int(n_features),
        "n_outputs": int(n_outputs),
        "n_classes": np.asarray(n_classes, dtype=np.int64),
        "max_depth": int(state["max_depth"]),
        "nodes": _as_bytes(state["nodes"]),
        "values": state["values"],
    }


def tree_from_state(state: Mapping[str, Any], *, n_features: int) -> Any:
    """The ``Tree`` of these arrays.

    Raises:
        Unsound: An index leaves the table or the features, or the table is not a tree.
        IncompatibleError: Another version of scikit-learn lays out its nodes differently.
    """
    require(state["n_features"] == n_features, "a tree is about other features than its owner")
    outputs, n_classes = state["n_outputs"], state["n_classes"]
    require(type(outputs) is int and 1 <= outputs <= 10_000, "a tree has an impossible number of outputs")
    require_array(n_classes, "n_classes", dtype=np.int64, shape=(outputs,))
    require(bool((n_classes >= 1).all()), "a tree has an output without classes")
    nodes = _from_bytes(state["nodes"], NODE_DTYPE)
    inner = np.flatnonzero(nodes["left_child"] != -1)
    require(np.array_equal(inner, np.flatnonzero(nodes["right_child"] != -1)), "a node has one child only")
    left, right = nodes["left_child"][inner], nodes["right_child"][inner]
    _require_tree(inner, left, right, len(nodes))
    _require_features(nodes["feature"][inner], n_features)
    # Walks are recorded in a buffer of this depth.
    depth = _depth(nodes["left_child"], nodes["right_child"])
    require(
        type(state["max_depth"]) is int and depth <= state["max_depth"] < len(nodes), "a tree is deeper than it says"
    )
    values = state["values"]
    require_array(values, "values", dtype=np.float64, shape=(len(nodes), outputs, int(n_classes.max())))
    tree = Tree(n_features, n_classes.astype(np.intp), outputs)
    tree.__setstate__(
        {
            "max_depth": state["max_depth"],
            "node_count": len(nodes),
            "nodes": nodes,
            "values": np.ascontiguousarray(values),
        }
    )
    return tree


def predictor_to_state(predictor: Any) -> State:
    """The arrays of a tree of histogram gradient boosting, the node table as bytes."""
    return {
        "nodes": _as_bytes(predictor.nodes),
        "binned": predictor.binned_left_cat_bitsets,
        "raw": predictor.raw_left_cat_bitsets,
    }


def predictor_from_state(state: Mapping[str, Any], *, categorical: Int[np.ndarray, " feature"]) -> Any:
    """The ``TreePredictor`` of these arrays.

    Args:
        state: What ``predictor_to_state`` gave.
        categorical: Which features are categorical (1) in the eyes of the bin mapper.

    Raises:
        Unsound: An index leaves the table, the features or the category sets, or the table is not a tree.
        IncompatibleError: Another version of scikit-learn lays out its nodes differently.
    """
    nodes = _from_bytes(state["nodes"], PREDICTOR_RECORD_DTYPE)
    raw, binned = state["raw"], state["binned"]
    for name, sets in (("raw", raw), ("binned", binned)):
        require_array(sets, name, dtype=np.uint32, shape=(len(raw), 8))
    inner = np.flatnonzero(nodes["is_leaf"] == 0)
    split = nodes[inner]
    _require_tree(inner, split["left"].astype(np.int64), split["right"].astype(np.int64), len(nodes))
    _require_features(split["feature_idx"], len(categorical))
    by_category = split[split["is_categorical"] != 0]
    require(bool((by_category["bitset_idx"] < len(raw)).all()), "a tree names a set of categories that is not there")
    require(bool((categorical[by_category["feature_idx"]] == 1).all()), "a tree splits a number by category")
    return TreePredictor(nodes, np.ascontiguousarray(binned), np.ascontiguousarray(raw))


def _as_bytes(nodes: np.ndarray) -> np.ndarray:
    return np.frombuffer(nodes.tobytes(), dtype=np.uint8).reshape(len(nodes), nodes.dtype.itemsize)


def _from_bytes(table: Any, dtype: Any) -> np.ndarray:
    require_array(table, "nodes", dtype=np.uint8, shape=(len(table), None))
    dtype = np.dtype(dtype)
    if table.shape[1] != dtype.itemsize:
        raise IncompatibleError(
            "its trees were written by another version of scikit-learn",
            fix="install the version that manifest.json names, or train again",
        )
    require(len(table) > 0, "a tree has no nodes")
    return np.ascontiguousarray(table).view(dtype)[:, 0]


def _require_tree(inner: np.ndarray, left: np.ndarray, right: np.ndarray, size: int) -> None:
    children = np.concatenate([left, right])
    once = np.array_equal(np.sort(children), np.arange(1, size))
    require(once and bool((left > inner).all() and (right > inner).all()), "a table of nodes is not a tree")


def _require_features(features: np.ndarray, count: int) -> None:
    require(bool(((features >= 0) & (features < count)).all()), "a tree asks for a feature that is not there")


def _depth(left: np.ndarray, right: np.ndarray) -> int:
    """The depth of what is known to be a tree, level by level."""
    depth, level = 0, np.array([0])
    while len(level := level[left[level] != -1]):
        depth, level = depth + 1, np.concatenate([left[level], right[level]])
    return depth
