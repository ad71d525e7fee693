"""Speech: a small formant synthesiser. A source (glottal pulses, noise) through resonators that move with the word.

Source:
    Fant (1960), "Acoustic theory of speech production"; the resonator is that of Klatt (1980), JASA 67(3); the
    glottal pulse that of Rosenberg (1971), "Effect of glottal pulse shape on the quality of natural vowels",
    JASA 49(2).
Departures:
    Utterances are synthesised side by side, one sample of all of them at a time, so that NumPy alone is fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.ndimage import uniform_filter1d

from polysight.data.demonstration.phonemes import DIGITS, PHONEMES

#: Samples a second, and samples in a recording of 0.7 s.
RATE = 8000
LENGTH = 5600

_BANDWIDTHS = (70.0, 100.0, 140.0)
_FRICATION_BANDWIDTH = 900.0


@dataclass(frozen=True)
class Voice:
    """One speaker.

    Attributes:
        name: What the voice is called in the table.
        pitch: Mean fundamental frequency in Hz.
        tract: Formants relative to an adult man's (1.0); about 1.15 for women, 1.3 for children.
        pace: Durations relative to ordinary speed; above 1 is slow.
        breath: Share of noise in the glottal source, 0 to 1.
    """

    name: str
    pitch: float
    tract: float
    pace: float
    breath: float


def invented_voices(count: int, rng: np.random.Generator) -> list[Voice]:
    """Voices from low and large to high and small, shuffled, each a little different from any other."""
    size = (np.arange(count) + rng.uniform(0.2, 0.8, count)) / count
    return [
        Voice(
            name=f"voice_{number:02d}",
            pitch=float(105 + 150 * s + rng.normal(0, 8)),
            tract=float(0.97 + 0.26 * s + rng.normal(0, 0.015)),
            pace=float(rng.uniform(0.85, 1.2)),
            breath=float(rng.uniform(0.02, 0.2)),
        )
        for number, s in enumerate(rng.permutation(size), start=1)
    ]


def speak(
    digits: Sequence[int], voices: Sequence[Voice], rng: np.random.Generator
) -> Float[np.ndarray, "utterance time"]:
    """Clean recordings of digits, one voice each, peak 1.

    Every utterance differs: durations, formants and pitch vary by some per cent from one to the next.
    """
    tracks = [_articulate(digit, voice, rng) for digit, voice in zip(digits, voices, strict=True)]
    formants, voicing, noise, noise_hz = (np.stack([track[i] for track in tracks]) for i in range(4))
    glottis = np.stack([_glottis(voice, rng) for voice in voices])
    voiced = glottis * voicing
    for number, bandwidth in enumerate(_BANDWIDTHS):
        voiced = resonate(voiced, formants[:, number], bandwidth)
    hiss = resonate(rng.normal(size=noise.shape), noise_hz, _FRICATION_BANDWIDTH)
    speech = voiced / _rms(voiced) * _rms(voicing) + hiss / _rms(hiss) * noise
    return speech / np.abs(speech).max(axis=1, keepdims=True)


def resonate(
    source: Float[np.ndarray, "utterance time"],
    frequency: Float[np.ndarray, "utterance time"],
    bandwidth: float,
) -> Float[np.ndarray, "utterance time"]:
    """Filter by one two-pole resonator with unit gain at 0 Hz, whose frequency (Hz) may move."""
    radius = np.exp(-np.pi * bandwidth / RATE)
    first = 2 * radius * np.cos(2 * np.pi * np.minimum(frequency, 0.48 * RATE) / RATE).T
    second = -(radius**2)
    driven = (1 - first - second) * source.T
    result = np.zeros((source.shape[1] + 2, source.shape[0]))
    for t in range(source.shape[1]):
        result[t + 2] = driven[t] + first[t] * result[t + 1] + second * result[t]
    return result[2:].T


def _articulate(digit: int, voice: Voice, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Tracks over time: formants (3), voicing, noise and its centre; targets joined as the tongue would."""
    sounds = [PHONEMES[name] for name in DIGITS[digit]]
    lengths = np.array([s.seconds for s in sounds]) * voice.pace * rng.normal(1, 0.08, len(sounds)).clip(0.7, 1.3)
    lengths *= min(1.0, 0.62 / lengths.sum())
    start = rng.uniform(0.02, 0.68 - lengths.sum())
    ends = start + np.cumsum(lengths)
    time = np.arange(LENGTH) / RATE
    index = np.minimum(np.searchsorted(ends, time), len(sounds) - 1)
    inside = (time >= start) & (time < ends[-1])

    wander = voice.tract * rng.normal(1, 0.03, (3, 1)).clip(0.9, 1.1)
    formants = _smooth(np.array([s.formants for s in sounds])[index].T, 0.05) * wander
    voicing = _smooth(np.where(inside, np.array([s.voicing for s in sounds])[index], 0.0), 0.02)
    noise = _smooth(np.where(inside, np.array([s.noise for s in sounds])[index], 0.0), 0.01)
    centre = np.array([s.noise_hz for s in sounds])[index]
    return formants, voicing, noise, centre


def _glottis(voice: Voice, rng: np.random.Generator) -> Float[np.ndarray, " time"]:
    """The derivative of the glottal flow: falling pitch, jitter from period to period, some breath."""
    time = np.arange(LENGTH) / LENGTH
    jitter = uniform_filter1d(rng.normal(0, 0.05, LENGTH), 80)
    pitch = voice.pitch * rng.normal(1, 0.05) * (1.08 - 0.2 * time) * (1 + jitter)
    phase = np.cumsum(pitch / RATE) % 1.0
    opening = 0.5 * (1 - np.cos(np.pi * phase / 0.4))
    closing = np.cos(0.5 * np.pi * (phase - 0.4) / 0.16)
    flow = np.where(phase < 0.4, opening, np.where(phase < 0.56, closing, 0.0))
    pulses = np.diff(flow, prepend=0.0)
    return pulses / pulses.std() * (1 - voice.breath) + voice.breath * rng.normal(size=LENGTH)


def _smooth(track: np.ndarray, seconds: float) -> np.ndarray:
    return uniform_filter1d(track, int(seconds * RATE), axis=-1, mode="nearest")


def _rms(signal: np.ndarray) -> np.ndarray:
    return np.sqrt(np.square(signal).mean(axis=-1, keepdims=True))
