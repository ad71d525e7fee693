"""Studies: what is asked of a fitted model beyond its metrics; each fills the part of ``metrics.json`` of its name.

Adding a study is a file and a line here.
"""

from polysight.core.registry import Registry

STUDIES = Registry(
    "study",
    {
        "calibration": "polysight.evaluation.studies.calibration:CalibrationStudy",
        "conformal": "polysight.evaluation.studies.conformal:ConformalStudy",
        "decision": "polysight.evaluation.studies.decision:DecisionStudy",
        "selective": "polysight.evaluation.studies.selective:SelectiveStudy",
        "slices": "polysight.evaluation.studies.slices:SlicesStudy",
        "modality_value": "polysight.evaluation.studies.modality_value:ModalityValue",
        "robustness": "polysight.evaluation.studies.robustness:Robustness",
        "faithfulness": "polysight.explain.faithfulness_study:FaithfulnessStudy",
        "rules": "polysight.explain.rules_study:RulesStudy",
    },
)
