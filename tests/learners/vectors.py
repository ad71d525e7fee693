"""A modality of plain vectors, for tests of learners: cells are already arrays, absent ones NaN."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from torch import nn

from polysight.core.tokens import Tokens
from polysight.data.samples import Samples
from polysight.data.view import View
from polysight.modalities.base import Modality, learned
from polysight.modalities.encoder import Encoder


@dataclass(frozen=True, kw_only=True)
class Vector(Modality):
    kind: ClassVar[str] = "vector"
    default_encoder: ClassVar[str] = "vector_mlp"
    default_features = compact_features = classical = ()

    noise: float = 0.0
    mean: np.ndarray | None = learned()  # noqa: RUF009 - a dataclass field, made by a function
    scale: np.ndarray | None = learned()  # noqa: RUF009 - a dataclass field, made by a function

    @classmethod
    def sniff(cls, column, root):
        raise NotImplementedError

    def read(self, cells):
        raise NotImplementedError

    def fit(self, view):
        values = view.arrays["values"][view.any_present]
        spec = {"columns": self.columns, "noise": self.noise}
        return Vector(**spec, mean=values.mean(axis=0), scale=values.std(axis=0) + 1e-3)

    def transform(self, view):
        return {"values": ((view.arrays["values"] - self.mean) / self.scale).astype(np.float32)}

    def augmented(self, arrays, rng):
        return {"values": arrays["values"] + self.noise * rng.standard_normal(arrays["values"].shape, dtype=np.float32)}


class VectorMLP(Encoder):
    kind = "vector_mlp"
    modality = "vector"

    def __init__(self, modality, width, *, hidden: int = 64):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(len(modality.mean), hidden), nn.GELU(), nn.Dropout(0.1), nn.Linear(hidden, width)
        )

    def forward(self, arrays, present):
        return Tokens(self.layers(arrays["values"])[:, None], present)


def view_of(values, present=None):
    """A view of one vector a row."""
    present = np.ones(len(values), dtype=bool) if present is None else present
    keys = np.array([f"{abs(hash(row.tobytes())):032x}"[:32].encode() for row in values])
    return View({"values": values}, present[:, None], keys).hide(~present)


def samples_of(**values):
    """Samples of one vector a row and input."""
    return Samples({name: view_of(array) for name, array in values.items()})
