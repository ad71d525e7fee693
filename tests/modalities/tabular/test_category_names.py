from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from polysight.core.errors import NotFittedError
from polysight.modalities.tabular.category_names import CategoryNames, CategoryNamesSvd

BRANDS = ["Sony Vaio", "Sony", "sony ericsson", "Puma", "Puma Kids", ""]


def derived(*columns):
    records = np.empty(len(columns[0]), dtype=[("numbers", np.float64, (1,)), ("categories", object, (len(columns),))])
    records["numbers"], records["categories"] = 0.0, np.array(columns, dtype=object).T
    return records


def test_term_weights_are_those_of_scikit_learn_column_by_column():
    codes = ["85255", "85266", "", "85255", "91001", "91002"]
    ours = CategoryNames().fit(derived(BRANDS, codes)).transform(derived(BRANDS, codes)).toarray()
    parts = []
    for names in (BRANDS, codes):
        vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
        vectoriser.fit([name for name in names if name])
        parts.append(vectoriser.transform(names).toarray())
    np.testing.assert_allclose(ours, np.hstack(parts) / np.sqrt(2), atol=1e-6)
    assert not ours[5, : parts[0].shape[1]].any()


def test_a_name_never_seen_resembles_those_it_shares_letters_with():
    known = derived(BRANDS)
    fitted = CategoryNames().fit(known)
    likeness = (fitted.transform(derived(["Sony Xperia"])) @ fitted.transform(known).T).toarray()[0]
    assert likeness[:3].min() > likeness[3:].max()
    assert not fitted.transform(derived(["质量"])).toarray().any()


def test_columns_without_names_and_tables_without_columns_of_names():
    fitted = CategoryNames().fit(derived(BRANDS, [""] * 6))
    assert fitted.transform(derived(BRANDS, ["new"] * 6)).shape[0] == 6
    none = CategoryNames().fit(derived([""] * 6))
    assert not none.transform(derived(BRANDS)).toarray().any()
    with pytest.raises(NotFittedError):
        CategoryNames().transform(derived(BRANDS))


def test_it_comes_back_from_its_state():
    fitted = CategoryNames().fit(derived(BRANDS, [""] * 6))
    again = CategoryNames.from_state(fitted.to_state())
    new = derived(["Sony Bravia", ""], ["", "x"])
    np.testing.assert_array_equal(again.transform(new).toarray(), fitted.transform(new).toarray())


def test_projected_names_keep_the_likeness_of_names():
    known = derived(BRANDS)
    full = CategoryNames().fit(known).transform(known).toarray()
    projected = CategoryNamesSvd().fit(known)
    # As many directions as names: inner products are kept.
    np.testing.assert_allclose(projected.transform(known) @ projected.transform(known).T, full @ full.T, atol=1e-5)
    again = CategoryNamesSvd.from_state(projected.to_state())
    np.testing.assert_array_equal(again.transform(known), projected.transform(known))
    assert CategoryNamesSvd(dimensions=2).fit(known).transform(derived(["Sony", ""])).shape == (2, 2)
