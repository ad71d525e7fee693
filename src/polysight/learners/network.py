"""MultimodalNetwork: an encoder for each modality, a fusion, one head - and one auxiliary head a modality.

What it has in common with networks that fuse decisions (``decision_network.py``) is ``EncodedNetwork``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from polysight.core.tokens import Tokens
from polysight.fusion.base import Fusion
from polysight.modalities.encoder import Encoder
from polysight.training.batches import Batch


@dataclass(frozen=True, eq=False)
class Output:
    """What the network says about a batch; modalities in sorted order of names.

    Attributes:
        logits: The answer. Where nothing is present it means nothing.
        auxiliary: The answer of each modality alone; means nothing where it is absent.
        present: Which modalities are there.
        weights: How much each modality counted, if the fusion says so.
        vectors: The mean token of each modality, as its own answer sees it; zero where it is absent.
        penalty: What each sample adds to the loss in training, if the fusion asks for it.
    """

    logits: Float[Tensor, "batch class"]
    auxiliary: Float[Tensor, "batch modality class"]
    present: Bool[Tensor, "batch modality"]
    weights: Float[Tensor, "batch modality"] | None
    vectors: Float[Tensor, "batch modality width"]
    penalty: Float[Tensor, " batch"] | None = None


@dataclass(frozen=True, eq=False)
class Mixing:
    """Which row each row is mixed with, and how much of itself remains (0 to 1)."""

    partner: Int[Tensor, " batch"]
    share: Float[Tensor, " batch"]


class EncodedNetwork(nn.Module, ABC):
    """Encoders, and what training does to their tokens before anything is fused.

    Source: modality dropout, Neverova et al., ModDrop, TPAMI 2016; mixing of hidden states, Verma et al., Manifold
    Mixup, ICML 2019.

    Args:
        encoders: One encoder a modality, all of the same width.
        width: That width.
        classes: The number of classes.
        modality_dropout: In training, how often the fusion is not shown a modality that is there, 0 to below 1;
            one that is there always stays.

    Attributes:
        heads_train_alone: Whether the modalities' own answers are learned only from the auxiliary loss.
    """

    heads_train_alone: ClassVar[bool]

    def __init__(self, encoders: Mapping[str, Encoder], width: int, classes: int, modality_dropout: float) -> None:
        super().__init__()
        self.names = tuple(sorted(encoders))
        self.width = width
        self.classes = classes
        self.modality_dropout = modality_dropout
        # Lists, because names from a table ("a.b", "type") cannot name modules.
        self.encoders = nn.ModuleList([encoders[name] for name in self.names])

    def forward(self, batch: Batch, mixing: Mixing | None = None) -> Output:
        """Classify a batch; modalities the batch does not have are absent."""
        return self.answer(self.encode(batch, mixing))

    @abstractmethod
    def answer(self, tokens: Mapping[str, Tokens]) -> Output:
        """Classify what the encoders gave; every modality must be among them."""

    def encode(self, batch: Batch, mixing: Mixing | None = None) -> dict[str, Tokens]:
        """The tokens of each modality, before fusion."""
        tokens = {
            name: encoder(batch.arrays[name], batch.present[name]) if name in batch.arrays else self.absent(len(batch))
            for name, encoder in zip(self.names, self.encoders, strict=True)
        }
        return tokens if mixing is None else {name: _mixed(of_one, mixing) for name, of_one in tokens.items()}

    def absent(self, rows: int) -> Tokens:
        """The tokens of a modality that no row has."""
        values = next(self.parameters()).new_zeros(rows, 1, self.width)
        return Tokens(values, torch.zeros(values.shape[:2], dtype=torch.bool, device=values.device))

    def _shown(self, tokens: Mapping[str, Tokens]) -> Mapping[str, Tokens]:
        """What the fusion gets to see: in training, not always all."""
        if not (self.training and self.modality_dropout):
            return tokens
        present = self._present(tokens)
        luck = torch.rand(present.shape, device=present.device).masked_fill(~present, -1.0)
        # The luckiest modality stays, so that no row loses all it has.
        kept = (luck >= self.modality_dropout) | (luck == luck.amax(dim=1, keepdim=True))
        return {
            name: Tokens(tokens[name].values, tokens[name].present & kept[:, [i]]) for i, name in enumerate(self.names)
        }

    def _present(self, tokens: Mapping[str, Tokens]) -> Bool[Tensor, "batch modality"]:
        return torch.stack([tokens[name].any_present for name in self.names], dim=1)


class MultimodalNetwork(EncodedNetwork):
    """Tokens of each modality, fused and classified.

    Source: unimodal auxiliary heads as in Wang, Tran, Feiszli, What Makes Training Multi-modal Classification
    Networks Hard, CVPR 2020.

    Args:
        encoders: One encoder a modality, all of the fusion's width.
        fusion: A fusion of these modalities.
        classes: The number of classes.
        modality_dropout: See ``EncodedNetwork``.
        own_answers: Whether each modality has a head of its own; without, their answers are zeros.
    """

    heads_train_alone: ClassVar[bool] = True

    def __init__(
        self,
        encoders: Mapping[str, Encoder],
        fusion: Fusion,
        classes: int,
        *,
        modality_dropout: float = 0.2,
        own_answers: bool = True,
    ) -> None:
        super().__init__(encoders, fusion.width, classes, modality_dropout)
        self.fusion = fusion
        self.head = nn.Linear(fusion.width, classes)
        heads = self.names if own_answers else ()
        self.auxiliary = nn.ModuleList([nn.Linear(fusion.width, classes) for _ in heads])

    def answer(self, tokens: Mapping[str, Tokens]) -> Output:
        """Classify tokens; see ``EncodedNetwork.answer``."""
        vectors = torch.stack([tokens[name].mean() for name in self.names], dim=1)
        answers = [head(vectors[:, i]) for i, head in enumerate(self.auxiliary)]
        nothing = vectors.new_zeros(*vectors.shape[:2], self.classes)
        alone = torch.stack(answers, dim=1) if answers else nothing
        fused = self.fusion(self._shown(tokens))
        return Output(self.head(fused.values), alone, self._present(tokens), fused.weights, vectors, fused.penalty)


def _mixed(tokens: Tokens, mixing: Mixing) -> Tokens:
    """Each token mixed with its partner's where both are there, and left alone elsewhere."""
    both = (tokens.present & tokens.present[mixing.partner])[..., None]
    share = mixing.share[:, None, None].to(tokens.values.dtype)
    mixed = torch.lerp(tokens.values[mixing.partner], tokens.values, share)
    return Tokens(torch.where(both, mixed, tokens.values), tokens.present)
