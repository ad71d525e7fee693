"""Demonstration data: small multimodal sets made on this machine, without a download."""

from polysight.core.registry import Registry

DEMONSTRATIONS = Registry(
    "demonstration",
    {
        "article": "polysight.data.demonstration.things:Things",
        "digits": "polysight.data.demonstration.digits:Digits",
    },
)
