"""Decoding: the bytes of an audio file to one channel of float samples at a given rate."""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

import numpy as np
import soundfile
from jaxtyping import Float
from scipy.signal import resample_poly

from polysight.core.errors import UnreadableCellError

#: What libsndfile notes when the samples of a WAV, AIFF or AU file are fewer bytes than announced.
_SHORT_CHUNK = re.compile(r"(?:data|SSND|Data Size)\s*:\s*(\d+) \(should be (\d+)\)")
#: Programs that write to a pipe announce a size near 2 or 4 GiB, because they cannot know: not a truncated file.
_UNKNOWN_SIZE = 2**31 - 2**16
#: Without an index, the duration of an MP3 file is an estimate.
_ESTIMATE = 0.95
#: Sampling rates of sound, in hertz; anything else is a damaged header.
_RATES = range(1000, 1_000_001)
_LARGEST_FACTOR = 4000
_CONVERT = "convert it with: ffmpeg -i FILE out.wav"


@dataclass(frozen=True)
class Header:
    """What the header of an audio file says: samples a second, and seconds."""

    rate: int
    seconds: float


def read_header(file: BinaryIO) -> Header:
    """Read the header alone.

    Raises:
        UnreadableCellError: ``empty_file`` or ``not_audio``.
    """
    with _opened(file) as sound:
        return Header(sound.samplerate, sound.frames / sound.samplerate)


def decode_audio(content: bytes, rate: int, seconds: float) -> Float[np.ndarray, " sample"]:
    """Decode whatever libsndfile reads (WAV, FLAC, Ogg, MP3...), of any rate, depth and number of channels.

    Channels are averaged. Of a clip longer than ``seconds`` the middle is kept, and only that is decoded, so
    that an hour of sound costs no more memory than what is used of it. Silence is a valid sound.

    Args:
        content: The bytes of the file.
        rate: Samples a second of the result.
        seconds: The longest result.

    Returns:
        At least one and at most ``ceil(rate * seconds)`` samples, in [-1, 1] for integer formats.

    Raises:
        UnreadableCellError: ``empty_file``, ``not_audio``, ``truncated``, ``no_samples`` or ``not_finite``.
    """
    with _opened(io.BytesIO(content)) as sound:
        source_rate = sound.samplerate
        _check_complete(sound)
        channels = _read_middle(sound, math.ceil(seconds * source_rate))
    if not np.isfinite(channels).all():
        raise UnreadableCellError("not_finite", "holds samples that are NaN or infinite", fix="export it again")
    samples = channels.mean(axis=1)
    if source_rate != rate:
        samples = resample(samples, source_rate, rate)
    return samples[: math.ceil(rate * seconds)].astype(np.float32)


def resample(samples: Float[np.ndarray, " sample"], source_rate: int, rate: int) -> Float[np.ndarray, " resampled"]:
    """Change the sampling rate with a polyphase low-pass filter, so that nothing folds back when going down.

    Ratios of large numbers are rounded (by a millionth at most between usual rates): the filter's length grows
    with them, and a damaged header may announce any rate.
    """
    ratio = Fraction(rate, source_rate).limit_denominator(_LARGEST_FACTOR)
    return resample_poly(samples, ratio.numerator, ratio.denominator)


def _opened(file: BinaryIO) -> soundfile.SoundFile:
    if not file.read(1):
        raise UnreadableCellError("empty_file", "the file is empty", fix="copy it again")
    file.seek(0)
    try:
        return soundfile.SoundFile(file)
    except (soundfile.LibsndfileError, TypeError) as error:
        # soundfile asks for details (TypeError) when the bytes look like samples without any header.
        detail = getattr(error, "error_string", "no header that names a format")
        raise UnreadableCellError("not_audio", f"not a sound file that can be read: {detail}", fix=_CONVERT) from None


def _check_complete(sound: soundfile.SoundFile) -> None:
    if sound.samplerate not in _RATES:
        what = f"announces {sound.samplerate} samples a second, which no sound has"
        raise UnreadableCellError("not_audio", what, fix=_CONVERT)
    if sound.frames <= 0:
        raise UnreadableCellError("no_samples", "holds no samples", fix="record it again")
    short = _SHORT_CHUNK.search(sound.extra_info)
    if short and int(short[2]) < int(short[1]) < _UNKNOWN_SIZE:
        raise _truncated(f"announces {short[1]} bytes of sound and holds {short[2]}")


def _read_middle(sound: soundfile.SoundFile, longest: int) -> Float[np.ndarray, "sample channel"]:
    wanted = min(sound.frames, longest)
    try:
        if sound.frames > wanted:
            sound.seek((sound.frames - wanted) // 2)
        channels = sound.read(wanted, dtype="float64", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise _truncated(f"breaks off: {error.error_string}") from None
    if len(channels) < _ESTIMATE * wanted:
        raise _truncated(f"announces {wanted} samples and gives {len(channels)}")
    return channels


def _truncated(what: str) -> UnreadableCellError:
    return UnreadableCellError("truncated", f"the file is cut short: {what}", fix="copy it again")
