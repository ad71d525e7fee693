"""Putting a network together from specs: encoders of fitted modalities, a fusion, heads."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from polysight.core.config import build
from polysight.core.errors import ConfigError, did_you_mean
from polysight.fusion import FUSIONS
from polysight.fusion.decision import DecisionFusion
from polysight.learners.decision_network import DecisionNetwork
from polysight.learners.network import EncodedNetwork, MultimodalNetwork
from polysight.modalities import ENCODERS, MODALITIES
from polysight.modalities.base import Modality


def assemble(
    modalities: Mapping[str, Modality],
    classes: int,
    *,
    encoders: Mapping[str, Any] | None,
    fusion: Any,
    width: int,
    modality_dropout: float,
    own_answers: bool = True,
) -> EncodedNetwork:
    """Build an untrained network; the random numbers of its weights are torch's, drawn in sorted order of names.

    Args:
        modalities: The fitted modalities.
        classes: The number of classes.
        encoders: Specs of encoders by input, or by kind of modality for all of it; others take their
            modality's default.
        fusion: The spec of the fusion.
        width: The width of tokens.
        modality_dropout: See ``EncodedNetwork``.
        own_answers: See ``MultimodalNetwork``.

    Raises:
        ConfigError: A spec does not fit.
    """
    chosen = dict(encoders or {})
    built = {}
    for name in sorted(modalities):
        modality = modalities[name]
        spec = chosen.get(name, chosen.get(modality.kind, modality.default_encoder))
        built[name] = build(ENCODERS, spec, where=f"encoders.{name}", modality=modality, width=width)
    # A fusion made by the caller is copied: a fit must not train what another fit holds.
    fused = copy.deepcopy(build(FUSIONS, fusion, where="fusion", names=tuple(built), width=width, classes=classes))
    if set(fused.names) != set(built):
        raise ConfigError(
            f"the fusion is made for {', '.join(fused.names)}; the inputs are {', '.join(built)}",
            where="fusion",
            fix="give its kind and options instead of an object, and it is made for the inputs there are",
        )
    if isinstance(fused, DecisionFusion):
        return DecisionNetwork(built, fused, width, modality_dropout=modality_dropout)
    return MultimodalNetwork(built, fused, classes, modality_dropout=modality_dropout, own_answers=own_answers)


def check_encoder_names(encoders: Mapping[str, Any] | None, inputs: Mapping[str, Modality]) -> None:
    """Refuse encoders for inputs that do not exist.

    Raises:
        ConfigError: An unknown name; the nearest is offered.
    """
    for name in encoders or ():
        if name not in inputs and name not in MODALITIES:
            fix = did_you_mean(name, inputs) or f"the inputs are: {', '.join(inputs)}"
            raise ConfigError(f"there is no input {name!r}", where="encoders", fix=fix)
