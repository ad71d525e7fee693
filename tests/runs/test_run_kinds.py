"""Which learner a task calls for."""

import pytest

from polysight.core.errors import ConfigError
from polysight.learners import LEARNERS
from polysight.modalities.inputs import prepare
from polysight.modalities.target_task import prepare_targets
from polysight.runs.kinds import ensemble_for, kinds_of, suited, takes_any_target
from small_targets import small_targets

INPUTS = {"table": {"kind": "tabular", "columns": ["height", "width"]}}


@pytest.fixture(scope="module")
def tasks():
    table = small_targets(60)
    made = {
        name: prepare_targets(table, target, kinds=kinds, inputs=INPUTS)
        for name, target, kinds in (
            ("amount", "amount", "auto"),
            ("tags", "tags", "multilabel"),
            ("several", ["label", "amount"], "auto"),
        )
    }
    return {**made, "label": prepare(table, "label", inputs=INPUTS)}


@pytest.mark.parametrize(
    ("name", "kinds", "ensemble"),
    [
        ("label", ["classification"], "MultimodalClassifier"),
        ("amount", ["regression"], "MultimodalRegressor"),
        ("tags", ["multilabel"], "MultiLabelClassifier"),
        ("several", ["classification", "regression"], "MultiTaskLearner"),
    ],
)
def test_each_task_has_an_ensemble(tasks, name, kinds, ensemble):
    assert kinds_of(tasks[name]) == kinds
    assert LEARNERS.load(ensemble_for(tasks[name])).__name__ == ensemble


def test_a_learner_asked_for_is_replaced_by_what_takes_the_target(tasks):
    network = {"kind": "neural", "epochs": 3}
    assert suited(network, tasks["label"]) == network
    assert suited(network, tasks["amount"]) == {"kind": "target_network", "epochs": 3}
    assert suited({"kind": "target_features"}, tasks["amount"]) == {"kind": "target_features"}
    with pytest.raises(ConfigError, match="late is a classifier"):
        suited({"kind": "late"}, tasks["tags"])


def test_some_learners_take_any_target():
    assert takes_any_target({"kind": "target_network"})
    assert not takes_any_target({"kind": "neural"})
    assert not takes_any_target({"kind": "cnn"})
    assert not takes_any_target(None)
