"""Demonstration data: small multimodal sets made on this machine, without a download.

Each entry is a function ``build(folder, *, seed, rows) -> Path`` that writes ``train.csv``, ``test.csv`` and
the files they name; the first line of its docstring says what it makes.
"""

from polysight.core.registry import Registry

DEMONSTRATIONS = Registry("demonstration", {"digits": "polysight.data.demonstration.digits:build"})
