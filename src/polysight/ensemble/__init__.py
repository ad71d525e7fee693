"""Ensembles: out-of-fold predictions, combination, calibration."""

from polysight.core.registry import Registry

COMBINERS = Registry(
    "combiner",
    {
        "greedy": "polysight.ensemble.greedy:GreedySelection",
        "mean": "polysight.ensemble.average:Mean",
        "product": "polysight.ensemble.product:ProductOfExperts",
        "stacking": "polysight.ensemble.stacking:Stacking",
        "weighted": "polysight.ensemble.weighted:WeightedAverage",
    },
)
