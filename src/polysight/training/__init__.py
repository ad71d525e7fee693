"""Training: batches, optimisers, the loop. Adding an optimiser is a file and a line here."""

from polysight.core.registry import Registry

OPTIMIZERS = Registry("optimizer", {"adamw": "polysight.training.optimizer:AdamW"})
