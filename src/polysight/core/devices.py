"""Devices: how many cores, which accelerator, and the allocator's settings; importing this imports no torch."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from threadpoolctl import ThreadpoolController


def cpu_count() -> int:
    """The cores this process may use (containers and ``taskset`` respected)."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Matrix products of NumPy and SciPy in one thread, while this lasts and in the whole process.

    Most of the products of classical learners and of combining are small: threads wait for each other longer than they
    compute. On two idle cores a quick training on flipkart_1050 took 28 s instead of 33 s (and half of the processor),
    learning recipes for six inputs 1.5 s instead of 13 s, and 100 s where another process was busy too.
    """
    with _threads().limit(limits=1, user_api="blas"):
        yield


@cache
def _threads() -> ThreadpoolController:
    # Looking for the libraries takes milliseconds, and by the time of the first call they are loaded.
    return ThreadpoolController()


def free_memory() -> float | None:
    """Megabytes that could be used without swapping (a container's limit respected), or None where nobody says."""
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        free = next(int(line.split()[1]) / 1000 for line in text.splitlines() if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        return None
    try:
        limit, used = (int(Path(f"/sys/fs/cgroup/memory.{name}").read_text()) for name in ("max", "current"))
    except (OSError, ValueError):
        # No control group, or one without a limit ("max").
        return free
    return min(free, (limit - used) / 1e6)


def keep_large_buffers() -> bool:
    """Ask glibc to keep big buffers instead of returning them to the kernel after each use.

    Page faults otherwise dominate convolutions on CPU (a small block was 4.8 to 6 times slower). Memory is
    kept until ``release_buffers``. Does nothing, and says so by returning False, without glibc.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        libc = ctypes.CDLL("libc.so.6")
    except OSError:
        return False
    mmap_threshold, trim_threshold, arena_max = -3, -1, -8
    settings = ((mmap_threshold, 1 << 30), (trim_threshold, 2**31 - 1), (arena_max, 1))
    return all(libc.mallopt(name, value) == 1 for name, value in settings)


def release_buffers() -> None:
    """Give memory kept by ``keep_large_buffers`` back to the system."""
    if sys.platform.startswith("linux"):
        try:
            ctypes.CDLL("libc.so.6").malloc_trim(0)
        except (OSError, AttributeError):
            return
