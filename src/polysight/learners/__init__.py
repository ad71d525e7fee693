"""Learners: table in, probabilities out. The only thing ensembles know."""

from polysight.core.registry import Registry

LEARNERS = Registry(
    "learner",
    {
        "features": "polysight.learners.features:FeatureClassifier",
        "neural": "polysight.learners.neural:NeuralClassifier",
    },
)
