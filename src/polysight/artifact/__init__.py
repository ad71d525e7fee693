"""Artifacts: a tree of arrays and JSON on disk, written whole, read without running anything."""
