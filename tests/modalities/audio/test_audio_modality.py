"""The audio modality: settings from headers, reading, laws, and configuration."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile

from polysight.core.config import build
from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import Cells
from polysight.modalities import MODALITIES
from polysight.modalities.audio.modality import Audio
from polysight.modalities.contract import check_modality

DATA = Path(__file__).parents[3] / "../shared/data/avmnist"


def write(folder: Path, name: str, seconds: float, rate: int = 8000, seed: int = 0) -> str:
    samples = np.random.default_rng(seed).uniform(-0.5, 0.5, round(seconds * rate))
    soundfile.write(folder / name, samples, rate)
    return name


def cells(folder: Path, names: list[str | None], column: str = "sound") -> Cells:
    return Cells(pd.DataFrame({column: names}), folder)


def small(**options) -> Audio:
    return Audio(columns=("sound",), **({"bands": 8, "frames": 16} | options))


def test_keeps_the_laws_of_modalities(tmp_path):
    names = [write(tmp_path, f"{i}.wav", 0.1 + 0.05 * i, seed=i) for i in range(7)]
    (tmp_path / "broken.wav").write_bytes(b"RIFF")
    names[4:4] = ["broken.wav", "nowhere.wav", "../outside.wav"]
    check_modality(Audio(columns=("sound",)), cells(tmp_path, names), bad=[(4, "sound"), (5, "sound"), (6, "sound")])


def test_keeps_the_laws_with_two_columns_and_every_augmentation(tmp_path):
    names = [write(tmp_path, f"{i}.flac", 0.2, seed=i) for i in range(6)]
    frame = pd.DataFrame({"left": names, "right": names[::-1]})
    frame.loc[2, "right"] = None
    audio = Audio(columns=("left", "right"), augment=("stretch", "shift", "pitch", "babble", "noise", "time_mask"))
    check_modality(audio, Cells(frame, tmp_path))


def test_settings_come_from_the_headers(tmp_path):
    names = [write(tmp_path, f"a{i}.wav", 0.7, 8000) for i in range(3)] + [write(tmp_path, "b.wav", 0.5, 11025)]
    settled = Audio(columns=("sound",)).settle(cells(tmp_path, [*names, None, "nowhere.wav"]))
    assert (settled.rate, settled.seconds, settled.bands, settled.frames) == (8000, pytest.approx(0.7), 40, 70)


def test_rate_and_length_are_capped(tmp_path):
    names = [write(tmp_path, "long.wav", 12.0, 44100)]
    settled = Audio(columns=("sound",)).settle(cells(tmp_path, names))
    assert (settled.rate, settled.seconds, settled.bands, settled.frames) == (16000, 10.0, 64, 256)


def test_the_order_of_rows_does_not_change_the_settings(tmp_path):
    names = [write(tmp_path, "a.wav", 0.5, 8000), write(tmp_path, "b.wav", 0.5, 16000)]
    one, other = (Audio(columns=("sound",)).settle(cells(tmp_path, order)) for order in (names, names[::-1]))
    assert one == other


def test_given_settings_win(tmp_path):
    names = [write(tmp_path, "a.wav", 0.5)]
    assert small(rate=4000).settle(cells(tmp_path, names)) == small(rate=4000, seconds=0.5)


def test_settings_without_a_readable_file_are_still_usable(tmp_path):
    settled = Audio(columns=("sound",)).settle(cells(tmp_path, ["nowhere.wav", None]))
    view = settled.read(cells(tmp_path, ["nowhere.wav", None]))
    assert not view.present.any()
    assert [problem.code for problem in view.problems] == ["not_found"]


def test_reading_needs_resolved_settings(tmp_path):
    with pytest.raises(NotFittedError, match="settle"):
        Audio(columns=("sound",)).read(cells(tmp_path, [write(tmp_path, "a.wav", 0.5)]))


def test_lengths_follow_the_clips(tmp_path):
    names = [write(tmp_path, "half.wav", 0.4), write(tmp_path, "full.wav", 0.8), write(tmp_path, "over.wav", 1.6), None]
    view = small(rate=8000, seconds=0.8).read(cells(tmp_path, names))
    assert view.arrays["length"][:, 0].tolist() == [8, 16, 16, 0]
    arrays = small(rate=8000, seconds=0.8).transform(view)
    assert not arrays["logmel"][0, 0, :, 8:].any()
    assert not arrays["logmel"][3].any()


def test_a_louder_recording_of_the_same_is_the_same(tmp_path):
    samples = np.random.default_rng(0).uniform(-0.1, 0.1, 4000)
    for name, gain in (("quiet.wav", 1), ("loud.wav", 8)):
        soundfile.write(tmp_path / name, gain * samples, 8000, subtype="FLOAT")
    audio = small(rate=8000, seconds=0.5)
    quiet, loud = audio.transform(audio.read(cells(tmp_path, ["quiet.wav", "loud.wav"])))["logmel"]
    np.testing.assert_allclose(quiet, loud, atol=2e-3)


def test_silence_is_present_and_finite(tmp_path):
    soundfile.write(tmp_path / "silence.wav", np.zeros(4000), 8000)
    audio = small(rate=8000, seconds=0.5)
    view = audio.read(cells(tmp_path, ["silence.wav"]))
    assert view.present.all()
    assert not audio.transform(view)["logmel"].any()


def test_sniffs_sound_files_that_are_there(tmp_path):
    names = [write(tmp_path, f"{i}.WAV", 0.1) for i in range(3)]
    match = Audio.sniff(pd.Series([*names, None, ""]), tmp_path)
    assert (match.score, match.role) == (1.0, "audio")
    assert Audio.sniff(pd.Series(["gone.wav", "lost.flac"]), tmp_path).score < 0.5
    assert Audio.sniff(pd.Series(["a photo.png", "some words"]), tmp_path).score == 0


@pytest.mark.parametrize(
    "options", [{"rate": 0}, {"seconds": 0.0}, {"seconds": float("nan")}, {"bands": 2}, {"frames": 1}]
)
def test_impossible_settings_are_refused(options):
    with pytest.raises(ConfigError, match="at least"):
        Audio(**options)


def test_an_unknown_augmentation_is_refused_with_the_nearest_name():
    with pytest.raises(ConfigError, match="time_mask"):
        build(MODALITIES, {"kind": "audio", "augment": ["time_masks"]})


def test_the_state_is_json_and_comes_back():
    audio = small(rate=8000, seconds=0.5, augment=["shift"])
    assert Audio.from_state(json.loads(json.dumps(audio.to_state()))) == audio


@pytest.mark.skipif(not DATA.exists(), reason="the avmnist set is not beside the repository")
def test_reads_real_spoken_digits():
    frame = pd.read_csv(DATA / "train.csv").head(40)
    settled = Audio(columns=("audio",)).settle(Cells(frame, DATA))
    view = settled.read(Cells(frame, DATA))
    assert (settled.rate, settled.seconds, settled.frames) == (8000, pytest.approx(0.7), 70)
    assert view.present.all()
    assert not view.problems
