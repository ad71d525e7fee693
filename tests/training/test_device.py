"""Devices and precision by name."""

import pytest

from polysight.core.errors import ConfigError
from polysight.training.device import choose_device, make_accelerator


def test_cpu_and_precision_can_change_within_a_process():
    for precision, mixed in (("fp32", "no"), ("bf16", "bf16"), ("auto", "no")):
        accelerator = make_accelerator("cpu", precision)
        assert accelerator.device.type == "cpu"
        assert accelerator.mixed_precision == mixed


def test_auto_is_a_device_of_this_machine():
    assert choose_device("auto").type in ("cpu", "cuda", "mps")


@pytest.mark.parametrize(("device", "precision"), [("gpu", "auto"), ("cpu", "fp64")])
def test_unknown_names_are_refused(device, precision):
    with pytest.raises(ConfigError, match=r"choose one of|did you mean"):
        make_accelerator(device, precision)
