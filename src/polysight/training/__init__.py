"""Training: batches, optimisers, schedules, the loop. Adding an optimiser is a file and a line here."""

from polysight.core.registry import Registry

OPTIMIZERS = Registry(
    "optimizer",
    {
        "adam": "polysight.training.adam:Adam",
        "adamw": "polysight.training.adamw:AdamW",
        "sgd": "polysight.training.sgd:SGD",
    },
)

SCHEDULES = Registry(
    "schedule",
    {
        "constant": "polysight.training.schedules:Constant",
        "cosine": "polysight.training.schedules:Cosine",
        "one_cycle": "polysight.training.schedules:OneCycle",
        "step": "polysight.training.schedules:Steps",
    },
)
