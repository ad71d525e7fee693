from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import issparse
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from polysight.core.errors import NotFittedError
from polysight.data.view import Cells
from polysight.modalities.tabular.features import OneHot, Ordinal
from polysight.modalities.tabular.modality import Tabular
from polysight.modalities.tabular.scaling import normal_scores, quantiles_of

DATA = Path(__file__).parents[3] / "../shared/data"
TRAIN = pd.DataFrame({"age": [30, 40, np.nan, 60, 50], "dose": [1, 2, 3, 4, 9], "colour": ["r", "g", "r", "", "b"]})
NEW = pd.DataFrame({"age": [np.nan, 35], "dose": [np.nan, 1], "colour": ["violet", "g"]})


def derived(frame, features):
    table = Tabular(columns=tuple(frame.columns), categorical=tuple({"colour"} & set(frame.columns)))
    return features.derive(table.read(Cells(frame, Path())))


def fitted(features, frame=TRAIN):
    return features.fit(derived(frame, features))


def test_one_hot_is_scores_gaps_and_levels():
    numbers = TRAIN[["age", "dose"]].to_numpy(dtype=float)
    scores = normal_scores(numbers, quantiles_of(numbers))
    gap = [[0], [0], [1], [0], [0]]  # only "age" has one in training
    colours = [[0, 1, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]  # missing, then r b g
    vectors = fitted(OneHot()).transform(derived(TRAIN, OneHot()))
    assert issparse(vectors)
    expected = np.column_stack([scores, gap, colours])
    np.testing.assert_allclose(vectors.toarray(), expected / np.sqrt((expected**2).sum(axis=1).mean()), atol=1e-6)


def test_an_unseen_level_is_all_zeros_or_one_of_the_pooled():
    everything = fitted(OneHot()).transform(derived(NEW, OneHot())).toarray()
    assert not everything[0, 3:].any()
    pooled = fitted(OneHot(max_levels=1))
    rare, unseen = pooled.transform(derived(TRAIN, OneHot())).toarray()[1, 3:], pooled.transform(derived(NEW, OneHot()))
    np.testing.assert_array_equal(unseen.toarray()[0, 3:], rare)


def test_rows_have_length_one_whatever_the_number_of_columns():
    wide = pd.concat([TRAIN[["dose"]].rename(columns={"dose": f"dose{i}"}) for i in range(50)], axis=1)
    for frame in (TRAIN, wide):
        vectors = fitted(OneHot(), frame).transform(derived(frame, OneHot()))
        assert (abs(vectors) ** 2).sum() / len(frame) == pytest.approx(1, rel=1e-5)


def test_numbers_alone_are_dense():
    features = fitted(OneHot(), TRAIN[["dose"]])
    vectors = features.transform(derived(TRAIN[["dose"]], OneHot()))
    assert isinstance(vectors, np.ndarray)
    assert vectors.shape == (5, 1)


def test_support_vectors_take_the_sparse_form():
    vectors = fitted(OneHot()).transform(derived(TRAIN, OneHot()))
    assert SVC().fit(vectors, [0, 1, 0, 1, 1]).predict(vectors).shape == (5,)


def test_ordinal_keeps_numbers_and_ranks_levels_by_frequency():
    features = fitted(Ordinal())
    expected = [[30, 1, 0], [40, 2, 2], [np.nan, 3, 0], [60, 4, np.nan], [50, 9, 1]]
    np.testing.assert_array_equal(features.transform(derived(TRAIN, Ordinal())), np.float32(expected))
    np.testing.assert_array_equal(
        features.transform(derived(NEW, Ordinal())), np.float32([[np.nan] * 2 + [3], [35, 1, 2]])
    )


@pytest.mark.parametrize("features", [OneHot(), Ordinal()])
def test_features_are_row_wise_and_come_back_from_their_state(features):
    learned, new = fitted(features), derived(NEW, features)
    dense = [
        np.asarray(m.todense() if issparse(m) else m) for m in (learned.transform(new), learned.transform(new[1:]))
    ]
    np.testing.assert_array_equal(dense[0][1:], dense[1])
    restored = type(features).from_state(learned.to_state()).transform(new)
    np.testing.assert_array_equal(np.asarray(restored.todense() if issparse(restored) else restored), dense[0])


@pytest.mark.parametrize("features", [OneHot(), Ordinal()])
def test_transform_before_fit_says_so(features):
    with pytest.raises(NotFittedError):
        features.transform(derived(TRAIN, features))


def test_house_prices_are_classified_as_well_as_the_floor():
    table = DATA / "houses_price" / "data.csv"
    if not table.exists():
        pytest.skip("shared data set houses_price is not here")
    frame = pd.read_csv(table, dtype=str, keep_default_na=False)
    cells = Cells(frame[["bedrooms", "bathrooms", "area_sqft", "zipcode"]], DATA)
    records = OneHot().derive(Tabular(columns=tuple(cells.frame.columns)).settle(cells).read(cells))
    correct = []
    for fold in frame["fold"].unique():
        train = (frame["fold"] != fold).to_numpy()
        learned = OneHot().fit(records[train])
        model = LogisticRegression(C=10, max_iter=1000).fit(learned.transform(records[train]), frame["label"][train])
        correct += (model.predict(learned.transform(records[~train])) == frame["label"][~train]).tolist()
    assert np.mean(correct) >= 0.80
