"""MultimodalNetwork: an encoder for each modality, a fusion, one head - and one auxiliary head a modality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
        vectors: The mean token of each modality, before fusion; zero where it is absent.
    """

    logits: Float[Tensor, "batch class"]
    auxiliary: Float[Tensor, "batch modality class"]
    present: Bool[Tensor, "batch modality"]
    weights: Float[Tensor, "batch modality"] | None
    vectors: Float[Tensor, "batch modality width"]


@dataclass(frozen=True, eq=False)
class Mixing:
    """Which row each row is mixed with, and how much of itself remains (0 to 1)."""

    partner: Int[Tensor, " batch"]
    share: Float[Tensor, " batch"]


class MultimodalNetwork(nn.Module):
    """Tokens of each modality, fused and classified.

    Source: unimodal auxiliary heads as in Wang, Tran, Feiszli, What Makes Training Multi-modal Classification
    Networks Hard, CVPR 2020; modality dropout, Neverova et al., ModDrop, TPAMI 2016; mixing of hidden states,
    Verma et al., Manifold Mixup, ICML 2019.

    Args:
        encoders: One encoder a modality, all of the fusion's width.
        fusion: A fusion of these modalities.
        classes: The number of classes.
        modality_dropout: In training, how often the fusion is not shown a modality that is there, 0 to below 1;
            one that is there always stays.
    """

    def __init__(
        self, encoders: Mapping[str, Encoder], fusion: Fusion, classes: int, *, modality_dropout: float = 0.2
    ) -> None:
        super().__init__()
        self.names = fusion.names
        self.modality_dropout = modality_dropout
        # Lists, because names from a table ("a.b", "type") cannot name modules.
        self.encoders = nn.ModuleList([encoders[name] for name in self.names])
        self.fusion = fusion
        self.head = nn.Linear(fusion.width, classes)
        self.auxiliary = nn.ModuleList([nn.Linear(fusion.width, classes) for _ in self.names])

    def forward(self, batch: Batch, mixing: Mixing | None = None) -> Output:
        """Classify a batch; modalities the batch does not have are absent."""
        tokens = self.encode(batch)
        if mixing is not None:
            tokens = {name: _mixed(of_one, mixing) for name, of_one in tokens.items()}
        present = torch.stack([tokens[name].any_present for name in self.names], dim=1)
        vectors = [tokens[name].mean() for name in self.names]
        alone = [head(vector) for vector, head in zip(vectors, self.auxiliary, strict=True)]
        shown = self._drop_modalities(tokens, present) if self.training and self.modality_dropout else tokens
        fused = self.fusion(shown)
        logits, answers = self.head(fused.values), torch.stack(alone, dim=1)
        return Output(logits, answers, present, fused.weights, torch.stack(vectors, dim=1))

    def encode(self, batch: Batch) -> dict[str, Tokens]:
        """The tokens of each modality, before fusion."""
        return {
            name: encoder(batch.arrays[name], batch.present[name]) if name in batch.arrays else self._absent(batch)
            for name, encoder in zip(self.names, self.encoders, strict=True)
        }

    def _absent(self, batch: Batch) -> Tokens:
        values = self.head.weight.new_zeros(len(batch), 1, self.fusion.width)
        return Tokens(values, torch.zeros(values.shape[:2], dtype=torch.bool, device=values.device))

    def _drop_modalities(
        self, tokens: Mapping[str, Tokens], present: Bool[Tensor, "batch modality"]
    ) -> dict[str, Tokens]:
        luck = torch.rand(present.shape, device=present.device).masked_fill(~present, -1.0)
        # The luckiest modality stays, so that no row loses all it has.
        kept = (luck >= self.modality_dropout) | (luck == luck.amax(dim=1, keepdim=True))
        return {
            name: Tokens(tokens[name].values, tokens[name].present & kept[:, [i]]) for i, name in enumerate(self.names)
        }


def _mixed(tokens: Tokens, mixing: Mixing) -> Tokens:
    """Each token mixed with its partner's where both are there, and left alone elsewhere."""
    both = (tokens.present & tokens.present[mixing.partner])[..., None]
    share = mixing.share[:, None, None].to(tokens.values.dtype)
    mixed = torch.lerp(tokens.values[mixing.partner], tokens.values, share)
    return Tokens(torch.where(both, mixed, tokens.values), tokens.present)
