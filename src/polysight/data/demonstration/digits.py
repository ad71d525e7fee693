"""Digits: degraded handwriting and a synthetic voice saying the same digit; neither is enough alone."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import soundfile
from jaxtyping import Float, Int
from PIL import Image

from polysight.core.files import write_text
from polysight.core.randomness import generator
from polysight.data.demonstration.base import Demonstration
from polysight.data.demonstration.handwriting import degrade, handwritten
from polysight.data.demonstration.speech import RATE, Voice, invented_voices, speak

_VOICES = 24
_TEST_VOICES = 6
_MISSING = 0.08
_TRUNCATED = 0.005
_COLUMNS = ("image", "audio", "voice", "label")

_README = """# Demonstration: digits seen and heard

* image: real handwritten digits (Alpaydin & Kaynak 1998, UCI Machine Learning Repository, CC BY 4.0),
  degraded on purpose by blur, lost detail, occlusion and noise.
* audio: the same digit as SYNTHETIC speech from a small formant synthesiser, with babble and noise.
  Nobody was recorded; numbers reached here say nothing about human voices.
* voice: who speaks. Voices in test.csv do not speak in train.csv.
* About 8 % of the pictures and 8 % of the recordings are missing, and a few files are cut off.
"""


@dataclass(frozen=True)
class _Part:
    """One table to be written: its name, pictures, labels and a voice for each row."""

    name: str
    digits: Float[np.ndarray, "row 8 8"]
    labels: Int[np.ndarray, " row"]
    voices: list[Voice]


class Digits(Demonstration):
    """Handwritten digits, degraded, and the same digits in synthetic speech; about 8 % of each is missing."""

    rows: ClassVar[int] = 1200
    group: ClassVar[str | None] = "voice"
    note: ClassVar[str] = "the speech is synthetic, nobody was recorded: these numbers say nothing about human voices"

    def build(self, folder: Path, *, seed: int = 0, rows: int = 1200) -> Path:
        """See ``build`` of this file."""
        return build(folder, seed=seed, rows=rows)


def build(folder: Path, *, seed: int = 0, rows: int = 1200) -> Path:
    """Handwritten digits, degraded, and the same digits in synthetic speech; about 8 % of each is missing.

    Args:
        folder: Where ``train.csv``, ``test.csv``, ``images/`` and ``audio/`` go.
        seed: The same seed gives the same bytes.
        rows: Rows in all, at most 1,797; a quarter of them, with voices of their own, is for testing.

    Returns:
        The path of ``train.csv``.
    """
    rng = generator(seed, "digits")
    digits, labels = handwritten(rows, rng)
    voices = invented_voices(_VOICES, rng)
    held_out = set(np.linspace(0, _VOICES - 1, _TEST_VOICES).astype(int).tolist())
    by_pitch = sorted(voices, key=lambda voice: voice.pitch)
    for media in ("images", "audio"):
        (folder / media).mkdir(parents=True, exist_ok=True)
    sides = {
        "test": [voice for rank, voice in enumerate(by_pitch) if rank in held_out],
        "train": [voice for rank, voice in enumerate(by_pitch) if rank not in held_out],
    }
    cut = rows * _TEST_VOICES // _VOICES
    for name, chosen in (("test", slice(None, cut)), ("train", slice(cut, None))):
        speakers = [sides[name][i] for i in rng.integers(0, len(sides[name]), len(labels[chosen]))]
        _write(folder, _Part(name, digits[chosen], labels[chosen], speakers), rng)
    write_text(folder / "README.md", _README)
    return folder / "train.csv"


def _write(folder: Path, part: _Part, rng: np.random.Generator) -> None:
    """Write the files and the table of one part."""
    speech = in_noise(speak(part.labels.tolist(), part.voices, rng), rng)
    count = len(part.labels)
    fate = rng.random(count)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in range(count):
        image, audio = f"images/{part.name}_{row:04d}.png", f"audio/{part.name}_{row:04d}.wav"
        picture = _png(degrade(part.digits[row], rng))
        recording = _wav(speech[row])
        # At most one of the two is missing or cut off, so that every row can be used.
        if fate[row] < _MISSING:
            image = ""
        elif fate[row] < 2 * _MISSING:
            audio = ""
        elif fate[row] < 2 * _MISSING + _TRUNCATED:
            picture = picture[: len(picture) // 3]
        elif fate[row] < 2 * _MISSING + 2 * _TRUNCATED:
            recording = recording[:20]
        for path, content in ((image, picture), (audio, recording)):
            if path:
                (folder / path).write_bytes(content)
        writer.writerow((image, audio, part.voices[row].name, part.labels[row]))
    write_text(folder / f"{part.name}.csv", table.getvalue())


def in_noise(
    speech: Float[np.ndarray, "utterance time"], rng: np.random.Generator
) -> Float[np.ndarray, "utterance time"]:
    """Recordings with the babble of three others and hiss, at -2 to 15 dB, peak 0.9."""
    count = len(speech)
    babble = np.sum([speech[rng.permutation(count)] for _ in range(3)], axis=0)
    noise = babble / _rms(babble) + rng.normal(size=speech.shape) * rng.uniform(0.1, 0.6, (count, 1))
    decibel = rng.uniform(-2, 15, (count, 1))
    mixed = speech / _rms(speech) + noise * 10 ** (-decibel / 20)
    return 0.9 * mixed / np.abs(mixed).max(axis=1, keepdims=True)


def _png(picture: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()


def _wav(sound: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, sound, RATE, subtype="PCM_16", format="WAV")
    return buffer.getvalue()


def _rms(signal: np.ndarray) -> np.ndarray:
    return np.sqrt(np.square(signal).mean(axis=-1, keepdims=True))
