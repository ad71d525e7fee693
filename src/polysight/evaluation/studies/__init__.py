"""Studies: what is asked of a fitted model beyond its metrics; each fills the part of ``metrics.json`` of its name.

Adding a study is a file and a line here.
"""

from polysight.core.registry import Registry

STUDIES = Registry(
    "study",
    {
        "faithfulness": "polysight.explain.faithfulness_study:FaithfulnessStudy",
        "rules": "polysight.explain.rules_study:RulesStudy",
    },
)
