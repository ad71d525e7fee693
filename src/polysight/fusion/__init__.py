"""Fusion: one method, one file. Adding one is a file and a line here.

Most fuse tokens into one vector a sample (``Fusion``); those of the last group fuse the answers of the
modalities (``DecisionFusion``).
"""

from polysight.core.registry import Registry

FUSIONS = Registry(
    "fusion",
    {
        "attention": "polysight.fusion.modality_attention:ModalityAttention",
        "bottleneck": "polysight.fusion.bottleneck:Bottleneck",
        "concat": "polysight.fusion.concat:Concat",
        "cross_attention": "polysight.fusion.cross_attention:CrossModal",
        "dense": "polysight.fusion.dense:Dense",
        "film": "polysight.fusion.film:FiLM",
        "gated": "polysight.fusion.gated:Gated",
        "graph": "polysight.fusion.graph:ModalityGraph",
        "low_rank": "polysight.fusion.low_rank:LowRank",
        "mean": "polysight.fusion.mean:Mean",
        "mixture": "polysight.fusion.mixture:Mixture",
        "tensor": "polysight.fusion.tensor:TensorProduct",
        "transformer": "polysight.fusion.transformer:TokenTransformer",
        "confidence": "polysight.fusion.confidence:Confidence",
        "evidential": "polysight.fusion.evidential:Evidential",
        "mean_logits": "polysight.fusion.mean_logits:MeanLogits",
    },
)
