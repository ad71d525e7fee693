"""All studies of a case: answers by kind as plain data; what is no set of predictions is refused before any of them."""

import json
import re

import numpy as np
import pytest

from judged_cases import answers, case_of
from polysight.core.errors import DataError
from polysight.core.events import listen
from polysight.evaluation.studies import STUDIES
from polysight.evaluation.studies import base as module
from polysight.evaluation.studies.base import OutOfFold, study

OWN = ("calibration", "conformal", "decision", "selective", "slices")


@pytest.fixture(autouse=True)
def _own(monkeypatch):
    """Studies that look at answers alone."""

    class Own(type(STUDIES)):
        def __iter__(self):
            return iter(OWN)

    monkeypatch.setattr(module, "STUDIES", Own("study", {kind: STUDIES[kind] for kind in OWN}))


def test_every_study_whose_question_arises_answers_in_plain_data():
    heard = []
    with listen(lambda name, facts: heard.append((name, facts.get("study")))):
        found = study(case_of(*answers(80, classes=2)))
    assert set(found) == set(OWN) - {"slices"}
    assert heard == [("study_finished", kind) for kind in OWN if kind != "slices"]
    assert json.loads(json.dumps(found)) == found
    assert "NaN" not in json.dumps(found)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda codes, p: (codes, p * 1.1), "sum to 1.1, not to one"),
        (lambda codes, p: (codes, np.where(p == p[3, 0], np.nan, p)), "negative or not a number"),
        (lambda codes, p: (codes + 2, p), "outside -1 to 1"),
        (lambda codes, p: (codes[:0], p[:0]), "no row to evaluate on"),
    ],
)
def test_what_is_no_set_of_predictions_is_refused(change, message):
    with pytest.raises(DataError, match=re.escape(message)):
        study(case_of(*change(*answers(20, classes=2))))


@pytest.mark.parametrize("codes", [np.zeros(60, dtype=int), np.full(60, -1), np.arange(60) % 2 - 1])
@pytest.mark.parametrize("grouped", [False, True])
def test_one_class_and_labels_never_seen_break_no_study(codes, grouped):
    _, probabilities = answers(60, classes=2)
    groups = np.arange(60) // 6 if grouped else None
    found = study(case_of(codes, probabilities, groups=groups, kept=answers(90, classes=2, seed=1)))
    assert set(found) >= {"calibration", "conformal", "decision", "selective"}
    assert "NaN" not in json.dumps(found)


def test_answers_out_of_fold_survive_being_saved():
    kept = OutOfFold(np.eye(2, dtype=np.float32), np.array([0, 1]))
    again = OutOfFold.from_state(kept.to_state())
    np.testing.assert_array_equal(again.probabilities, kept.probabilities)
    assert again.before is None
