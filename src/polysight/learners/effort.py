"""How long and in what portions to train, from the number of rows alone."""

from __future__ import annotations

#: Steps a training should have, where that takes neither too few nor too many epochs.
STEPS = 2500
FEWEST_EPOCHS, MOST_EPOCHS = 12, 60


def default_batch_size(rows: int) -> int:
    """Rows a step: 32 below 2,000 rows, then 64, from 20,000 on 128."""
    return 32 if rows < 2_000 else 64 if rows < 20_000 else 128


def default_epochs(rows: int, batch_size: int) -> int:
    """Epochs that give about ``STEPS`` steps, 12 to 60."""
    steps = -(-rows // batch_size)
    return min(max(round(STEPS / steps), FEWEST_EPOCHS), MOST_EPOCHS)
