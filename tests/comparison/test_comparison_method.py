"""Methods: named by what they are, each once, refused before anything is trained."""

import pytest
from contests import COMMON

from polysight.comparison.method import Method, check_methods, grid
from polysight.core.errors import ConfigError


def test_a_grid_is_every_combination_once():
    methods = grid(["concat", "gated", "concat"], ["focal"], ["none", "mmpareto"])
    assert [method.name for method in methods] == [
        "concat + focal",
        "concat + focal + mmpareto",
        "gated + focal",
        "gated + focal + mmpareto",
    ]


def test_options_are_part_of_the_name_and_of_the_learner():
    method = Method({"kind": "gated", "gates": "sigmoid"}, {"kind": "focal", "gamma": 1.0})
    assert method.name == "gated (gates=sigmoid) + focal (gamma=1.0)"
    learner = method.learner({**COMMON, "auxiliary": 0.1}, seed=7)
    assert learner.fusion == {"kind": "gated", "gates": "sigmoid"}
    assert (learner.auxiliary, learner.random_state, learner.width) == (0.1, 7, 8)


@pytest.mark.parametrize(
    ("method", "common", "said"),
    [
        (Method("gatd"), {}, "did you mean 'gated'"),
        (Method("concat", "focall"), {}, "did you mean 'focal'"),
        (Method("concat", "focal", "mmparetto"), {}, "did you mean 'mmpareto'"),
        (Method("concat"), {"epoch": 3}, "did you mean 'epochs'"),
        (Method("concat"), {"epochs": "many"}, "does not fit"),
        (Method("concat", balance="mmpareto"), {"auxiliary": 0.0}, "needs the inputs' own answers"),
        (Method({"kind": "tensor", "inner": 5000}), {}, "entries"),
    ],
)
def test_what_does_not_fit_is_told_before_training(method, common, said):
    with pytest.raises(ConfigError, match=said):
        check_methods([Method("concat"), method], {**COMMON, **common}, ["left", "right"], 4)


def test_nothing_is_no_comparison():
    with pytest.raises(ConfigError, match="nothing to compare"):
        check_methods([], COMMON, ["left"], 4)
