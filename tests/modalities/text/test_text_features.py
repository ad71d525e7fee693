from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import issparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from polysight import artifact
from polysight.core.config import build
from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import Cells
from polysight.modalities import FEATURES
from polysight.modalities.text.features import Tfidf, TfidfSvd
from polysight.modalities.text.modality import Text

DATA = Path(__file__).parents[3] / "../shared/data"
TEXTS = ["Steel watch for men", "steel WATCH for women", "cotton towel", "blue cotton bath towel", "a towel for men"]


def view_of(*columns):
    frame = pd.DataFrame({f"c{i}": pd.Series(texts, dtype=object) for i, texts in enumerate(columns)})
    return Text(columns=tuple(frame.columns)).read(Cells(frame, Path()))


def vectors(features, texts, new=None):
    derived = features.derive(view_of(texts))
    return features.fit(derived).transform(derived if new is None else features.derive(view_of(new)))


def test_english_weights_are_those_of_scikit_learn():
    lower = [text.lower() for text in TEXTS]
    by_word = TfidfVectorizer(token_pattern=r"\w+", ngram_range=(1, 2), sublinear_tf=True).fit_transform(lower)
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), min_df=2, sublinear_tf=True, norm=None)
    by_character = vectoriser.fit_transform(lower).toarray()
    by_character[:, vectoriser.vocabulary_[" "]] = 0
    by_character /= np.linalg.norm(by_character, axis=1, keepdims=True)
    weights = vectors(Tfidf(), TEXTS)
    assert issparse(weights)
    assert weights.dtype == np.float32
    expected = np.hstack([by_word.toarray(), by_character]) / np.sqrt(2)
    np.testing.assert_allclose(weights.toarray()[:, :-1], expected, atol=1e-6)


def test_chinese_texts_are_near_when_they_share_words():
    texts = ["防水手表很好看", "这款手表防水", "纯棉毛巾", "毛巾是纯棉的", "蓝色毛巾", "女士手表"]
    weights = vectors(Tfidf(), texts).toarray()
    near = weights @ weights.T
    assert near[0, 1] > 3 * near[0, 2]
    assert near[2, 3] > 3 * near[1, 2]


def test_mixed_scripts_are_near_by_either_script():
    texts = ["Nike 运动鞋 男", "nike 跑步鞋", "蓝色 towel 毛巾", "Towel 纯棉", "运动鞋 adidas", "ＮＩＫＥ shoes"]
    near = (weights := vectors(Tfidf(), texts).toarray()) @ weights.T
    assert near[0, 5] > 3 * near[0, 2]
    assert near[0, 4] > near[0, 3]
    assert near[2, 3] > 3 * near[1, 3]


def test_the_ranges_of_terms_are_options():
    names = {}
    for words, characters in [((1, 1), (3, 3)), ((2, 3), (1, 2))]:
        features = Tfidf(words=words, characters=characters)
        fitted = features.fit(features.derive(view_of(TEXTS)))
        names = [set(part.vocabulary_) for part in (fitted.by_word, fitted.by_character)]
        assert {term.count(" ") + 1 for term in names[0]} == set(range(words[0], words[1] + 1))
        assert {len(term) for term in names[1]} == set(range(characters[0], characters[1] + 1))
    assert build(FEATURES, {"kind": "tfidf", "words": [1, 3]}) == Tfidf(words=(1, 3))


@pytest.mark.parametrize(
    "options", [{"words": (2, 1)}, {"characters": (0, 3)}, {"max_terms": 0}, {"max_characters": -1}]
)
def test_impossible_options_are_refused(options):
    with pytest.raises(ConfigError, match=next(iter(options))):
        TfidfSvd(**options)


@pytest.mark.parametrize("features", [Tfidf(), TfidfSvd()])
def test_texts_without_a_known_term_have_no_weight_and_are_marked(features):
    weights = vectors(features, TEXTS, ["龘龘", "!!!", None, "steel watch"])
    dense = weights.toarray() if issparse(weights) else weights
    assert not dense[:3, :-1].any()
    assert dense[3, :-1].any()
    assert dense[:, -1].tolist() == [1, 1, 1, 0]


def test_columns_are_read_as_one_text():
    features = Tfidf()
    both = features.derive(view_of(["steel", "cotton"], ["watch", None]))
    assert both[:, 0].tolist() == ["steel watch", "cotton"]


@pytest.mark.parametrize("features", [Tfidf(), TfidfSvd()])
@pytest.mark.parametrize("texts", [["!!!", "...", "?"], ["a", "b", "c"], ["same text"] * 4])
def test_texts_with_nothing_to_tell_are_no_error(features, texts):
    weights = vectors(features, texts)
    dense = weights.toarray() if issparse(weights) else weights
    assert dense.shape[0] == len(texts)
    assert dense.shape[1] > 0
    assert np.isfinite(dense).all()


@pytest.mark.parametrize("features", [Tfidf(), TfidfSvd()])
def test_transform_before_fit_says_so(features):
    with pytest.raises(NotFittedError):
        features.transform(features.derive(view_of(TEXTS)))


@pytest.mark.parametrize("features", [Tfidf(), TfidfSvd()])
def test_vocabularies_survive_a_file_of_data(features, tmp_path):
    derived = features.derive(view_of(TEXTS))
    fitted = features.fit(derived)
    artifact.write(tmp_path / "model", fitted.to_state(), kind="features")
    restored = type(features).from_state(artifact.read(tmp_path / "model"))
    expected, found = fitted.transform(derived), restored.transform(derived)
    assert type(found) is type(expected)
    if issparse(expected):
        expected, found = expected.toarray(), found.toarray()
    np.testing.assert_array_equal(found, expected)


def test_the_projection_keeps_the_largest_directions():
    derived = TfidfSvd().derive(view_of(TEXTS))
    projected = TfidfSvd(dimensions=3).fit(derived).transform(derived)
    left, strength, _ = np.linalg.svd(Tfidf().fit(derived).weights(derived).toarray().astype(float))
    assert projected.dtype == np.float32
    np.testing.assert_allclose(np.abs(projected[:, :-1]), np.abs(left[:, :3] * strength[:3]), atol=1e-5)


def test_the_projection_follows_its_seed_and_its_training_rows_alone():
    derived = TfidfSvd().derive(view_of(TEXTS))
    first, second = (TfidfSvd().fit(derived, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first.components, second.components)
    np.testing.assert_allclose(first.transform(derived[:1]), first.transform(derived)[:1], atol=1e-6)
    assert TfidfSvd.from_state(first.to_state()).transform(derived).tolist() == first.transform(derived).tolist()


def test_product_titles_are_classified_as_well_as_the_floor():
    table = DATA / "flipkart_1050" / "data.csv"
    if not table.exists():
        pytest.skip("shared data set flipkart_1050 is not here")
    frame = pd.read_csv(table, keep_default_na=False)
    derived = Tfidf().derive(Text(columns=("title_masked",)).read(Cells(frame[["title_masked"]], DATA)))
    train = (frame["fold"] != 0).to_numpy()
    fitted = Tfidf().fit(derived[train])
    model = LogisticRegression(C=10, max_iter=1000).fit(fitted.transform(derived[train]), frame["label"][train])
    assert model.score(fitted.transform(derived[~train]), frame["label"][~train]) > 0.89
