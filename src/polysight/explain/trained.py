"""TrainedNetwork: one network that takes part in a model's answer, as explanations look into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from polysight.data.samples import Samples
from polysight.modalities.base import Modality


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """A trained network and the fitted modalities it looks at.

    Attributes:
        network: An ``nn.Module`` with ``names`` and ``encoders``, in the same order, whose answer to a batch has
            ``logits``.
        modalities: By input; inputs without one are not looked at.
    """

    network: Any
    modalities: Mapping[str, Modality]

    def encoder(self, name: str) -> Any:
        """The encoder of an input."""
        return self.network.encoders[self.network.names.index(name)]


def networks_of(model: Any, rows: Samples, name: str) -> list[TrainedNetwork]:
    """The networks that look at an input when a model answers such rows, if they offer explanations something.

    Args:
        model: Any fitted learner; one that has networks has a method ``networks``.
        rows: The rows.
        name: The input.
    """
    networks = getattr(model, "networks", None)
    every = () if networks is None else networks(rows)
    return [one for one in every if name in one.modalities and one.encoder(name).sight is not None]
