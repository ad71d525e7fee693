"""Feature maps: what the channels of a layer of a network make of one input, as pictures side by side.

Source: Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014 (maps shown as they are).
Departures: maps of more than two axes are seen from the front (the largest value along the others).
"""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import PIL.Image
from jaxtyping import Float, UInt8
from torch import Tensor

from polysight.core.errors import ConfigError, did_you_mean
from polysight.data.samples import Samples
from polysight.explain.base import Explained, Explainer, Within
from polysight.explain.hooks import answering, batch_of, logits_of
from polysight.explain.trained import TrainedNetwork, networks_of

#: Maps that are shown at most: the most active channels.
MOST = 36
#: The grey between two maps, and its pixels.
_GAP, _BETWEEN = 128, 1


#: About how many pixels wide the picture of an explanation is.
WIDE = 480


@dataclass(frozen=True)
class ShownMaps(Explainer):
    """The maps of the first network that looks at an input, most active channels first.

    Attributes:
        layer: See ``feature_maps``.
    """

    kind: ClassVar[str] = "feature_maps"
    by_default: ClassVar[bool] = False

    layer: str | None = None

    def explain(self, model: Explained, row: Samples, name: str, target: int, seed: int) -> Within | None:
        """The maps as a picture, and how active each channel is, whatever the class; None without convolutions."""
        networks = [one for one in networks_of(model, row, name) if one.encoder(name).sight.maps]
        if not networks or not row.views[name].any_present.all():
            return None
        maps = feature_maps(networks[0], row, name, self.layer)
        grey = maps.picture(max(1, WIDE // maps.picture().shape[1]))
        return Within(
            self.kind,
            "channel",
            tuple(f"channel {channel}" for channel in maps.channels),
            np.abs(maps.values).mean(axis=(1, 2)),
            picture=np.repeat(grey[..., None], 3, axis=2),
            facts={"layer": maps.layer, "scale": "mean activation", "layers": list(layers(networks[0], row, name))},
        )


@dataclass(frozen=True, eq=False)
class FeatureMaps:
    """The maps of one layer.

    Attributes:
        layer: The name of the module in its encoder.
        channels: The channel of each map, the most active first.
        values: The maps of the first picture (slot, frame, slice) that is there, as the network has them.
    """

    layer: str
    channels: tuple[int, ...]
    values: Float[np.ndarray, "map y x"]

    def picture(self, pixels: int = 1) -> UInt8[np.ndarray, "ys xs"]:
        """All maps in rows, about as many across as down, each from its least (black) to its largest value (white).

        Args:
            pixels: Pixels of the picture for each place of a map.
        """
        count, height, width = self.values.shape
        across = int(np.ceil(np.sqrt(count)))
        down = -(-count // across)
        tall, wide = height * pixels + _BETWEEN, width * pixels + _BETWEEN
        grid = np.full((down * tall + _BETWEEN, across * wide + _BETWEEN), _GAP, dtype=np.uint8)
        for place, one in enumerate(self.values):
            spread = np.ptp(one)
            grey = np.round(255 * (one - one.min()) / spread if spread > 0 else 0 * one).astype(np.uint8)
            y, x = _BETWEEN + place // across * tall, _BETWEEN + place % across * wide
            grid[y : y + height * pixels, x : x + width * pixels] = grey.repeat(pixels, axis=0).repeat(pixels, axis=1)
        return grid

    def to_png(self, pixels: int = 4) -> bytes:
        """The picture as a PNG file."""
        file = io.BytesIO()
        PIL.Image.fromarray(self.picture(pixels)).save(file, "png")
        return file.getvalue()


def feature_maps(
    trained: TrainedNetwork, row: Samples, name: str, layer: str | None = None, *, most: int = MOST
) -> FeatureMaps:
    """What a layer of a network makes of one input of a row.

    Args:
        trained: The network.
        row: One row.
        name: The input.
        layer: A module of the input's encoder (``layers`` lists them); by default the one heat maps come from.
        most: Maps at most.

    Raises:
        ConfigError: The encoder has no such layer, or none that keeps places.
    """
    there = _given(trained, row, name)
    sight = trained.encoder(name).sight
    chosen = layer or (sight.maps if sight is not None else "")
    if chosen not in there:
        fix = did_you_mean(chosen, there) or f"choose one of: {', '.join(there) or '(it has none)'}"
        raise ConfigError(f"the encoder of {name!r} has no layer {chosen!r} whose maps could be shown", fix=fix)
    maps = there[chosen][0].double().cpu().numpy()
    flat = maps.reshape(len(maps), -1, *maps.shape[-2:]).max(axis=1)
    order = np.argsort(-np.abs(flat).mean(axis=(1, 2)), kind="stable")[:most]
    return FeatureMaps(chosen, tuple(order.tolist()), flat[order])


def layers(trained: TrainedNetwork, row: Samples, name: str) -> dict[str, tuple[int, ...]]:
    """The modules of an input's encoder that give maps, in the order they are asked, and the shape of these."""
    return {layer: tuple(maps.shape[1:]) for layer, maps in _given(trained, row, name).items()}


def _given(trained: TrainedNetwork, row: Samples, name: str) -> dict[str, Tensor]:
    """The maps that modules of an encoder give the first time they are asked."""
    found: dict[str, Tensor] = {}

    def keep(layer: str, output: Any) -> None:
        if isinstance(output, Tensor) and output.ndim >= 4 and len(output):
            found.setdefault(layer, output.detach().clone())

    with ExitStack() as hooks, answering(trained.network):
        for layer, module in trained.encoder(name).named_modules():
            if layer:
                handle = module.register_forward_hook(lambda _, __, output, layer=layer: keep(layer, output))
                hooks.callback(handle.remove)
        logits_of(trained, batch_of(trained, row))
    return found
