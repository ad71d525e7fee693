"""Decoding against hand-made truth: formats, depths, rates, channels, and files that are not what they should be."""

import contextlib
import io
import struct

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from polysight.core.errors import UnreadableCellError
from polysight.modalities.audio.decoding import decode_audio, read_header, resample

RATE = 8000


def sine(frequency: float, rate: int = RATE, seconds: float = 0.5, level: float = 0.5) -> np.ndarray:
    return level * np.sin(2 * np.pi * frequency * np.arange(round(rate * seconds)) / rate)


def encoded(samples: np.ndarray, rate: int = RATE, form: str = "WAV", subtype: str | None = "PCM_16") -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate, format=form, subtype=subtype)
    return buffer.getvalue()


def strongest_frequency(samples: np.ndarray, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), n=8 * len(samples)))
    return float(spectrum.argmax() * rate / (8 * len(samples)))


def reason_of(content: bytes) -> str:
    with pytest.raises(UnreadableCellError) as caught:
        decode_audio(content, RATE, 1.0)
    assert caught.value.fix
    return caught.value.reason


@pytest.mark.parametrize(
    ("form", "subtype", "tolerance"),
    [
        ("WAV", "PCM_U8", 2**-7),
        ("WAV", "PCM_16", 2**-15),
        ("WAV", "PCM_24", 2**-22),
        ("WAV", "PCM_32", 1e-7),
        ("WAV", "FLOAT", 1e-7),
        ("WAV", "DOUBLE", 1e-7),
        ("WAV", "ULAW", 0.02),
        ("FLAC", "PCM_16", 2**-15),
        ("AIFF", "PCM_16", 2**-15),
        ("OGG", "VORBIS", 0.05),
    ],
)
def test_every_depth_gives_the_same_sound(form, subtype, tolerance):
    truth = sine(440)
    decoded = decode_audio(encoded(truth, form=form, subtype=subtype), RATE, 1.0)
    assert decoded.dtype == np.float32
    np.testing.assert_allclose(decoded, truth, atol=tolerance)


def test_eight_bit_files_are_unsigned():
    samples = bytes([128, 255, 0, 192])
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 40, b"WAVE", b"fmt ", 16, 1, 1, RATE, RATE, 1, 8, b"data", 4)
    np.testing.assert_allclose(decode_audio(header + samples, RATE, 1.0), [0, 127 / 128, -1, 0.5], atol=1e-6)


def test_mp3_keeps_the_tone():
    decoded = decode_audio(encoded(sine(440, 16000), 16000, "MP3", "MPEG_LAYER_III"), 16000, 1.0)
    assert strongest_frequency(decoded, 16000) == pytest.approx(440, abs=2)


def test_channels_are_averaged():
    left, right = sine(300), sine(900)
    decoded = decode_audio(encoded(np.column_stack([left, right]), subtype="FLOAT"), RATE, 1.0)
    np.testing.assert_allclose(decoded, (left + right) / 2, atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([8000, 11025, 16000, 22050, 44100, 48000]),
    st.sampled_from([8000, 11025, 16000]),
    st.integers(200, 3000),
)
def test_resampling_keeps_frequency_level_and_duration(source, target, frequency):
    tone = resample(sine(frequency, source, 0.4), source, target)
    assert strongest_frequency(tone, target) == pytest.approx(frequency, abs=2)
    assert len(tone) == pytest.approx(0.4 * target, abs=1)
    assert np.std(tone[100:-100]) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)


def test_resampling_does_not_fold_high_tones_back():
    assert np.abs(resample(sine(6000, 16000), 16000, 8000)[200:-200]).max() < 0.01


def test_the_middle_of_a_long_clip_is_kept():
    clip = np.concatenate([np.zeros(RATE), sine(440, seconds=1.0), np.zeros(RATE)])
    decoded = decode_audio(encoded(clip, subtype="FLOAT"), RATE, 1.0)
    np.testing.assert_allclose(decoded, sine(440, seconds=1.0), atol=1e-6)


def test_a_short_clip_keeps_its_length():
    assert len(decode_audio(encoded(sine(440, seconds=0.2)), RATE, 1.0)) == RATE // 5


def test_the_result_is_never_longer_than_asked():
    assert len(decode_audio(encoded(sine(440, 11025, 2.0), 11025), 8000, 0.7)) == 5600


def test_silence_is_a_sound():
    assert not decode_audio(encoded(np.zeros(800)), RATE, 1.0).any()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"not a sound at all, but some text", "not_audio"),
        (bytes(1000), "not_audio"),
        (encoded(np.zeros(0)), "no_samples"),
        (encoded(np.array([0.1, np.nan, 0.2]), subtype="FLOAT"), "not_finite"),
        (encoded(np.array([0.1, np.inf, 0.2]), subtype="FLOAT"), "not_finite"),
    ],
    ids=["empty", "text", "zeros", "no samples", "nan", "inf"],
)
def test_what_is_no_sound_is_named(content, reason):
    assert reason_of(content) == reason


@pytest.mark.parametrize(
    ("form", "subtype"), [("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("AIFF", "PCM_16"), ("AU", "PCM_16")]
)
def test_a_file_cut_short_is_named(form, subtype):
    rng = np.random.default_rng(0)
    whole = encoded(rng.uniform(-0.5, 0.5, 8000), form=form, subtype=subtype)
    assert reason_of(whole[: len(whole) // 2]) == "truncated"


@pytest.mark.parametrize("unknown", [0xFFFFFFFF, 0x7FFFFFFF])
def test_a_file_written_to_a_pipe_is_whole(unknown):
    whole = bytearray(encoded(sine(440)))
    place = whole.index(b"data") + 4
    whole[place : place + 4] = struct.pack("<I", unknown)
    np.testing.assert_allclose(decode_audio(bytes(whole), RATE, 1.0), sine(440), atol=1e-4)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 60))
def test_damaged_bytes_give_finite_samples_or_a_reason(noise, place):
    content = bytearray(encoded(sine(440, seconds=0.05)))
    content[place : place + len(noise)] = noise
    # Any other error than the one suppressed here fails the test.
    with contextlib.suppress(UnreadableCellError):
        decoded = decode_audio(bytes(content), RATE, 1.0)
        assert 1 <= len(decoded) <= RATE
        assert np.isfinite(decoded).all()


def test_the_header_tells_rate_and_duration():
    header = read_header(io.BytesIO(encoded(sine(440, 11025, 0.6), 11025)))
    assert (header.rate, header.seconds) == (11025, pytest.approx(0.6, abs=1e-4))
