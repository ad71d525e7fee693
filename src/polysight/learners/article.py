"""The article's networks: what a widespread tutorial on multimodal classification builds, without its mistakes.

Both are ordinary ``NeuralClassifier``s with the options that make them so: a reference to compare with, not a
recommendation. Nearly all 25 million weights of ``article`` stand between 394,272 flattened numbers and 64 units, and
whatever is learned there holds for one place in the picture only. Adam's first step moves each of those weights by the
learning rate, in step with hundreds of thousands of others: on the demonstration's data the training loss is 8.18 in
the first epoch, 2.28 from the third to the fifth and 2.20 in the tenth (.22 of the test rows right), while SGD comes
from 2.30 to 2.22 (.26). An epoch of 640 pictures takes 4 s of two cores, a step of Adam 1.7 GB in all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from polysight.learners.base import InputSpecs
from polysight.learners.neural import NeuralClassifier

#: SGD as the article writes it: the weights move by the learning rate times the gradient, and nothing else.
PLAIN_SGD: dict[str, Any] = {"kind": "sgd", "momentum": 0.0, "nesterov": False}
#: Longer gradients than this are shortened; the article shortens none.
NO_CLIP = 1e6


def article(  # noqa: PLR0913 - the options of a learner, by name
    inputs: InputSpecs | None = None,
    *,
    optimizer: Any = "sgd",
    learning_rate: Annotated[float, Field(gt=0)] = 0.001,
    epochs: Annotated[int, Field(ge=1)] = 10,
    batch_size: Annotated[int, Field(ge=1)] = 32,
    validation_fraction: Annotated[float, Field(ge=0, lt=1)] = 0.2,
    time_limit: float | str | None = None,
    device: str = "auto",
    checkpoint: str | Path | None = None,
    group: str | None = None,
    random_state: int = 0,
) -> NeuralClassifier:
    """One convolution beside one LSTM, concatenated, a dense layer, a softmax.

    Picture of 224 x 224 -> 32 filters of 3 x 3, ReLU -> max-pooling 2 -> flattened; text -> 10,000 word vectors of 16
    -> LSTM of 64, last state; both side by side -> dense layer of 64, ReLU -> one logit a class. With ten classes it
    has 25,419,850 weights. Inputs that are neither picture nor text join the dense layer by their usual encoder.

    Three mistakes of the article are not repeated. Its tokenizer is fitted on the test texts too; here the vocabulary
    comes from training rows. It gives softmax outputs to a loss that expects logits, so that a sure answer still gets
    a large loss and hardly any gradient; here the loss gets logits. Its hand-written loop makes one step an epoch over
    all rows at once; here a step is a batch, and rows are shuffled.

    To read pictures at 224 pixels and change them in training as the article does, say so with the inputs:
    ``{"photo": {"kind": "image", "size": 224, "augment": ["article"]}, "note": {"kind": "text", "augment": []}}``.

    Departures: the epoch that the validation rows like best is kept, not the last; weights start as PyTorch starts
    them, so that the 64 numbers of text are not lost among those of the picture; an absent input adds nothing.

    Args:
        inputs: The inputs; None infers them from the table.
        optimizer: ``sgd`` (without momentum), ``adam``, or any spec; see ``NeuralClassifier``.
        learning_rate: The learning rate, the same in all steps.
        epochs: How often every row is seen.
        batch_size: Rows a batch.
        validation_fraction: The part of the rows that chooses the epoch.
        time_limit: Seconds, or text such as ``"10m"``; None: no limit.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        checkpoint: A folder written after each epoch, about 300 MB with Adam.
        group: Column whose equal values never stand on both sides of the inner split.
        random_state: The seed of everything random.
    """
    return NeuralClassifier(
        inputs,
        encoders={"image": "article_conv", "text": "article_lstm"},
        optimizer=_plain(optimizer),
        learning_rate=learning_rate,
        epochs=epochs,
        batch_size=batch_size,
        validation_fraction=validation_fraction,
        time_limit=time_limit,
        device=device,
        checkpoint=checkpoint,
        group=group,
        random_state=random_state,
        **_PLAIN,
    )


def cnn(  # noqa: PLR0913 - the options of a learner, by name
    inputs: InputSpecs | None = None,
    *,
    optimizer: Any = "adam",
    learning_rate: Annotated[float, Field(gt=0)] = 0.001,
    epochs: Annotated[int, Field(ge=1)] = 10,
    batch_size: Annotated[int, Field(ge=1)] = 32,
    validation_fraction: Annotated[float, Field(ge=0, lt=1)] = 0.2,
    time_limit: float | str | None = None,
    device: str = "auto",
    checkpoint: str | Path | None = None,
    group: str | None = None,
    random_state: int = 0,
) -> NeuralClassifier:
    """Two blocks of a padded 3 x 3 convolution and max-pooling, flattened, a dense layer, a softmax.

    The article's network for pictures alone: name the picture as the only input
    (``inputs={"photo": {"kind": "image"}}``), since any other joins the dense layer by its usual encoder. The blocks
    have 32 and 64 filters, the dense layer 64 units.

    Args:
        inputs: The inputs; None infers them from the table.
        optimizer: ``sgd`` (without momentum), ``adam``, or any spec; see ``NeuralClassifier``.
        learning_rate: The learning rate, the same in all steps.
        epochs: How often every row is seen.
        batch_size: Rows a batch.
        validation_fraction: The part of the rows that chooses the epoch.
        time_limit: Seconds, or text such as ``"10m"``; None: no limit.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        checkpoint: A folder written after each epoch.
        group: Column whose equal values never stand on both sides of the inner split.
        random_state: The seed of everything random.
    """
    return NeuralClassifier(
        inputs,
        encoders={"image": "cnn"},
        optimizer=_plain(optimizer),
        learning_rate=learning_rate,
        epochs=epochs,
        batch_size=batch_size,
        validation_fraction=validation_fraction,
        time_limit=time_limit,
        device=device,
        checkpoint=checkpoint,
        group=group,
        random_state=random_state,
        **_PLAIN,
    )


#: What both networks leave out that ``NeuralClassifier`` otherwise does.
_PLAIN: dict[str, Any] = {
    "fusion": "dense",
    "objective": {"kind": "cross_entropy", "label_smoothing": 0.0},
    "schedule": "constant",
    "width": 64,
    "auxiliary": 0.0,
    "modality_dropout": 0.0,
}


def _plain(optimizer: Any) -> Any:
    """An optimiser given by its name alone, as the article uses it."""
    plain: dict[str, dict[str, Any]] = {"sgd": PLAIN_SGD, "adam": {"kind": "adam"}}
    return {**plain[optimizer], "clip": NO_CLIP} if isinstance(optimizer, str) and optimizer in plain else optimizer
