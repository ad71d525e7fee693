"""Learners: table in, probabilities out. The only thing ensembles know."""

from polysight.core.registry import Registry

LEARNERS = Registry(
    "learner",
    {
        "article": "polysight.learners.article:article",
        "cnn": "polysight.learners.article:cnn",
        "features": "polysight.learners.features:FeatureClassifier",
        "late": "polysight.ensemble.late:LateFusionClassifier",
        "multimodal": "polysight.estimator:MultimodalClassifier",
        "neural": "polysight.learners.neural:NeuralClassifier",
    },
)
