"""The suite passes on every modality we bring, and names the law that each of these mutants breaks."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
import torch
from PIL import Image as Picture

from polysight.core.tokens import Tokens
from polysight.data.view import Cells
from polysight.modalities import ENCODERS, MODALITIES
from polysight.modalities.audio.modality import Audio
from polysight.modalities.base import Match
from polysight.modalities.contract import check_modality
from polysight.modalities.image.modality import Image
from polysight.modalities.points.modality import Points
from polysight.modalities.tabular.encoders import TabularMLP
from polysight.modalities.tabular.modality import Tabular
from polysight.modalities.text.modality import Text
from polysight.modalities.volume.modality import Volume

NOTES = pd.DataFrame(
    {
        "note": [
            "A round watch with a steel strap",
            "这款防水手表非常好看，质量也不错",
            None,
            "cotton bath towel, red and blue",
            "steel watch for men and women",
            "baby care set of three pieces",
            "a lamp made of red glass",
        ]
    }
)
TABLE = pd.DataFrame(
    {
        "age": ["31", "47", "", "old", "60", "52.5", "1e1"],
        "dose": ["", "2", "", "3", "5", "8", "13"],
        "colour": ["red", "red", "", "blue", "green", "red", ""],
    }
)
CELLS = Cells(TABLE, Path())
BAD = [(3, "age")]
COLUMNS = {"columns": tuple(TABLE.columns), "categorical": ("colour",)}


@pytest.fixture
def media(tmp_path):
    rng = np.random.default_rng(0)
    for number in range(6):
        pixels = rng.integers(0, 255, (12 + number, 16, 3), dtype=np.uint8)
        Picture.fromarray(pixels).save(tmp_path / f"{number}.png")
        soundfile.write(tmp_path / f"{number}.wav", rng.normal(size=2000 + 100 * number) * 0.1, 8000)
        np.save(tmp_path / f"{number}.npy", rng.integers(0, 255, (5 + number, 12, 14), dtype=np.uint8))
        rng.normal(size=(40 + number, 4)).astype("<f4").tofile(tmp_path / f"{number}.bin")
    for name in ("torn.png", "torn.wav", "torn.npy", "torn.bin"):
        (tmp_path / name).write_bytes(b"not what the name says")
    return tmp_path


def test_text_keeps_the_laws():
    check_modality(Text(columns=("note",)), Cells(NOTES, Path()))


def test_text_of_two_columns_keeps_the_laws():
    check_modality(Text(columns=("note", "back")), Cells(NOTES.assign(back=NOTES["note"].to_numpy()[::-1]), Path()))


def test_tabular_keeps_the_laws():
    check_modality(Tabular(**COLUMNS), CELLS, bad=BAD)


def test_tabular_of_typed_columns_keeps_the_laws():
    typed = pd.DataFrame(
        {
            "born": pd.to_datetime(["2001-05-04", None, "1999-01-01", "1987-11-30", "1970-01-01"]),
            "member": [True, False, None, True, False],
            "visits": [1, 2, 3, 5, 8],
        }
    )
    check_modality(Tabular(columns=tuple(typed.columns)), Cells(typed, Path()))


@pytest.mark.parametrize(("modality", "suffix"), [(Image, "png"), (Audio, "wav"), (Volume, "npy"), (Points, "bin")])
def test_files_keep_the_laws(modality, suffix, media):
    names = [f"{number}.{suffix}" for number in range(6)]
    frame = pd.DataFrame({"file": [*names, f"torn.{suffix}", f"gone.{suffix}", None]})
    check_modality(modality(columns=("file",)), Cells(frame, media), bad=[(6, "file"), (7, "file")])


def test_every_modality_is_checked_here():
    # Sequences and series keep theirs beside their other tests.
    assert set(MODALITIES) == {"audio", "image", "points", "sequence", "series", "tabular", "text", "volume"}


class FitsItself(Tabular):
    def fit(self, view):
        object.__setattr__(self, "levels", super().fit(view).levels)
        return super().fit(view)


class LearnsFromAbsentRows(Tabular):
    def fit(self, view):
        filled = {**view.arrays, "numbers": np.nan_to_num(view.arrays["numbers"])}
        everywhere = np.ones_like(view.present)
        return super().fit(dataclasses.replace(view, arrays=filled, present=everywhere))


class ReadsMissingAsZero(Tabular):
    def read(self, cells):
        view = super().read(cells)
        return dataclasses.replace(view, present=np.ones_like(view.present))


class CentresEachBatch(Tabular):
    def transform(self, view):
        arrays = super().transform(view)
        return {**arrays, "numbers": arrays["numbers"] - arrays["numbers"].mean(axis=0)}


class ForgetsItsLevels(Tabular):
    def to_state(self):
        state = super().to_state()
        return {**state, "learned": {**state["learned"], "levels": None}}


class AugmentsInPlace(Tabular):
    def augmented(self, arrays, rng):
        arrays["numbers"][:] += rng.normal(size=arrays["numbers"].shape).astype(np.float32)
        return arrays


class AugmentsByItsOwnDice(Tabular):
    def augmented(self, arrays, rng):
        return super().augmented(arrays, np.random.default_rng())


class KeepsQuietAboutBadCells(Tabular):
    def read(self, cells):
        return dataclasses.replace(super().read(cells), problems=())


class RefusesUnseenLevels(Tabular):
    def transform(self, view):
        known = {"", *sum(self.levels or (), ())}
        if set(view.arrays["categories"].ravel()) - known:
            raise KeyError("unseen")
        return super().transform(view)


class KeysByPosition(Tabular):
    def read(self, cells):
        view = super().read(cells)
        return dataclasses.replace(view, keys=np.char.add(view.keys, np.arange(len(view)).astype("S2")))


@dataclass(frozen=True, kw_only=True)
class SettlesAgain(Tabular):
    def settle(self, cells):
        return dataclasses.replace(super().settle(cells), max_levels=self.max_levels + 1)


class ClaimsNothing(Tabular):
    @classmethod
    def sniff(cls, column, root):
        return Match(0.0)


class Mutated(Tabular):
    """Units that are wrong in one way."""

    def units_there(self, row):
        units = super().units_there(row)
        return type(f"Wrong{type(units).__name__}", (self.Wrong, type(units)), {})(
            units.row, units.labels, units.numbers, units.categories, units.usual
        )


class CallsAllColumnsAlike(Tabular):
    def units_there(self, row):
        units = super().units_there(row)
        return dataclasses.replace(units, labels=("column",) * len(units))


class CutsAbsentRows(Tabular):
    def units(self, row):
        return dataclasses.replace(super().units_there(row), labels=("nothing",))


class LearnsItsUnits(Tabular):
    def units_there(self, row):
        units = super().units_there(row)
        return units if self.levels is None else dataclasses.replace(units, labels=units.labels[::-1])


class KeepsTheKey(Mutated):
    class Wrong:
        def hidden(self, shown):
            view = super().hidden(shown)
            return dataclasses.replace(view, keys=np.where(view.any_present, self.row.keys[0], view.keys))


class RoundsWhatIsShown(Mutated):
    class Wrong:
        def concealed(self, shown):
            changed = super().concealed(shown)
            return {**changed, "numbers": np.round(changed["numbers"] / 7)}


class AnswersOnce(Mutated):
    class Wrong:
        def hidden(self, shown):
            return super().hidden(shown[: max(1, len(shown) - 1)] if len(shown) > 2 else shown)


class MixesCoalitions(Mutated):
    class Wrong:
        def concealed(self, shown):
            changed = super().concealed(shown)
            return {**changed, "numbers": changed["numbers"] + ~shown.all() * len(shown)}


@pytest.mark.parametrize(
    ("mutant", "law"),
    [
        (CallsAllColumnsAlike, "labels are not unique"),
        (CutsAbsentRows, "an absent row has the parts"),
        (LearnsItsUnits, "what was learned changes the parts"),
        (KeepsTheKey, "rows that differ have the same content key"),
        (RoundsWhatIsShown, "showing everything changed the row"),
        (AnswersOnce, "coalitions became"),
        (MixesCoalitions, "alone differs"),
    ],
)
def test_the_suite_names_the_law_of_units_a_mutant_breaks(mutant, law):
    with pytest.raises(AssertionError, match=f"{mutant.__name__} breaks a law.*{law}"):
        check_modality(mutant(**COLUMNS), CELLS, bad=BAD)


@pytest.mark.parametrize(
    ("mutant", "law"),
    [
        (FitsItself, "fit changed the modality itself"),
        (LearnsFromAbsentRows, "absent rows"),
        (ReadsMissingAsZero, "are present"),
        (CentresEachBatch, "transformed alone differ"),
        (ForgetsItsLevels, "what comes back from it"),
        (AugmentsInPlace, "in place"),
        (AugmentsByItsOwnDice, "same seed"),
        (KeepsQuietAboutBadCells, "problems at"),
        (RefusesUnseenLevels, "never seen in training"),
        (KeysByPosition, "read alone differ"),
        (SettlesAgain, "second settle"),
        (ClaimsNothing, "scores"),
    ],
)
def test_the_suite_names_the_law_a_mutant_breaks(mutant, law):
    with pytest.raises(AssertionError, match=f"{mutant.__name__} breaks a law.*{law}"):
        check_modality(mutant(**COLUMNS), CELLS, bad=BAD)


class CallsEveryRowPresent(TabularMLP):
    def forward(self, arrays, present):
        return Tokens(super().forward(arrays, present).values, torch.ones_like(present))


class NormalisesOverTheBatch(TabularMLP):
    def forward(self, arrays, present):
        tokens = super().forward(arrays, present)
        return Tokens(tokens.values - tokens.values.mean(dim=0), present)


class LooksAtAbsentRows(TabularMLP):
    def forward(self, arrays, present):
        tokens = super().forward(arrays, present)
        return Tokens(tokens.values + arrays["numbers"].sum(), present)


class MixesOnlyAbsentRows(TabularMLP):
    def forward(self, arrays, present):
        tokens = super().forward(arrays, present)
        return Tokens(tokens.values + arrays["numbers"][~present[:, 0]].sum(), present)


@pytest.mark.parametrize(
    ("encoder", "law"),
    [
        (CallsEveryRowPresent, "rows with tokens"),
        (NormalisesOverTheBatch, "encoded alone differ"),
        (LooksAtAbsentRows, "encoded alone differ"),
        (MixesOnlyAbsentRows, "absent slots hold"),
    ],
)
def test_the_suite_names_the_law_a_mutant_encoder_breaks(encoder, law, monkeypatch):
    monkeypatch.setitem(ENCODERS._entries, "tabular_mlp", f"{__name__}:{encoder.__name__}")
    with pytest.raises(AssertionError, match=law):
        check_modality(Tabular(**COLUMNS), CELLS, bad=BAD)


def test_too_few_rows_prove_nothing():
    with pytest.raises(AssertionError, match="at least 4 readable rows"):
        check_modality(Text(columns=("note",)), Cells(NOTES.iloc[:3], Path()))
