"""Pictures of the scenarios page, made by the simulators: python docs/pictures/make.py [NAME ...]."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from polysight.core.randomness import generator
from polysight.data.demonstration import DEMONSTRATIONS
from polysight.data.demonstration.scenario import Scenario

HERE = Path(__file__).parent


def picture(axes: Axes, content: np.ndarray) -> None:
    """A photo, a grey or a colour one."""
    axes.imshow(content, cmap="gray", vmin=0, vmax=255)


def slices(axes: Axes, content: np.ndarray) -> None:
    """The middle slice of a volume."""
    picture(axes, content[len(content) // 2])


def frames(axes: Axes, content: np.ndarray) -> None:
    """Four frames of a video, two by two."""
    chosen = content[[0, 2, 4, 6]]
    picture(axes, np.block([[chosen[0], chosen[1]], [chosen[2], chosen[3]]]))


def channels(axes: Axes, content: np.ndarray) -> None:
    """The channels of a series, one above the other."""
    for number, channel in enumerate(content.T):
        axes.plot((channel - channel.mean()) / channel.std() - 6 * number, linewidth=0.7)


def cloud(axes: Axes, content: np.ndarray) -> None:
    """A laser sweep, seen from the side and a little from above."""
    x, y, z = (content[:, :3] - content[:, :3].mean(axis=0)).T
    axes.scatter(x + 0.3 * y, z + 0.25 * y, s=2, c=z, cmap="viridis")
    axes.set_aspect("equal")


def mesh(axes: Axes, content: tuple[np.ndarray, np.ndarray]) -> None:
    """The edges of a model."""
    vertices, faces = content
    axes.triplot(vertices[:, 0], vertices[:, 1], faces, linewidth=0.3)
    axes.set_aspect("equal")


DRAWN: Mapping[str, Callable[[Axes, object], None]] = {
    ".png": picture,
    ".gif": frames,
    ".bin": cloud,
    ".off": mesh,
    ".csv": channels,
}


def draw(name: str) -> None:
    """A row for each kind of recording, a column for each of its signs."""
    shown: Scenario = DEMONSTRATIONS.load(name)()
    cells = [cell for cell in shown.world.cells if shown.media[cell.name].save]
    columns = max(len(cell.signs) for cell in cells)
    figure, grid = plt.subplots(len(cells), columns, figsize=(1.35 * columns, 1.5 * len(cells)), squeeze=False)
    for row, cell in zip(grid, cells, strict=True):
        medium, rng = shown.media[cell.name], generator(3, name, cell.name)
        for axes in row:
            axes.axis("off")
        for axes, sign in zip(row, cell.signs, strict=False):
            content = medium.show(sign, generator(4, name), rng)
            axes.set_title(f"{cell.name}: {sign}", fontsize=6, pad=2)
            _drawer(medium.suffix, content)(axes, content)
    figure.tight_layout(pad=0.3)
    figure.savefig(HERE / f"{name}.png", dpi=100)
    plt.close(figure)
    _shrink(HERE / f"{name}.png")


def _drawer(suffix: str, content: object) -> Callable[[Axes, object], None]:
    if suffix == ".npy":
        return slices if np.ndim(content) == 3 else channels
    return DRAWN[suffix]


def _shrink(path: Path) -> None:
    """The same picture in grey levels of 32 steps and strong compression, where it is large."""
    if path.stat().st_size < 58_000:
        return
    grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(str(path), (grey // 16) * 16 + 8, [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    for wanted in sys.argv[1:] or ("driving", "logistics", "medical", "security", "vr"):
        draw(wanted)
