"""Memory while a network trains on folders of videos that are larger than what the cache may hold.

Two folders are made, 2 and 10 times as large as a small cache limit; each is trained on in a process of its own, by
gradient and on classical features, and the peak of its memory is told. It must stay flat: what the cache has no room
for is decoded again.

Measured on one core: 732 MB at 2 times (80 videos, 63 MB decoded), 814 MB at 10 times (400 videos,
315 MB decoded): 1.11. Reading and classical features take 479 and 482 MB; the network adds the rest,
in part with its steps alone (five epochs at 2 times: 758 MB), and slowly: 845 MB at 20 times (629 MB decoded).

    python benchmarks/memory.py [--videos 40] [--side 128]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: Folders as multiples of the cache limit; the first has so many videos a multiple.
MULTIPLES = (2, 10)
FRAMES = 16
#: Frames that noise makes hard to compress are few bytes at this quality.
QUALITY = "24"


def write_videos(folder: Path, count: int, side: int) -> int:
    """Write videos of a bright square that moves right or left over noise, and their table; their bytes in all."""
    import av
    import numpy as np
    import pandas as pd

    folder.mkdir()
    rows = []
    for number in range(count):
        rng, label = np.random.default_rng(number), number % 2
        with av.open(str(folder / f"{number}.mp4"), "w") as container:
            stream = container.add_stream("libx264", rate=10, options={"crf": QUALITY, "preset": "ultrafast"})
            stream.width = stream.height = side
            stream.pix_fmt = "yuv420p"
            top = rng.integers(0, side // 2)
            for step in range(FRAMES):
                pixels = rng.integers(0, 120, (side, side, 3), dtype=np.uint8)
                left = (step if label else FRAMES - step) * side // (2 * FRAMES)
                pixels[top : top + side // 4, left : left + side // 4] = 240
                frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
                frame.pts = step
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        rows.append({"video": f"{number}.mp4", "label": "right" if label else "left"})
    pd.DataFrame(rows).to_csv(folder / "train.csv", index=False)
    return sum(path.stat().st_size for path in folder.glob("*.mp4"))


def train(folder: Path, side: int) -> None:
    """Train on one folder, in this process, and tell its peak."""
    from polysight import FeatureClassifier, NeuralClassifier, Sequence, read_table
    from polysight.data.cache import default_cache

    table = read_table(folder / "train.csv")
    inputs = {"video": Sequence(columns=("video",), frames=FRAMES, size=side)}
    started = time.monotonic()
    FeatureClassifier(inputs, features={"video": ["frame_colour", "frame_motion"]}).fit(table, "label")
    encoder = {"kind": "sequence_lstm", "channels": 4, "hidden": 32}
    network = NeuralClassifier(inputs, encoders={"video": encoder}, epochs=1, batch_size=4, width=32)
    network.fit(table, "label")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kept = default_cache().folder
    held = sum(path.stat().st_size for path in kept.iterdir()) / 1e6 if kept else 0.0
    print(f"{peak:.0f} {held:.2f} {time.monotonic() - started:.0f}")


def measure(folder: Path, side: int, limit: int) -> tuple[float, float, float]:
    """Peak megabytes, megabytes in the cache and seconds of training on a folder in a process of its own."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "POLYSIGHT_CACHE": cache, "POLYSIGHT_CACHE_LIMIT": f"{limit / 1e6:.3f}MB"}
        command = [sys.executable, __file__, "--train", str(folder), "--side", str(side)]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    peak, held, seconds = (float(word) for word in done.stdout.split()[-3:])
    return peak, held, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=int, default=40, help="videos that fill the cache limit once")
    parser.add_argument("--side", type=int, default=128, help="pixels of each side")
    parser.add_argument("--train", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.train is not None:
        train(chosen.train, chosen.side)
        return
    peaks = {}
    with tempfile.TemporaryDirectory() as temporary:
        limit = 0
        for multiple in MULTIPLES:
            folder = Path(temporary) / str(multiple)
            size = write_videos(folder, multiple * chosen.videos, chosen.side)
            limit = limit or size // multiple
            peaks[multiple], held, seconds = measure(folder, chosen.side, limit)
            decoded = multiple * chosen.videos * FRAMES * chosen.side**2 * 3 / 1e6
            print(
                f"{size / limit:.1f} x the limit of {limit / 1e6:.2f} MB: {multiple * chosen.videos} videos, "
                f"{decoded:.0f} MB decoded; peak {peaks[multiple]:.0f} MB, {held:.2f} MB in the cache, {seconds:.0f} s",
                flush=True,
            )
    less, more = (peaks[multiple] for multiple in MULTIPLES)
    print(f"peak of {MULTIPLES[1]} x beside {MULTIPLES[0]} x: {more / less:.3f} (must be 1.2 at most)")


if __name__ == "__main__":
    main()
