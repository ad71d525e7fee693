"""Artifacts: a tree of arrays and JSON on disk, written whole, read without running anything."""

from polysight.artifact.folder import read, read_facts, write

__all__ = ["read", "read_facts", "write"]
