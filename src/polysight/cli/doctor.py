"""polysight doctor: what is installed, what the machine has, and what may go wrong."""

from __future__ import annotations

import os
import sys

from polysight.cli.options import Json, Quiet, Verbose
from polysight.cli.talk import Talk

#: Optional parts: the extra, what it is for, and the package that makes it work.
EXTRAS = {"parquet": ("reading and writing Parquet", "pyarrow"), "video": ("reading video", "av")}


def doctor(json: Json = False, quiet: Quiet = False, verbose: Verbose = False) -> None:
    """Check versions, devices and the cache.

    Warns of trouble that has a known cause.
    """
    from polysight.runs.environment import environment, installed

    facts = environment()
    versions = {"polysight": facts["polysight"], "python": facts["python"], **facts["packages"]}
    items = [{"name": name, "value": value or "not installed"} for name, value in versions.items()]
    items += [{"name": name, "value": facts[name]} for name in ("platform", "cores", "threads", "memory_gib")]
    items.append({"name": "accelerators", "value": ", ".join(facts["accelerators"]) or "none"})
    for extra, (purpose, package) in EXTRAS.items():
        value = installed(package) or f"not installed: pip install 'polysight[{extra}]' for {purpose}"
        items.append({"name": f"extra {extra}", "value": value})
    items.append({"name": "cache", "value": _cache()})
    items += [{"name": "warning", "value": warning} for warning in _warnings()]
    lines = [f"{item['name']:<24} {item['value']}" for item in items]
    Talk(json=json, quiet=quiet, verbose=verbose).result({"items": items}, "\n".join(lines))


def _cache() -> str:
    from polysight.data.cache import default_cache

    folder = default_cache().folder
    if folder is None:
        return "off"
    size = sum(path.stat().st_size for path in folder.glob("*") if path.is_file()) if folder.is_dir() else 0
    return f"{folder} ({size / 1e6:.1f} MB)"


def _warnings() -> list[str]:
    """Trouble that has a known cause."""
    from importlib.util import find_spec

    found = []
    if sys.dont_write_bytecode:
        found.append("bytecode is not kept (PYTHONDONTWRITEBYTECODE), so that each start parses torch again")
    if find_spec("torchvision") is not None:
        found.append("torchvision is installed; beside a torch it was not built for it breaks other packages")
    if os.environ.get("OMP_NUM_THREADS") == "1":
        found.append("OMP_NUM_THREADS=1: one thread only; results may differ in the last digits from more")
    return found
