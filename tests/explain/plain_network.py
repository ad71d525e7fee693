"""The plainest network over images: on it everything can be worked out by hand."""

from torch import nn

from polysight.learners.network import Output
from polysight.modalities.encoder import Encoder, Sight


class PlainEncoder(Encoder):
    """One convolution whose map is averaged: on it Grad-CAM is the class activation map."""

    sight = Sight("pixels", entry="convolve", maps="convolve", flat=False)

    def __init__(self):
        super().__init__()
        self.convolve = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, arrays, present):
        return self.convolve(arrays["pixels"].flatten(0, 1).permute(0, 3, 1, 2).float() / 255)


class PlainNetwork(nn.Module):
    names = ("photo",)

    def __init__(self):
        super().__init__()
        self.encoders, self.head = nn.ModuleList([PlainEncoder()]), nn.Linear(4, 3)

    def forward(self, batch):
        logits = self.head(self.encoders[0](batch.arrays["photo"], batch.present["photo"]).mean(dim=(2, 3)))
        none = logits.new_zeros(len(batch), 1, 3)
        return Output(logits, none, batch.present["photo"], None, none)
