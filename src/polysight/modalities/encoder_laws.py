"""The laws of the encoder that a modality brings: tokens where something is present, and nothing leaks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from polysight.core.tokens import Tokens
from polysight.modalities import ENCODERS
from polysight.modalities.base import Arrays
from polysight.modalities.encoder import Encoder
from polysight.modalities.equality import require
from polysight.modalities.laws import Case

#: Two batches may add in another order; float32 allows for that.
_TOLERANCE = 1e-4
_WIDTH = 8


def tokens_follow_presence(case: Case) -> None:
    """A row has tokens exactly where something of it is present; they are finite and as wide as asked."""
    present = case.view.present & ~case.some_rows[:, None]
    tokens = _encoded(case, case.fitted.transform(case.view.hide(case.some_rows)), present)
    require(tokens.values.shape == (*tokens.present.shape, _WIDTH), f"tokens have shape {tuple(tokens.values.shape)}")
    require(bool(torch.isfinite(tokens.values[tokens.present]).all()), "a present token is not finite")
    expected = torch.from_numpy(present.any(axis=1))
    require(torch.equal(tokens.any_present, expected), "rows with tokens are not the rows that are present")
    nothing = _encoded(case, case.fitted.transform(case.view), np.zeros_like(present))
    require(not bool(nothing.present.any()), "a batch in which nothing is present has tokens")


def rows_are_encoded_alone(case: Case) -> None:
    """A row has the same tokens in another batch."""
    arrays, present = case.fitted.transform(case.view), case.view.present
    whole = _encoded(case, arrays, present)
    for rows in case.subsets():
        part = _encoded(case, {name: array[rows] for name, array in arrays.items()}, present[rows])
        require(torch.equal(part.present, whole.present[rows]), "presence depends on the batch")
        require(_close(part.zeroed(), whole.zeroed()[rows]), f"rows {rows.tolist()} encoded alone differ")


def absent_slots_have_no_influence(case: Case) -> None:
    """Whatever absent slots hold, present tokens stay the same."""
    present = case.view.present & ~case.some_rows[:, None]
    arrays = case.fitted.transform(case.view.hide(case.some_rows))
    littered = {name: _littered(np.asarray(array), present) for name, array in arrays.items()}
    clean, dirty = _encoded(case, arrays, present), _encoded(case, littered, present)
    require(_close(clean.zeroed(), dirty.zeroed()), "what absent slots hold changed a present token")


ENCODER_LAWS: tuple[Callable[[Case], None], ...] = (
    tokens_follow_presence,
    rows_are_encoded_alone,
    absent_slots_have_no_influence,
)


def _encoded(case: Case, arrays: Arrays, present: np.ndarray) -> Tokens:
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        encoder: Encoder = ENCODERS.load(case.modality.default_encoder)(case.fitted, _WIDTH).eval()
        tensors = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items()}
        return encoder(tensors, torch.from_numpy(present))


def _littered(array: np.ndarray, present: np.ndarray) -> np.ndarray:
    """The array with NaN, or for whole numbers its largest value, where nothing is present."""
    per_slot = array.shape[:2] == present.shape
    absent = ~present if per_slot else ~present.any(axis=1)
    littered = array.copy()
    littered[absent] = np.nan if array.dtype.kind == "f" else array.max(initial=0)
    return littered


def _close(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and bool(torch.allclose(one, other, atol=_TOLERANCE, rtol=0))
