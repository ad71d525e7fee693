"""Ensembles in notebooks: before fitting as scikit-learn shows them, afterwards inputs, scores and members."""

from types import SimpleNamespace

from polysight import MultimodalClassifier

BOARD = [
    {"member": "ensemble", "score": 0.9, "low": 0.85, "high": 0.95, "kept": True, "reason": "0.6 a + 0.4 b"},
    {"member": "a<script>", "score": 0.8, "low": None, "high": None, "kept": True, "reason": "weight 0.60"},
    {"member": "c", "score": None, "low": None, "high": None, "kept": False, "reason": "skipped: needs about 9 s"},
]


def fitted():
    model = MultimodalClassifier(preset="quick", time_limit="30s", random_state=3)
    columns = [f"x{i}" for i in range(9)]
    model.inputs_ = {
        "note": SimpleNamespace(kind="text", columns=("note",)),
        "t": SimpleNamespace(kind="tabular", columns=columns),
    }
    model.leaderboard_, model.stopped_by_time_ = BOARD, True
    return model


def test_before_fitting_its_options_are_shown():
    html = MultimodalClassifier()._repr_html_()
    assert "MultimodalClassifier" in html
    assert "Members kept" not in html


def test_a_fitted_one_shows_inputs_scores_and_members():
    html = fitted()._repr_html_()
    assert "<script>" not in html
    for told in ("preset quick, time limit 30s, seed 3", "and 3 more", "0.850 – 0.950", "weight 0.60"):
        assert told in html
    assert "Tried and not kept (1)" in html
    assert "more time may give a better model" in html


def test_the_plan_is_told_while_it_is_known():
    model = fitted()
    model.plan_ = SimpleNamespace(fitted=[1, 2], members=[1, 2, 3], folds=5)
    assert "plan: 2 of 3 members, 5 folds" in model._repr_html_()


def test_a_notebook_gets_text_and_html():
    bundle = fitted()._repr_mimebundle_(include=None)
    assert set(bundle) == {"text/plain", "text/html"}
    assert "Members kept" in bundle["text/html"]
