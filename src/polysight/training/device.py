"""Devices and precision for training, through accelerate."""

from __future__ import annotations

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState

from polysight.core.errors import ConfigError, did_you_mean

#: What ``device=`` may be.
DEVICES = ("auto", "cpu", "cuda", "mps")
#: What ``precision=`` may be.
PRECISIONS = ("auto", "fp32", "bf16")


def choose_device(device: str) -> torch.device:
    """The device a name stands for; ``auto`` is the accelerator of this machine if it has one.

    Raises:
        ConfigError: No such name, or no such device here.
    """
    if device not in DEVICES:
        fix = did_you_mean(device, DEVICES) or f"choose one of: {', '.join(DEVICES)}"
        raise ConfigError(f"there is no device {device!r}", where="device", fix=fix)
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if device == "auto":
        return torch.device(next(name for name in ("cuda", "mps", "cpu") if there[name]))
    if not there[device]:
        raise ConfigError(f"this machine has no {device} device", where="device", fix="use device='auto' or 'cpu'")
    return torch.device(device)


def make_accelerator(device: str, precision: str) -> Accelerator:
    """What runs a training: places tensors, casts, scales gradients.

    Args:
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        precision: ``fp32``; ``bf16`` (matrix products in half the bits); ``auto`` is bf16 on CUDA devices that
            have it and fp32 elsewhere.

    Raises:
        ConfigError: No such device or precision, or not on this machine.
    """
    if precision not in PRECISIONS:
        fix = did_you_mean(precision, PRECISIONS) or f"choose one of: {', '.join(PRECISIONS)}"
        raise ConfigError(f"there is no precision {precision!r}", where="precision", fix=fix)
    kind = choose_device(device).type
    half = precision == "bf16" or (precision == "auto" and kind == "cuda" and torch.cuda.is_bf16_supported())
    mixed = "bf16" if half else "no"
    # Accelerate keeps one state a process and would go on with the device and precision it saw first.
    state = AcceleratorState._shared_state
    if state and (state["device"].type, state["_mixed_precision"]) != (kind, mixed):
        AcceleratorState._reset_state(reset_partial_state=True)
    return Accelerator(cpu=kind == "cpu", mixed_precision=mixed)
