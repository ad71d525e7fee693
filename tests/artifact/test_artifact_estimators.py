"""scikit-learn parts: each kind predicts the same after a trip to disk, and nothing is executed on the way."""

import sys
import warnings

import numpy as np
import pytest
from scipy.sparse import csr_array, issparse
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
    VotingClassifier,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.frozen import FrozenEstimator
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeClassifierCV
from sklearn.mixture import GaussianMixture
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    OrdinalEncoder,
    QuantileTransformer,
    StandardScaler,
)
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

from polysight.artifact import read, write

RNG = np.random.default_rng(0)
NUMBERS = RNG.normal(size=(90, 5))
GAPS = np.where(RNG.random((90, 5)) < 0.1, np.nan, NUMBERS)
MIXED = np.column_stack([RNG.integers(0, 6, 90), GAPS[:, 1:]])
LABELS = np.array(["cat", "dog", "鸟"])[RNG.integers(0, 3, 90)]
WORDS = np.array([[a, b] for a, b in zip(RNG.choice(list("xyz"), 90), RNG.choice(list("pq"), 90), strict=True)], object)
TEXTS = [" ".join(RNG.choice(["red", "blue", "shoe", "hat", "红色", "鞋"], 4)) for _ in range(90)]
SPARSE = TfidfVectorizer().fit_transform(TEXTS)

BOTH = ColumnTransformer(
    [("numbers", make_pipeline(SimpleImputer(), StandardScaler()), [0, 1]), ("kinds", OneHotEncoder(), [2])],
    remainder="drop",
)
PARTS = [
    (LogisticRegression(class_weight={"cat": 2.0, "dog": 1.0, "鸟": 1.0}), NUMBERS),
    (LogisticRegression(), SPARSE),
    (SVC(), NUMBERS),
    (SVC(kernel="linear"), SPARSE),
    (LinearSVC(), NUMBERS),
    (CalibratedClassifierCV(SVC(), cv=2), NUMBERS),
    (CalibratedClassifierCV(SVC(), cv=2, method="isotonic"), NUMBERS),
    (CalibratedClassifierCV(LogisticRegression(), cv=2, method="temperature"), NUMBERS),
    (CalibratedClassifierCV(FrozenEstimator(LogisticRegression().fit(NUMBERS, LABELS)), cv=2), NUMBERS),
    (HistGradientBoostingClassifier(max_iter=8, categorical_features=[0], random_state=0), MIXED),
    (HistGradientBoostingClassifier(max_iter=8, early_stopping=True, random_state=0), GAPS),
    (HistGradientBoostingRegressor(max_iter=8, random_state=0), GAPS),
    (RandomForestClassifier(8, random_state=0), GAPS),
    (RandomForestClassifier(8, max_leaf_nodes=5, random_state=0, class_weight="balanced"), NUMBERS),
    (RandomForestRegressor(8, random_state=0), NUMBERS),
    (ExtraTreesClassifier(8, random_state=0), NUMBERS),
    (DecisionTreeClassifier(ccp_alpha=0.01), NUMBERS),
    (DecisionTreeClassifier(max_depth=1), SPARSE),
    (KNeighborsClassifier(algorithm="brute"), NUMBERS),
    (KNeighborsClassifier(algorithm="brute", metric="cosine"), SPARSE),
    (PCA(3), NUMBERS),
    (TruncatedSVD(3, random_state=0), SPARSE),
    (KMeans(3, n_init=1, random_state=0), NUMBERS),
    (MiniBatchKMeans(3, n_init=1, random_state=0), NUMBERS),
    (GaussianMixture(2, random_state=0), NUMBERS),
    (TfidfVectorizer(), TEXTS),
    (TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), TEXTS),
    (TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), dtype=np.float32, sublinear_tf=True), TEXTS),
    (StandardScaler(), NUMBERS),
    (QuantileTransformer(n_quantiles=20), NUMBERS),
    (OneHotEncoder(handle_unknown="ignore"), WORDS),
    (OneHotEncoder(drop="if_binary", dtype=np.float32), WORDS),
    (OneHotEncoder(min_frequency=30, handle_unknown="infrequent_if_exist", drop="first"), WORDS),
    (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), WORDS),
    (SimpleImputer(add_indicator=True), GAPS),
    (SimpleImputer(strategy="most_frequent"), WORDS),
    (BOTH, np.column_stack([GAPS[:, :2].astype(object), WORDS[:, :1]])),
    (make_pipeline(StandardScaler(), SelectKBest(f_classif, k=3), LogisticRegression()), NUMBERS),
    (RidgeClassifierCV(), NUMBERS),
    (VotingClassifier([("a", LogisticRegression()), ("b", GaussianNB())], voting="soft"), NUMBERS),
]


def target(part):
    return NUMBERS[:, 0] if type(part).__name__.endswith("Regressor") else LABELS


def answers(part, data):
    methods = ("predict_proba", "decision_function", "transform", "predict")
    return [getattr(part, method)(data) for method in methods if hasattr(part, method)]


def assert_equal(one, other):
    assert issparse(one) == issparse(other)
    if issparse(one):
        one, other = one.toarray(), other.toarray()
    assert one.dtype == other.dtype
    np.testing.assert_array_equal(one, other)


@pytest.fixture(scope="module")
def fitted():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [(part.fit(data, target(part)), data) for part, data in PARTS]


@pytest.fixture(scope="module")
def folder(fitted, tmp_path_factory):
    """One model that holds every part."""
    folder = tmp_path_factory.mktemp("artifact") / "model"
    write(folder, [part for part, _ in fitted], kind="test")
    return folder


def test_every_part_answers_the_same_to_the_last_bit(fitted, folder):
    for (part, data), found in zip(fitted, read(folder), strict=True):
        assert type(found) is type(part)
        assert found.get_params().keys() == part.get_params().keys()
        for before, after in zip(answers(part, data), answers(found, data), strict=True):
            assert_equal(before, after)


def test_a_part_that_was_read_can_be_saved_again(fitted, folder, tmp_path):
    write(tmp_path / "again", read(folder), kind="test")
    for (part, data), found in zip(fitted, read(tmp_path / "again"), strict=True):
        for before, after in zip(answers(part, data), answers(found, data), strict=True):
            assert_equal(before, after)


def test_parts_that_are_not_fitted_come_back(tmp_path):
    parts = [SVC(C=3.0), HistGradientBoostingClassifier(), RandomForestClassifier(7), TfidfVectorizer(), KMeans(4)]
    write(tmp_path / "model", parts, kind="test")
    assert [repr(part) for part in read(tmp_path / "model")] == [repr(part) for part in parts]


def test_sparse_matrices_come_back(tmp_path):
    matrix = csr_array(SPARSE)
    write(tmp_path / "model", {"matrix": matrix}, kind="test")
    found = read(tmp_path / "model")["matrix"]
    assert isinstance(found, csr_array)
    assert_equal(found, matrix)


_heard: list[str] = []
_listening = [False]


def _hear(event, _):
    if _listening[0]:
        _heard.append(event)


sys.addaudithook(_hear)


def audited(action):
    _heard.clear()
    _listening[0] = True
    try:
        action()
    finally:
        _listening[0] = False
    return {"pickle.find_class", "exec", "compile", "import", "os.system", "subprocess.Popen"} & set(_heard)


def test_the_audit_hears_a_pickle():
    import pickle

    assert "pickle.find_class" in audited(lambda: pickle.loads(pickle.dumps(np.zeros(2))))


def test_saving_and_reading_unpickles_and_executes_nothing(fitted, folder, tmp_path):
    read(folder)
    assert audited(lambda: read(folder)) == set()
    assert audited(lambda: write(tmp_path / "model", [part for part, _ in fitted], kind="test")) == set()


@pytest.mark.parametrize(
    ("part", "why"),
    [
        (IsolationForest(n_estimators=2), "IsolationForest is not on the list"),
        (KNeighborsClassifier(algorithm="kd_tree"), "algorithm='brute'"),
        (SVC(kernel="precomputed"), "the kernel"),
        (FunctionTransformer(np.sort), "numpy.sort is not on the list"),
        (TfidfVectorizer(tokenizer=str.split, token_pattern=None), "split is not on the list"),
        (LogisticRegression(random_state=np.random.RandomState(0)), "RandomState cannot be saved"),
    ],
)
def test_what_could_not_be_loaded_safely_is_refused_when_saving(tmp_path, part, why):
    data = TEXTS if isinstance(part, TfidfVectorizer) else NUMBERS[:, :3]
    data = data[:3] @ data[:3].T if "precomputed" in repr(part) else data
    part.fit(data, LABELS[: len(data)])
    with pytest.raises(TypeError, match=rf"member\.part.*{why}"):
        write(tmp_path / "model", {"member": {"part": part}}, kind="test")
