"""Kinds of target: what a column that is predicted can be. Adding one is a file and a line here."""

from polysight.core.registry import Registry

TARGETS = Registry(
    "task",
    {
        "classification": "polysight.data.target_kinds.classes:Classes",
        "multilabel": "polysight.data.target_kinds.labels:Labels",
        "regression": "polysight.data.target_kinds.amount:Amount",
    },
)
