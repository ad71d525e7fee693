"""Watching: what a fixed camera, three sensors and a door log record in a window of four seconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from polysight.core.files import write_text
from polysight.data.demonstration.exposure import as_bytes, exposed

#: Frames of a window, and their height and width.
FRAMES, SIZE_PX = 8, 48
#: Samples of a window.
STEPS = 64
#: What the sensors measure.
CHANNELS = ("vibration", "temperature", "current")

#: Draws one moment: the picture to draw on, how far the window has gone (0 to 1), and what this window is like.
Moment = Callable[[Float[np.ndarray, "height width_px"], float, np.random.Generator, Mapping[str, float]], None]


def clip(sign: str, here: np.random.Generator, rng: np.random.Generator) -> UInt8[np.ndarray, "8 48 48"]:
    """What moves in the picture: somebody ``walking``, something that ``flickers``, or somebody who ``falls``."""
    room = _room(here)
    window = {
        "side": float(rng.choice([-1, 1])),
        "floor": rng.uniform(34, 41),
        "start": rng.uniform(5, 10),
        "pace": rng.uniform(24, 34),
        "tall": rng.uniform(16, 21),
        "x": rng.uniform(14, 34),
        "light": rng.uniform(0.45, 0.75),
    }
    frames = []
    for number in range(FRAMES):
        frame = room.copy()
        MOTIONS[sign](frame, number / (FRAMES - 1), rng, window)
        frames.append(cv2.GaussianBlur(frame, (0, 0), 0.7) + rng.normal(0, 0.03, frame.shape))
    return as_bytes(np.stack(frames), rng)


def _room(here: np.random.Generator) -> Float[np.ndarray, "height width_px"]:
    """What the camera sees when nothing happens: a wall, a floor and some furniture."""
    room = np.full((SIZE_PX, SIZE_PX), here.uniform(0.1, 0.25))
    room[int(here.uniform(26, 32)) :] += here.uniform(0.05, 0.15)
    for _ in range(3):
        left, top = (int(value) for value in here.integers(0, 36, 2))
        room[top : top + int(here.integers(5, 14)), left : left + int(here.integers(5, 14))] += here.uniform(
            -0.08, 0.12
        )
    return room


def _person(frame: np.ndarray, x: float, window: Mapping[str, float], lying: float = 0.0) -> None:
    """A body and a head, upright (0) or lying on the floor (1)."""
    half = window["tall"] / 2
    angle = window["side"] * 90 * lying
    lean = np.deg2rad(angle)
    feet = np.array([x, window["floor"]])
    up = np.array([np.sin(lean), -np.cos(lean)])
    body, head = feet + 0.8 * half * up, feet + 1.9 * half * up
    cv2.ellipse(frame, (_point(body), (0.5 * half, 1.7 * half), angle), window["light"], -1)
    cv2.circle(frame, tuple(np.rint(head).astype(int).tolist()), round(0.26 * half), window["light"], -1)


def _point(place: Float[np.ndarray, " 2"]) -> tuple[float, float]:
    return float(place[0]), float(place[1])


def _walking(frame: np.ndarray, done: float, rng: np.random.Generator, window: Mapping[str, float]) -> None:
    x = window["start"] + window["pace"] * done
    _person(frame, x if window["side"] > 0 else SIZE_PX - x, window)


def _flickering(frame: np.ndarray, done: float, rng: np.random.Generator, window: Mapping[str, float]) -> None:
    """Tongues of light above one place, different from frame to frame, growing."""
    for _ in range(4):
        tall = rng.uniform(0.35, 1.0) * (8 + 8 * done)
        middle = (window["x"] + rng.uniform(-5, 5), window["floor"] - tall / 2)
        cv2.ellipse(frame, (middle, (rng.uniform(3, 6), tall), rng.uniform(-15, 15)), rng.uniform(0.4, 0.9), -1)


def _falling(frame: np.ndarray, done: float, rng: np.random.Generator, window: Mapping[str, float]) -> None:
    _person(frame, window["x"], window, lying=float(np.clip((done - 0.3) / 0.3, 0, 1)))


#: How things move, by sign.
MOTIONS: Mapping[str, Moment] = {"walking": _walking, "flickers": _flickering, "falls": _falling}


def sensors(sign: str, _: np.random.Generator, rng: np.random.Generator) -> Float[np.ndarray, "time channel"]:
    """A machine's ``hum``, ``knocks`` on a frame, or a ``rise`` in temperature; levels and scales mean nothing."""
    time = np.linspace(0, 1, STEPS)
    signal = np.zeros((STEPS, len(CHANNELS)))
    if sign == "hum":
        signal[:, 0] = signal[:, 2] = 1.6 * np.sin(2 * np.pi * (rng.uniform(6, 10) * time + rng.random()))
    elif sign == "knocks":
        for start in rng.uniform(0.02, 0.8, rng.integers(3, 6)):
            since = np.clip(time - start, 0, None)
            signal[:, 0] += 6.0 * (time >= start) * np.exp(-since / 0.02) * np.cos(2 * np.pi * since / 0.05)
    else:
        signal[:, 1] = 5.0 / (1 + np.exp(-(time - rng.uniform(0.35, 0.65)) / rng.uniform(0.06, 0.15)))
    noisy = signal + rng.normal(0, 0.6, signal.shape)
    scaled = [exposed(channel, rng, mean=(-3.0, 3.0), deviation=(0.5, 2.0)) for channel in noisy.T]
    return np.stack(scaled, axis=1)


def save_sensors(path: Path, values: Float[np.ndarray, "time channel"]) -> None:
    """A CSV file with the time in seconds and a column for each channel."""
    lines = [",".join(("time", *CHANNELS))]
    lines += [f"{4 * step / STEPS:.4f}," + ",".join(f"{value:.3f}" for value in row) for step, row in enumerate(values)]
    write_text(path, "\n".join(lines) + "\n")


def door_log(sign: str, _: np.random.Generator, rng: np.random.Generator) -> tuple[int, int, float]:
    """Openings, badges read and seconds open: an ``ordinary`` minute, doors ``forced``, or held open by a ``crowd``."""
    openings = int(rng.integers(3, 10))
    badges = int(openings * rng.uniform(0, 0.4)) if sign == "forced" else openings
    each = rng.uniform(14, 25) if sign == "crowd" else rng.uniform(2, 6)
    return openings, badges, round(float(openings * each), 1)
