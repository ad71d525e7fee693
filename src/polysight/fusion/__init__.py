"""Fusion: one method, one file. Adding one is a file and a line here."""

from polysight.core.registry import Registry

FUSIONS = Registry(
    "fusion",
    {
        "concat": "polysight.fusion.concat:Concat",
        "gated": "polysight.fusion.gated:Gated",
        "transformer": "polysight.fusion.transformer:TokenTransformer",
    },
)
