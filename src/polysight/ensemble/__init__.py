"""Ensembles: out-of-fold predictions, combination, calibration."""
