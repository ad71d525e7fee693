"""Demonstration data: small multimodal sets made on this machine, without a download."""

from polysight.core.registry import Registry

DEMONSTRATIONS = Registry(
    "demonstration",
    {
        "article": "polysight.data.demonstration.things:Things",
        "digits": "polysight.data.demonstration.digits:Digits",
        "driving": "polysight.data.demonstration.driving:Driving",
        "logistics": "polysight.data.demonstration.logistics:Logistics",
        "medical": "polysight.data.demonstration.medical:Medical",
        "security": "polysight.data.demonstration.security:Security",
        "vr": "polysight.data.demonstration.vr:VirtualReality",
    },
)
