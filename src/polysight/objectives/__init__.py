"""Objectives: losses by name. Adding one is a file and a line here."""

from polysight.core.registry import Registry

OBJECTIVES = Registry(
    "objective",
    {
        "cross_entropy": "polysight.objectives.cross_entropy:CrossEntropy",
        "evidential": "polysight.objectives.evidential:EvidentialLoss",
        "focal": "polysight.objectives.focal:Focal",
    },
)
