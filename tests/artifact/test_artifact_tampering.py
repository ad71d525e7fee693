"""Forged models, their checksums made right: refused before anything runs or reads outside its arrays.

Each forgery here made scikit-learn read or write outside its arrays, or would have, when it was left unchecked.
"""

import sys

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.ensemble._hist_gradient_boosting.common import PREDICTOR_RECORD_DTYPE
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import OneHotEncoder
from sklearn.svm import SVC
from sklearn.tree._tree import NODE_DTYPE

from polysight.artifact import read, write
from polysight.core.errors import CorruptError, IncompatibleError, UntrustedError

RNG = np.random.default_rng(0)
NUMBERS = RNG.normal(size=(120, 4))
MIXED = np.column_stack([RNG.integers(0, 6, 120), NUMBERS[:, 1:]])
LABELS = RNG.integers(0, 3, 120)
WORDS = np.array([["x"], ["y"], ["z"]] * 40, dtype=object)
BILLION = 10**9


@pytest.fixture
def forge(tmp_path, alter):
    """``forge(part, change)``: save a part, let ``change(state, arrays)`` alter it, read it."""

    def forged(part, change):
        write(tmp_path / "model", part, kind="test")
        alter(tmp_path / "model", lambda structure, arrays: change(structure["state"], arrays))
        return read(tmp_path / "model")

    return forged


def test_a_model_that_was_not_altered_is_read(forge):
    part = RandomForestClassifier(2, random_state=0).fit(NUMBERS, LABELS)
    np.testing.assert_array_equal(forge(part, lambda *_: None).predict(NUMBERS), part.predict(NUMBERS))


def field(state, arrays, dtype, name):
    """A writable view of one column of a node table."""
    return arrays[state["nodes"]["name"]].view(dtype)[:, 0][name]


def put(index, value, *, of):
    """A change of one number of a node table."""

    def change(tree, arrays, dtype):
        field(tree, arrays, dtype, of)[index] = value

    return change


TREES = [
    put(0, 5_000_000, of="left_child"),
    put(0, -5, of="left_child"),
    put(0, 0, of="right_child"),
    put(0, 1, of="right_child"),
    put(0, -1, of="left_child"),
    put(0, 4, of="feature"),
    put(0, -1, of="feature"),
    lambda tree, arrays, _: tree.update(n_features=5),
    lambda tree, arrays, _: tree.update(max_depth=0),
    lambda tree, arrays, _: tree.update(n_outputs=2),
    lambda tree, arrays, _: arrays.update({tree["values"]["name"]: arrays[tree["values"]["name"]][:-1]}),
    lambda tree, arrays, _: arrays.update({tree["nodes"]["name"]: arrays[tree["nodes"]["name"]][:-1]}),
    lambda tree, arrays, _: arrays.update({tree["nodes"]["name"]: arrays[tree["nodes"]["name"]][:0]}),
]


@pytest.mark.parametrize("change", TREES)
@pytest.mark.parametrize("forest", [RandomForestClassifier, ExtraTreesClassifier])
def test_a_forged_tree_is_refused(forge, forest, change):
    part = forest(2, random_state=0).fit(NUMBERS, LABELS)
    with pytest.raises(CorruptError, match="not as it was written"):
        forge(part, lambda state, arrays: change(state["estimators_"][1]["state"]["tree_"], arrays, NODE_DTYPE))


def test_a_tree_of_another_layout_is_incompatible(forge):
    def change(state, arrays):
        name = state["estimators_"][0]["state"]["tree_"]["nodes"]["name"]
        arrays[name] = np.ascontiguousarray(arrays[name][:, :-8])

    with pytest.raises(IncompatibleError, match="another version of scikit-learn"):
        forge(RandomForestClassifier(2, random_state=0).fit(NUMBERS, LABELS), change)


def test_a_tree_about_other_features_than_its_forest_is_refused(forge):
    with pytest.raises(CorruptError):
        forge(
            RandomForestClassifier(2, random_state=0).fit(NUMBERS, LABELS),
            lambda state, arrays: state.update(n_features_in_=2),
        )


BOOSTED = [
    put(0, 5_000_000, of="left"),
    put(0, 0, of="right"),
    put(0, 4, of="feature_idx"),
    put(0, 0, of="is_leaf"),
]


@pytest.mark.parametrize("change", BOOSTED)
def test_a_forged_boosted_tree_is_refused(forge, change):
    part = HistGradientBoostingClassifier(max_iter=2, random_state=0).fit(NUMBERS, LABELS)

    def changed(state, arrays):
        tree = state["_predictors"][1][2]
        size = len(arrays[tree["nodes"]["name"]])
        if change is BOOSTED[-1]:
            field(tree, arrays, PREDICTOR_RECORD_DTYPE, "is_leaf")[size - 1] = 0
        change(tree, arrays, PREDICTOR_RECORD_DTYPE)

    with pytest.raises(CorruptError, match="not as it was written"):
        forge(part, changed)


def first_by_category(state, arrays):
    for trees in state["_predictors"]:
        for tree in trees:
            nodes = arrays[tree["nodes"]["name"]].view(PREDICTOR_RECORD_DTYPE)[:, 0]
            if nodes["is_categorical"].any():
                return tree, nodes, int(nodes["is_categorical"].argmax())
    raise AssertionError("no tree splits by category: the test is void")


def shift_set(state, arrays):
    _, nodes, node = first_by_category(state, arrays)
    nodes["bitset_idx"][node] = 1_000_000


def split_number(state, arrays):
    _, nodes, node = first_by_category(state, arrays)
    nodes["feature_idx"][node] = 3


def huge_category(state, arrays):
    arrays[state["_bin_mapper"]["bin_thresholds_"][0]["name"]][-1] = 1e6


def fewer_features(state, arrays):
    name = state["_bin_mapper"]["is_categorical_"]["name"]
    arrays[name] = arrays[name][:2]


def narrow_preprocessor(state, arrays):
    transformers = state["_preprocessor"]["state"]["transformers_"]
    arrays[transformers[1]["items"][2]["name"]][2:] = False


def missing_trees(state, arrays):
    state["_predictors"][0].pop()


@pytest.mark.parametrize(
    "change", [shift_set, split_number, huge_category, fewer_features, narrow_preprocessor, missing_trees]
)
def test_forged_categories_are_refused(forge, change):
    labels = (MIXED[:, 0] % 3).astype(int)
    part = HistGradientBoostingClassifier(max_iter=2, categorical_features=[0], random_state=0).fit(MIXED, labels)
    with pytest.raises(CorruptError, match="not as it was written"):
        forge(part, change)


def replaced(name, array):
    """A change that puts another array in the place of an attribute."""

    def change(state, arrays):
        arrays["forged"] = array(arrays[state[name]["name"]]) if callable(array) else array
        state[name] = {"$": "array", "name": "forged"}

    return change


SHAPES = [
    (KMeans(3, n_init=1), replaced("cluster_centers_", np.zeros((3, 3_000_000)))),
    (SVC(), replaced("_dual_coef_", lambda array: array[:0])),
    (SVC(), replaced("support_vectors_", lambda array: np.ascontiguousarray(array[:, :1]))),
    (SVC(), replaced("_intercept_", lambda array: array[:0])),
    (SVC(), replaced("support_", lambda array: array[:1])),
    (SVC(), replaced("_n_support", np.array([-5_000_000, 5_000_120, 0], dtype=np.int32))),
    (SVC(), lambda state, _: state.update(_impl="one_class")),
    (KNeighborsClassifier(algorithm="brute"), replaced("_fit_X", np.zeros((120, 3_000)))),
    (KNeighborsClassifier(algorithm="brute"), replaced("_y", np.full(120, BILLION))),
]


@pytest.mark.parametrize(("part", "change"), SHAPES)
def test_numbers_that_contradict_each_other_are_refused(forge, part, change):
    with pytest.raises(CorruptError, match="not as it was written"):
        forge(part.fit(NUMBERS, LABELS), change)


def test_a_forged_vocabulary_is_refused(forge):
    part = TfidfVectorizer(use_idf=False).fit(["red hat", "blue hat"])
    for column in (3, BILLION, -1):
        with pytest.raises(CorruptError, match="a word has a column"):
            forge(part, lambda state, _, column=column: state["vocabulary_"].update(hat=column))


def test_forged_categories_of_one_hot_are_refused(forge):
    part = OneHotEncoder().fit(WORDS)
    with pytest.raises(CorruptError, match="miscounted"):
        forge(part, lambda state, _: state.update(_n_features_outs=[1]))
    rare = OneHotEncoder(max_categories=2).fit(WORDS)

    def far_away(state, arrays):
        arrays[state["_default_to_infrequent_mappings"][0]["name"]][0] = BILLION

    with pytest.raises(CorruptError, match="rare category"):
        forge(rare, far_away)


def test_a_sparse_matrix_with_an_index_outside_is_refused(forge):
    part = KNeighborsClassifier(algorithm="brute").fit(
        TfidfVectorizer().fit_transform(["red hat", "blue"] * 60), LABELS
    )

    def change(state, arrays):
        arrays[state["_fit_X"]["state"]["indices"]["name"]][0] = BILLION

    with pytest.raises(CorruptError, match="not as it was written"):
        forge(part, change)


_imported: list[str] = []
_listening = [False]


def _hear(event, arguments):
    if _listening[0] and event in {"import", "exec", "os.system", "subprocess.Popen", "pickle.find_class"}:
        _imported.append(f"{event} {arguments[0]}")


sys.addaudithook(_hear)

UNTRUSTED = [
    {"$": "object", "class": "os.system", "state": {}},
    {"$": "object", "class": "antigravity.Thing", "state": {}},
    {"$": "object", "class": "sklearn.tree._tree.Tree", "state": {}},
    {"$": "object", "class": "polysight.core.files.Path", "state": {}},
    {"$": "object", "class": ["sklearn.svm._classes.SVC"], "state": {}},
    {"$": "function", "function": "os.system"},
    {"$": "function", "function": "builtins.eval"},
    {"$": "partial", "function": "os.system", "args": ["true"], "keywords": {}},
    {"$": "type", "type": "builtins.eval"},
    {"$": "scalar", "type": "builtins.exec", "value": "1"},
    {"$": "dtype", "type": "antigravity.x"},
    {"$": "__import__", "name": "antigravity"},
]


@pytest.mark.parametrize("forgery", UNTRUSTED)
def test_what_polysight_never_writes_is_refused_and_nothing_runs(tmp_path, alter, forgery):
    write(tmp_path / "model", LogisticRegression().fit(NUMBERS, LABELS), kind="test")
    read(tmp_path / "model")
    alter(tmp_path / "model", lambda structure, _: structure["state"].update(solver=forgery))
    _imported.clear()
    _listening[0] = True
    try:
        with pytest.raises(UntrustedError, match="nothing of it was executed") as caught:
            read(tmp_path / "model")
    finally:
        _listening[0] = False
    assert caught.value.where == str(tmp_path / "model")
    assert _imported == []
