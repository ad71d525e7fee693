"""polysight: multimodal image classification you can defend.

Names are imported when first used, so that ``import polysight`` is instant.
"""

import importlib
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "Audio": "polysight.modalities.audio.modality",
    "FeatureClassifier": "polysight.learners.features",
    "Image": "polysight.modalities.image.modality",
    "LateFusionClassifier": "polysight.ensemble.late",
    "MultiLabelClassifier": "polysight.tasks",
    "MultiTaskLearner": "polysight.tasks",
    "MultimodalClassifier": "polysight.estimator",
    "MultimodalRegressor": "polysight.tasks",
    "NeuralClassifier": "polysight.learners.neural",
    "NeuralTargetLearner": "polysight.learners.target_network",
    "PolysightError": "polysight.core.errors",
    "Points": "polysight.modalities.points.modality",
    "Sequence": "polysight.modalities.sequence.modality",
    "Series": "polysight.modalities.series.modality",
    "Tabular": "polysight.modalities.tabular.modality",
    "Text": "polysight.modalities.text.modality",
    "Volume": "polysight.modalities.volume.modality",
    "check_decision_fusion": "polysight.fusion.decision_contract",
    "check_fusion": "polysight.fusion.contract",
    "check_modality": "polysight.modalities.contract",
    "load_model": "polysight.learners.base",
    "read_table": "polysight.data.table",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'polysight' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
