"""What the tests of artifacts share: altering a saved model so that its checksums are right again."""

import hashlib
import json

import pytest
from safetensors.numpy import load_file, save_file


def rehash(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, expected in manifest["files"].items():
        content = (folder / name).read_bytes()
        expected.update(sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.fixture
def alter():
    """``alter(folder, change)``: ``change(structure, arrays)`` edits a saved model in place, as a forger would."""

    def altered(folder, change):
        structure = json.loads((folder / "tree.json").read_text())
        arrays = load_file(folder / "arrays.safetensors")
        structure = change(structure, arrays) or structure
        (folder / "tree.json").write_text(json.dumps(structure))
        save_file(arrays, folder / "arrays.safetensors")
        rehash(folder)

    return altered
