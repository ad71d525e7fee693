"""Targets: cells to numbers and back, strata, priors, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.core.errors import LabelError
from polysight.data.target_kinds import TARGETS
from polysight.data.target_kinds.amount import STRATA, Amount
from polysight.data.target_kinds.classes import Classes
from polysight.data.target_kinds.detect import MOST_NUMBER_CLASSES, kind_of
from polysight.data.target_kinds.labels import Labels
from polysight.data.target_kinds.several import Targets


def cells(*values):
    return pd.Series(list(values), dtype=object)


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (cells("a", "b", None), "classification"),
        (cells(True, False), "classification"),
        (cells("1", "2", "3", None), "classification"),
        (cells(*range(MOST_NUMBER_CLASSES)), "classification"),
        (cells(*range(MOST_NUMBER_CLASSES + 1)), "regression"),
        (cells("1.5", "2"), "regression"),
        (cells("a|b", "a"), "classification"),
        (cells(["a"], []), "classification"),
        (cells(None), "classification"),
    ],
)
def test_the_kind_of_a_column_is_guessed_from_its_values(column, kind):
    assert kind_of(column) == kind


class TestAmount:
    def test_cells_are_numbers_and_answers_amounts(self):
        column = cells("1.5", None, "-2")
        target = Amount.learn("price", column)
        np.testing.assert_array_equal(target.encode(column), [[1.5], [np.nan], [-2.0]])
        np.testing.assert_array_equal(target.decode(np.array([[3.0], [4.0]])), [3.0, 4.0])

    def test_refuses_words_and_a_single_value(self):
        with pytest.raises(LabelError, match="'cheap'"):
            Amount.learn("price", cells("1", "cheap"))
        with pytest.raises(LabelError, match="two different"):
            Amount.learn("price", cells("1", "1.0", None))

    def test_strata_are_equal_shares_in_order(self):
        truth = np.random.default_rng(0).permutation(100.0 * np.arange(50))[:, None]
        strata = Amount("price").strata(truth)
        assert np.bincount(strata).tolist() == [10] * STRATA
        assert (np.diff(strata[np.argsort(truth[:, 0])]) >= 0).all()

    @given(st.lists(st.integers(0, 3), min_size=1, max_size=40))
    def test_strata_are_numbered_without_gaps_and_follow_equal_amounts(self, amounts):
        truth = np.array(amounts, dtype=float)[:, None]
        strata = Amount("price").strata(truth)
        assert set(strata.tolist()) == set(range(strata.max() + 1))
        assert len({(a, s) for a, s in zip(amounts, strata.tolist(), strict=True)}) == len(set(amounts))


class TestLabels:
    CELLS = cells("a|b", " b ", "", None, "b| a", "c", "c|", ["a", "b"])

    def test_cells_are_read_and_written(self):
        target = Labels.learn("tags", self.CELLS)
        assert target.labels == ("a", "b", "c")
        truth = target.encode(self.CELLS)
        np.testing.assert_array_equal(truth[[0, 1, 2, 3, 7]], [[1, 1, 0], [0, 1, 0], [0, 0, 0], [0, 0, 0], [1, 1, 0]])
        assert target.decode(truth)[:4].tolist() == ["a|b", "b", "", ""]
        assert target.encode(cells("a|unheard of")).tolist() == [[1, 0, 0]]
        assert target.counts(truth) == {"a": 3, "b": 4, "c": 2}

    def test_refuses_labels_that_teach_nothing(self):
        with pytest.raises(LabelError, match="no row has a label"):
            Labels.learn("tags", cells("", None))
        with pytest.raises(LabelError, match="'rare' is in 1 of 4 rows"):
            Labels.learn("tags", cells("a", "a", "", "rare"))
        with pytest.raises(LabelError, match="'a' is in 4 of 4 rows"):
            Labels.learn("tags", cells("a", "a|b", "a", "a|b"))

    def test_a_row_belongs_to_its_rarest_label(self):
        truth = np.array([[1, 1], [1, 0], [1, 0], [0, 0]], dtype=float)
        assert Labels("tags", ("common", "rare")).strata(truth).tolist() == [0, 1, 1, 2]


def test_losses_are_those_of_scikit_learn():
    from sklearn.metrics import log_loss, mean_squared_error

    rng = np.random.default_rng(1)
    amounts, said = rng.normal(size=(2, 20, 1))
    assert Amount("x").losses(amounts, said).mean() == pytest.approx(mean_squared_error(amounts, said))
    truth, p = rng.integers(2, size=(20, 3)).astype(float), rng.uniform(0.05, 0.95, (20, 3))
    each = [log_loss(truth[:, k], p[:, k], labels=[0, 1]) for k in range(3)]
    assert Labels("x", ("a", "b", "c")).losses(truth, p).mean() == pytest.approx(np.mean(each))
    codes, q = rng.integers(3, size=20), rng.dirichlet(np.ones(3), 20)
    found = Classes("x", ("a", "b", "c")).losses(codes[:, None].astype(float), q)
    assert found.mean() == pytest.approx(log_loss(codes, q, labels=[0, 1, 2]))


class TestTargets:
    FRAME = pd.DataFrame(
        {
            "label": cells(*["x", "y", None] * 10),
            "price": cells(*[str(i / 2) for i in range(29)], None),
            "tags": cells(*["p|q", "", "q", "p"] * 7, "", "p"),
        }
    )
    KINDS = ("classification", "regression", "multilabel")

    def test_truths_and_answers_stand_side_by_side(self):
        targets = Targets.learn(self.FRAME, self.KINDS)
        truth = targets.encode(self.FRAME)
        assert truth.shape == (30, 4)
        assert targets.answers == 2 + 1 + 2
        label, price, tags = targets
        assert [p.answers for p in (label, price, tags)] == [slice(0, 2), slice(2, 3), slice(3, 5)]
        assert label.known(truth).sum() == 20
        assert price.known(truth).sum() == 29
        prior = targets.prior(truth)
        np.testing.assert_allclose(prior, [0.5, 0.5, 7.0, 16 / 32, 15 / 32])
        decoded = targets.decode(np.tile(prior, (2, 1)))
        assert decoded.to_dict("list") == {"label": ["x", "x"], "price": [7.0, 7.0], "tags": ["p", "p"]}

    def test_rows_are_told_apart_by_the_first_target_they_have(self):
        targets = Targets.learn(self.FRAME, self.KINDS)
        strata = targets.strata(targets.encode(self.FRAME))
        assert set(strata[0::3].tolist()) == {0}
        assert set(strata[1::3].tolist()) == {1}
        assert set(strata[2::3].tolist()) == {2, 3}

    def test_they_are_saved_as_data(self):
        targets = Targets.learn(self.FRAME, self.KINDS)
        assert Targets.from_state(targets.to_state()) == targets
        assert targets.single is None
        assert {t.kind for t in targets.targets} == set(TARGETS)

    def test_a_label_never_seen_is_no_class(self):
        target = Classes.learn("label", self.FRAME["label"])
        truth = target.encode(cells("y", "new", None))
        np.testing.assert_array_equal(truth, [[1], [-1], [np.nan]])
        assert target.counts(truth[:1]) == {"x": 0, "y": 1}
