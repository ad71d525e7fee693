"""Explain: why a model says what it says of one row, by questions about its answers that can be tested.

Looking inside an input in a new way is a file and a line in ``WITHIN``.
"""

from polysight.core.registry import Registry

#: What looks inside one input; see ``explain.base.Explainer``.
WITHIN = Registry(
    "explainer",
    {
        "kernel_shap": "polysight.explain.kernel_shap:KernelShap",
        "lime": "polysight.explain.lime:Lime",
        "occlusion": "polysight.explain.occlusion:Occlusion",
    },
)
