"""Explain: why a model says what it says of one row, by questions about its answers that can be tested.

Looking inside an input in a new way is a file and a line in ``WITHIN``.
"""

from polysight.core.registry import Registry

#: What looks inside one input; see ``explain.base.Explainer``.
WITHIN = Registry(
    "explainer",
    {
        "feature_maps": "polysight.explain.feature_maps:ShownMaps",
        "grad_cam": "polysight.explain.grad_cam:GradCam",
        "integrated_gradients": "polysight.explain.integrated_gradients:IntegratedGradients",
        "kernel_shap": "polysight.explain.kernel_shap:KernelShap",
        "lime": "polysight.explain.lime:Lime",
        "occlusion": "polysight.explain.occlusion:Occlusion",
    },
)

#: What makes a page of an explanation; the report does, which stands above.
PAGES = Registry("page", {"explanation": "polysight.report.explanation:explanation_page"})
