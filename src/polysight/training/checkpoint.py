"""Checkpoints: a training at the end of an epoch, on disk as data, so that a run that was cut off goes on exactly.

Random numbers are drawn from generators named by seed, epoch and step, and the learning rate follows from the
step, so weights, their running mean, the optimiser's moments, the curves and the best epoch are all there is to keep.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from polysight import artifact
from polysight.core.errors import ConfigError
from polysight.training.average import Average
from polysight.training.early_stopping import EarlyStopping


@dataclass
class Progress:
    """How far a training is.

    Attributes:
        best: The best epoch so far.
        average: The running mean of the weights, if one is kept.
        history: What each finished epoch gave.
    """

    best: EarlyStopping
    average: Average | None = None
    history: list[dict[str, Any]] = field(default_factory=list)

    @property
    def epoch(self) -> int:
        """How many epochs are finished."""
        return len(self.history)


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Where a training is kept between epochs.

    Attributes:
        folder: Written after each epoch; may not exist yet.
        settings: What the training depends on; a checkpoint made under other settings is refused.
    """

    folder: Path
    settings: Mapping[str, Any]

    def save(self, network: nn.Module, optimizer: torch.optim.Optimizer, progress: Progress) -> None:
        """Write everything an exact continuation needs."""
        moments = optimizer.state_dict()["state"]
        tree = {
            "weights": {name: value.cpu().numpy() for name, value in network.state_dict().items()},
            "moments": {str(i): {key: v.cpu().numpy() for key, v in named.items()} for i, named in moments.items()},
            "best": progress.best.to_state(),
            "average": progress.average.to_state() if progress.average else None,
            "history": progress.history,
        }
        artifact.write(self.folder, tree, kind="checkpoint", facts={"settings": dict(self.settings)})

    def restore(self, network: nn.Module, optimizer: torch.optim.Optimizer, progress: Progress) -> None:
        """Go back to what was saved; does nothing where nothing was.

        Raises:
            ConfigError: It was saved by a training with other settings or other data.
            ArtifactError: It cannot be read.
        """
        if not (self.folder.is_dir() and any(self.folder.iterdir())):
            return
        saved = artifact.read_facts(self.folder)["settings"]
        differing = sorted(key for key in saved | dict(self.settings) if saved.get(key) != self.settings.get(key))
        if differing:
            raise ConfigError(
                f"the checkpoint is of another training: {', '.join(differing)} differ",
                where=str(self.folder),
                fix="train with the settings it was made with, or give another folder",
            )
        tree = artifact.read(self.folder)
        network.load_state_dict(_tensors(tree["weights"]))
        optimizer.load_state_dict(
            {
                "state": {int(i): _tensors(named) for i, named in tree["moments"].items()},
                "param_groups": optimizer.state_dict()["param_groups"],
            }
        )
        if progress.average:
            progress.average.network.load_state_dict(_tensors(tree["average"]))
        progress.history[:] = tree["history"]
        best = tree["best"]
        progress.best.epoch = best["epoch"]
        progress.best.loss = math.inf if best["loss"] is None else best["loss"]
        device = next(network.parameters()).device
        progress.best.weights = {name: value.to(device) for name, value in _tensors(best["weights"]).items()}


def _tensors(arrays: Mapping[str, Any]) -> dict[str, torch.Tensor]:
    return {name: torch.as_tensor(array) for name, array in arrays.items()}
