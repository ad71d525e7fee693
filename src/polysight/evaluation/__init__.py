"""Evaluation: numbers one can defend."""
