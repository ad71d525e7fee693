"""Volumes: CT, MRI and ultrasound, and anything else on a grid in space."""
