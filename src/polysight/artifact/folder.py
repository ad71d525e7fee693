"""The folder of a saved model: written whole, read only if it is whole, whoever wrote it.

``tree.json`` holds the structure, ``arrays.safetensors`` the numbers, ``manifest.json`` what they should be.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from polysight.artifact.decoder import Decoder
from polysight.artifact.encoder import Encoder
from polysight.artifact.swap import replaced_folder
from polysight.artifact.unsound import Unsound
from polysight.core.errors import CorruptError, IncompatibleError, MissingFileError, StorageError, UntrustedError
from polysight.core.events import emit
from polysight.core.files import sha256, write_json, write_text

Json = Any

#: The version of this layout; a folder of a newer one is refused.
FORMAT = 1
_MANIFEST, _TREE, _ARRAYS = "manifest.json", "tree.json", "arrays.safetensors"
_LIBRARIES = ("numpy", "scipy", "scikit-learn", "torch", "safetensors")
#: What reading a file that somebody has altered may raise: the decoder relies on it being well-formed.
_MALFORMED = (
    ArithmeticError, AttributeError, ImportError, LookupError, MemoryError, RecursionError, SafetensorError, TypeError,
    Unsound, ValueError,
)  # fmt: skip


def write(folder: Path | str, tree: Any, *, kind: str, facts: Mapping[str, Json] | None = None) -> None:
    """Save a tree: dictionaries, lists, tuples, None, truth values, numbers, text, arrays, scikit-learn parts.

    Arrays may hold numbers, truth values, text, or (dtype object) values of the kinds above. What comes back
    from ``read`` is equal and of the same types, except that text arrays take the narrowest width that fits.
    An existing model at ``folder`` is replaced in one step, with everything else in it.

    Args:
        folder: Where to; parents are made.
        tree: What to save.
        kind: What it is, for the reader to check (see ``read``).
        facts: JSON for people and tools, readable without the rest: settings, scores, provenance.

    Raises:
        TypeError: Something in the tree cannot be saved; says where in the tree it is.
        StorageError: The disk cannot be written, or something that is not a saved model stands there.
    """
    folder = Path(folder)
    encoder = Encoder()
    structure = json.dumps(encoder.encode(tree), allow_nan=False)
    if folder.exists() and not ((folder / _MANIFEST).is_file() or (folder.is_dir() and not any(folder.iterdir()))):
        raise StorageError("is something else than a saved model", where=str(folder), fix="choose another folder")
    with replaced_folder(folder) as temporary:
        write_text(temporary / _TREE, structure)
        try:
            save_file(encoder.arrays, temporary / _ARRAYS)
        except SafetensorError as error:
            raise OSError(str(error)) from error
        files = {
            name: {"sha256": sha256(temporary / name), "bytes": (temporary / name).stat().st_size}
            for name in (_TREE, _ARRAYS)
        }
        manifest = {"format": FORMAT, "kind": kind, **_versions(), "files": files, "facts": dict(facts or {})}
        write_json(temporary / _MANIFEST, manifest)


def read(folder: Path | str, *, kind: str | None = None) -> Any:
    """Read a tree that ``write`` saved; its arrays are fresh, writable memory.

    Nothing in the folder is executed, and nothing but listed scikit-learn classes is made. Other versions of
    libraries than at writing are told by the event ``model_from_other_versions``.

    Args:
        folder: Where from.
        kind: What it must be, if given.

    Raises:
        MissingFileError: There is no such folder, or no model in it.
        CorruptError: A file is missing, truncated or altered, or its numbers do not fit together.
        IncompatibleError: A newer version wrote it, or it is of another kind.
        UntrustedError: It names a type that polysight never writes.
    """
    folder = Path(folder)
    manifest = _manifest(folder)
    if kind is not None and manifest["kind"] != kind:
        raise IncompatibleError(f"is a {manifest['kind']}, not a {kind}", where=str(folder))
    _check_files(folder, manifest["files"])
    try:
        # Not memory-mapped: a mapped file that somebody truncates kills the process.
        with safe_open(folder / _ARRAYS, framework="np", backend="pread") as file:
            arrays = dict(file.get_tensors())
        structure = json.loads((folder / _TREE).read_bytes())
        tree = Decoder(arrays).decode(structure)
    except UntrustedError as error:
        raise UntrustedError(error.what, where=str(folder), fix=error.fix) from None
    except (OSError, *_MALFORMED) as error:
        raise _corrupt(folder, f"is not as it was written: {error or type(error).__name__}") from error
    _tell_other_versions(manifest)
    return tree


def read_facts(folder: Path | str) -> dict[str, Json]:
    """The ``facts`` of a saved model; reads its manifest alone.

    Raises:
        MissingFileError: There is no such folder, or no model in it.
        CorruptError: The manifest is not one.
        IncompatibleError: A newer version wrote it.
    """
    return dict(_manifest(Path(folder))["facts"])


def _manifest(folder: Path) -> dict[str, Json]:
    path = folder / _MANIFEST
    if not path.is_file():
        if (folder / _TREE).exists():
            raise _corrupt(folder, "has lost its manifest.json")
        raise MissingFileError("no saved model is here", where=str(folder), fix="give a run folder or its model/")
    try:
        manifest = json.loads(path.read_bytes())
        written = manifest["format"]
    except (OSError, *_MALFORMED) as error:
        raise _corrupt(path, "is not a manifest") from error
    if type(written) is not int or written > FORMAT:
        raise IncompatibleError(
            f"has format {written!r}, this polysight reads up to {FORMAT}",
            where=str(folder),
            fix=f"install polysight {manifest.get('polysight', '')} or newer",
        )
    shapes = {"kind": str, "polysight": str, "libraries": dict, "files": dict, "facts": dict}
    if not all(isinstance(manifest.get(name), shape) for name, shape in shapes.items()):
        raise _corrupt(path, "is incomplete")
    return dict(manifest)


def _check_files(folder: Path, files: Mapping[str, Json]) -> None:
    """Every file is there, inside the folder, and exactly as written."""
    if set(files) != {_TREE, _ARRAYS}:
        raise _corrupt(folder / _MANIFEST, f"lists other files than a model has: {', '.join(sorted(files))}")
    for name, expected in files.items():
        path = folder / name
        if not path.is_file():
            raise _corrupt(path, "is missing")
        if path.resolve().parent != folder.resolve():
            raise _corrupt(path, "leads out of the folder")
        if not isinstance(expected, dict) or path.stat().st_size != expected.get("bytes"):
            raise _corrupt(path, "is truncated or has grown")
        if sha256(path) != expected.get("sha256"):
            raise _corrupt(path, "was altered")


def _corrupt(path: Path, what: str) -> CorruptError:
    return CorruptError(what, where=str(path), fix="copy the model again from where it was trained, or train again")


def _versions() -> dict[str, Json]:
    libraries = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            libraries[name] = version(name)
        except PackageNotFoundError:
            continue
    return {"polysight": version("polysight"), "libraries": libraries}


def _tell_other_versions(manifest: Mapping[str, Json]) -> None:
    here = _versions()["libraries"]
    other = {
        name: {"written": written, "here": here[name]}
        for name, written in manifest["libraries"].items()
        if here.get(name, written) != written
    }
    if other:
        emit("model_from_other_versions", libraries=other)
