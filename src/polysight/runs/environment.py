"""The environment: what a result depends on besides data and settings."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from polysight import __version__
from polysight.core.devices import cpu_count

#: The packages whose versions change numbers.
PACKAGES = (
    "torch",
    "numpy",
    "scipy",
    "scikit-learn",
    "imbalanced-learn",
    "pandas",
    "opencv-python-headless",
    "pillow",
    "soundfile",
    "safetensors",
    "accelerate",
)


def environment() -> dict[str, Any]:
    """Versions, machine, threads and accelerators, as ``environment.json`` keeps them."""
    import torch

    return {
        "polysight": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: installed(name) for name in PACKAGES},
        "cores": cpu_count(),
        "threads": torch.get_num_threads(),
        "memory_gib": memory_gib(),
        "accelerators": [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())],
    }


def installed(package: str) -> str | None:
    """The version of a package, None when it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def memory_gib() -> float | None:
    """Physical memory in GiB, None where the system does not say."""
    if sys.platform == "win32":
        return None
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1)
