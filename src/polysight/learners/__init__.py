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
        "multimodal_labels": "polysight.tasks:MultiLabelClassifier",
        "multimodal_regressor": "polysight.tasks:MultimodalRegressor",
        "multimodal_targets": "polysight.tasks:MultiTaskLearner",
        "neural": "polysight.learners.neural:NeuralClassifier",
        "target_features": "polysight.learners.target_features:FeatureTargetLearner",
        "target_network": "polysight.learners.target_network:NeuralTargetLearner",
    },
)
