"""Phonemes: what the vocal tract does for each sound of the English digits, and how the digits are spoken.

Source:
    Vowels are the averages for men in Peterson & Barney (1952), "Control methods used in a study of the
    vowels", JASA 24(2). Consonant targets follow Klatt (1980), "Software for a cascade/parallel formant
    synthesizer", JASA 67(3).
Departures:
    Fricatives are one band of noise; what lies above 4 kHz is moved to the top of an 8 kHz recording's range,
    as a telephone would. Nasals have no zero.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phoneme:
    """One sound as targets of the synthesiser.

    Attributes:
        formants: The first three resonances of an adult man's vocal tract, in Hz.
        seconds: How long it lasts at ordinary speed.
        voicing: Strength of the glottal source, 0 to 1.
        noise: Strength of the frication source, 0 to 1.
        noise_hz: Centre of the frication band.
    """

    formants: tuple[float, float, float]
    seconds: float
    voicing: float = 1.0
    noise: float = 0.0
    noise_hz: float = 2500.0


#: Sounds by their ARPAbet name; ``T_`` and ``K_`` are the closures before a burst.
PHONEMES: dict[str, Phoneme] = {
    "IY": Phoneme((270, 2290, 3010), 0.17),
    "IH": Phoneme((390, 1990, 2550), 0.10),
    "EH": Phoneme((530, 1840, 2480), 0.11),
    "AH": Phoneme((640, 1190, 2390), 0.14),
    "AX": Phoneme((500, 1500, 2450), 0.07, voicing=0.7),
    "AA": Phoneme((730, 1090, 2440), 0.13),
    "AO": Phoneme((570, 840, 2410), 0.16),
    "UH": Phoneme((440, 1020, 2240), 0.10),
    "UW": Phoneme((300, 870, 2240), 0.20),
    "W": Phoneme((290, 610, 2150), 0.08, voicing=0.7),
    "R": Phoneme((310, 1060, 1380), 0.08, voicing=0.7),
    "N": Phoneme((480, 1340, 2470), 0.10, voicing=0.35),
    "V": Phoneme((220, 1100, 2080), 0.07, voicing=0.35, noise=0.08, noise_hz=2600),
    "Z": Phoneme((240, 1390, 2530), 0.10, voicing=0.3, noise=0.30, noise_hz=3600),
    "S": Phoneme((320, 1390, 2530), 0.12, voicing=0.0, noise=0.55, noise_hz=3600),
    "F": Phoneme((340, 1100, 2080), 0.11, voicing=0.0, noise=0.12, noise_hz=2600),
    "TH": Phoneme((320, 1290, 2540), 0.11, voicing=0.0, noise=0.10, noise_hz=3000),
    "T_": Phoneme((400, 1600, 2600), 0.06, voicing=0.0),
    "T": Phoneme((400, 1600, 2600), 0.04, voicing=0.0, noise=0.60, noise_hz=3300),
    "K_": Phoneme((300, 1990, 2850), 0.06, voicing=0.0),
    "K": Phoneme((300, 1990, 2850), 0.03, voicing=0.0, noise=0.45, noise_hz=2000),
}

#: The digits zero to nine; diphthongs are written as their two ends.
DIGITS: tuple[tuple[str, ...], ...] = (
    ("Z", "IH", "R", "AO", "UH"),
    ("W", "AH", "N"),
    ("T", "UW"),
    ("TH", "R", "IY"),
    ("F", "AO", "R"),
    ("F", "AA", "IH", "V"),
    ("S", "IH", "K_", "K", "S"),
    ("S", "EH", "V", "AX", "N"),
    ("EH", "IH", "T_", "T"),
    ("N", "AA", "IH", "N"),
)
