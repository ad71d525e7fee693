"""Comparison: several ways of fusing and training on the same rows and encoders, ranked with honest statistics."""
