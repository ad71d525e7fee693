"""Methods: what is compared - a fusion, an objective and a balance around the same encoders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import torch

from polysight.core.config import build
from polysight.core.errors import ConfigError
from polysight.fusion import FUSIONS
from polysight.learners import LEARNERS
from polysight.learners.neural import NeuralClassifier
from polysight.objectives import BALANCES, OBJECTIVES

#: Plain data that describes a part: its kind, or a mapping with kind and options.
Spec = str | Mapping[str, Any]


@dataclass(frozen=True)
class Method:
    """One way to fuse and train.

    Attributes:
        fusion: The spec of the fusion.
        objective: The spec of the objective.
        balance: The spec of the balance.
    """

    fusion: Spec
    objective: Spec = "cross_entropy"
    balance: Spec = "none"

    @property
    def name(self) -> str:
        """How it is called in tables; joint training, the plain case, goes unsaid."""
        parts = [called(self.fusion), called(self.objective)]
        return " + ".join(parts if self.balance == "none" else [*parts, called(self.balance)])

    def learner(self, common: Mapping[str, Any], seed: int) -> NeuralClassifier:
        """The unfitted learner.

        Args:
            common: Options that all methods share.
            seed: The seed of everything random.

        Raises:
            ConfigError: An option does not fit.
        """
        own = {"fusion": self.fusion, "objective": self.objective, "balance": self.balance}
        learner: NeuralClassifier = build(
            LEARNERS, {**common, **own, "kind": "neural"}, where="learner", random_state=seed
        )
        return learner


def grid(fusions: Sequence[Spec], objectives: Sequence[Spec], balances: Sequence[Spec]) -> list[Method]:
    """Every combination, each once, in the order given."""
    made = [Method(*parts) for parts in product(fusions, objectives, balances)]
    return list({method.name: method for method in made}.values())


def called(spec: Spec) -> str:
    """A spec in a few words: its kind, and its options where it has some."""
    if isinstance(spec, str):
        return spec
    options = ", ".join(f"{name}={value}" for name, value in spec.items() if name != "kind")
    return f"{spec.get('kind')} ({options})" if options else str(spec.get("kind"))


def check_methods(methods: Sequence[Method], common: Mapping[str, Any], names: Sequence[str], classes: int) -> None:
    """Build every part once, so that what does not fit is told before anything is trained.

    Args:
        methods: What is to be compared.
        common: Options that all methods share.
        names: The inputs.
        classes: The number of classes.

    Raises:
        ConfigError: An unknown name (the nearest is offered), an option that does not fit, a fusion that refuses
            these inputs, or a balance without the answers it needs.
    """
    if not methods:
        raise ConfigError("there is nothing to compare", where="compare", fix="name a fusion: --fusion concat,gated")
    for method in methods:
        learner = method.learner(common, seed=0)
        build(OBJECTIVES, method.objective, where="objective")
        balance = build(BALANCES, method.balance, where="balance")
        if balance.needs_answers and not learner.auxiliary:
            fix = "leave out learner.auxiliary=0, or --balance none"
            raise ConfigError(f"{balance.kind} needs the inputs' own answers", where="balance", fix=fix)
        with torch.random.fork_rng(devices=[]):
            build(
                FUSIONS, method.fusion, where="fusion", names=tuple(sorted(names)), width=learner.width, classes=classes
            )
