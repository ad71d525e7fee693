"""Imbalance: what helps classes with few rows; one remedy a file, the registry is ``polysight.objectives.REMEDIES``."""
