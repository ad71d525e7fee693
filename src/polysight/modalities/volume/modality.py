"""The volume modality: a column (or several) of scans, read onto a grid of fixed size as 8 bits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from jaxtyping import Float

from polysight.core.errors import ConfigError, NotFittedError, UnreadableCellError
from polysight.core.files import resolve_inside
from polysight.data.view import Cells, View
from polysight.modalities.augmentations import check_augmentations
from polysight.modalities.base import Arrays, Classical, FeatureSpecs, Match, learned
from polysight.modalities.cellwise import CellwiseModality, Decoded, is_empty
from polysight.modalities.corruption import Corruption
from polysight.modalities.facts import Measure
from polysight.modalities.file_columns import evenly_spread
from polysight.modalities.numpy_files import to_npy
from polysight.modalities.slot_scaling import around_usual, usual_values
from polysight.modalities.units import Units
from polysight.modalities.volume.augment import AUGMENTATIONS, LABEL_SAFE, augment_volumes
from polysight.modalities.volume.corruptions import CORRUPTIONS
from polysight.modalities.volume.decoding import read_scan
from polysight.modalities.volume.facts import MEASURES
from polysight.modalities.volume.folder import packed
from polysight.modalities.volume.resampling import Shape, resampled
from polysight.modalities.volume.scan import Scan
from polysight.modalities.volume.sniffing import match_volumes
from polysight.modalities.volume.units import slices_of
from polysight.modalities.volume.windows import EACH, Window, common_window, named_window, natural_window

#: The sides an automatic grid picks from.
SLICES = (8, 12, 16, 24, 32, 48, 64)
SIDES = (16, 24, 32, 48, 64, 96)
#: The smallest and the largest side a user may give.
SIDE_LIMITS = (4, 256)
#: How many training scans are looked at to settle grid and window.
_LOOKED_AT = 24


@dataclass(frozen=True, kw_only=True)
class Volume(CellwiseModality):
    """Scans: NIfTI, DICOM (a series in a folder, or one file), NRRD, NumPy files, arrays in memory (three axes).

    Scans are turned the same way up (slices to the head, rows to the front, columns to the right of the patient)
    where the file says how they lie, looked at through a window of values, and resampled.

    Read as ``voxels``, uint8 [row, slot, slice, height, width]; ``cell``, the size of a place of the grid along these
    axes, and ``extent``, the size of the whole scan, both float32 [row, slot, 3] in mm (in voxels of a ``.npy``
    file).

    Attributes:
        columns: One column, or several that hold scans of one kind (each becomes a slot; one encoder for all).
        shape: Slices, rows and columns of the grid. Automatic: near the median of the training scans, 64 x 96 x 96
            at most.
        spacing: Millimetres from one place of the grid to the next, along each axis or for all three: the middle of
            each scan is looked at in true size, and what lies around a small one is black. None stretches each scan
            over the whole grid; how large it was stays known.
        window: Which values become black and white: the name of a body part (``windows.PRESETS``), two values, or
            ``each``, a window of its own for every scan. Automatic: one for all, from the training scans, or ``each``
            where their scales differ.
        augment: Random changes of training batches: names in ``augment.AUGMENTATIONS``. None means
            ``augment.LABEL_SAFE`` (and, in an ensemble, mirroring where validation likes it), an empty list none.

    Raises:
        ConfigError: A shape, spacing, window or augmentation that does not fit.
    """

    kind: ClassVar[str] = "volume"
    default_encoder: ClassVar[str] = "volume_convnet"
    measures: ClassVar[Mapping[str, Measure]] = MEASURES
    corruptions: ClassVar[Mapping[str, Corruption]] = CORRUPTIONS
    label_safe: ClassVar[tuple[str, ...]] = LABEL_SAFE
    perhaps_safe: ClassVar[tuple[str, ...]] = ("flip",)
    cells_at_once: ClassVar[int] = 4

    shape: Shape | None = None
    spacing: float | tuple[float, float, float] | None = None
    window: str | Window | None = None
    augment: tuple[str, ...] | None = None
    size_mean: Float[np.ndarray, "slot 6"] | None = learned()  # noqa: RUF009 - a dataclass field
    size_scale: Float[np.ndarray, "slot 6"] | None = learned()  # noqa: RUF009 - a dataclass field

    def __post_init__(self) -> None:
        for name in ("columns", "augment"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, (value,) if isinstance(value, str) else tuple(value))
        smallest, largest = SIDE_LIMITS
        if self.shape is not None:
            object.__setattr__(self, "shape", tuple(self.shape))
            if len(self.shape) != 3 or not all(smallest <= side <= largest for side in self.shape):
                what = f"needs three sides of {smallest} to {largest}, not {self.shape}"
                raise ConfigError(what, where="volume.shape")
        if self.spacing is not None and not (len(self._steps) == 3 and min(self._steps) > 0):
            raise ConfigError(f"needs one or three positive numbers, not {self.spacing}", where="volume.spacing")
        if isinstance(self.window, str):
            object.__setattr__(self, "window", named_window(self.window))
        elif self.window is not None and not self.window[0] < self.window[1]:
            raise ConfigError(f"black must lie below white, not {self.window}", where="volume.window")
        check_augmentations(self.augment, AUGMENTATIONS, "volume")

    @classmethod
    def sniff(cls, column: pd.Series, root: Any) -> Match:
        """Files that end like volumes, folders of DICOM files, or arrays of three axes in memory."""
        return match_volumes(column, Path(root))

    @property
    def default_features(self) -> FeatureSpecs:
        """What lies in the middle, how brightness runs outward, and texture."""
        return ("volume_object", "volume_shells", "volume_texture")

    @property
    def compact_features(self) -> FeatureSpecs:
        """What lies in the middle, and how brightness runs outward."""
        return ("volume_object", "volume_shells")

    @property
    def classical(self) -> tuple[Classical, ...]:
        """As measured on lung nodules, 795 rows, patients apart: .862, .844, .865 and .829 of the answers right.

        AUROC .911, .911, .907 and .889; all four together, over all rows, .865 and .923.
        """
        return (
            Classical(self.default_features, "svm"),
            Classical(self.compact_features, "logistic"),
            Classical(self.compact_features, "forest"),
            Classical(("volume_planes", "volume_object"), "logistic"),
        )

    @property
    def work(self) -> float:
        """Grows with the voxels."""
        return len(self.columns) * (1.0 + 9.5 * float(np.prod(self.grid)) / (16 * 48 * 48))

    def settle(self, cells: Cells) -> Self:
        """A copy with shape and window resolved from (at most 24) training scans."""
        if self.shape is not None and self.window is not None:
            return self
        shapes, windows = [], []
        for scan in self._sample(cells):
            try:
                windows.append(natural_window(scan.voxels))
                shapes.append(scan.voxels.shape)
            except UnreadableCellError:
                continue  # ``read`` reports it, with its row.
        middle = np.median(shapes or [(SLICES[-1], SIDES[-1], SIDES[-1])], axis=0)
        side = _snapped(float(max(middle[1:])), SIDES)
        shape = self.shape or (_snapped(float(middle[0]), SLICES), side, side)
        return replace(self, shape=shape, window=self.window if self.window is not None else common_window(windows))

    def content(self, value: Any, root: Path) -> bytes:
        """The bytes of the file a cell names, of the files in the folder it names, or of the array it holds."""
        return to_npy(value) if isinstance(value, np.ndarray) else super().content(value, root)

    def load(self, cell: str, root: Path) -> bytes:
        """The bytes of a file, or of the DICOM files in a folder."""
        path = resolve_inside(cell, root, folders=True)
        return packed(path, root) if path.is_dir() else super().load(cell, root)

    def decode(self, content: bytes) -> Decoded:
        """The scan on the grid, and its size."""
        scan = read_scan(content)
        natural = natural_window(scan.voxels)  # refuses a scan that holds no number, whatever the window
        window = natural if self.window is None or isinstance(self.window, str) else self.window
        steps, cell = self._grid_of(scan)
        extent = np.multiply(scan.voxels.shape, scan.spacing or (1.0, 1.0, 1.0))
        return {
            "voxels": resampled(scan.voxels, self.grid, steps, window),
            "cell": np.asarray(cell, dtype=np.float32),
            "extent": extent.astype(np.float32),
        }

    def blank(self) -> Decoded:
        """Black, of no size; never seen, because an absent slot is masked."""
        nothing = np.zeros(3, dtype=np.float32)
        return {"voxels": np.zeros(self.grid, dtype=np.uint8), "cell": nothing, "extent": nothing}

    def decoding_settings(self) -> dict[str, Any]:
        """Shape, spacing and window."""
        return {"shape": self.grid, "spacing": self.spacing and self._steps, "window": self.window or EACH}

    @property
    def grid(self) -> Shape:
        """The shape, once it is known.

        Raises:
            NotFittedError: It is still automatic.
        """
        if self.shape is None:
            raise NotFittedError("the shape of this volume input is not resolved yet", fix="call settle first")
        return self.shape

    def fit(self, view: View) -> Self:
        """A copy that knows how large scans usually are."""
        mean, spread = usual_values(_sizes(view), view.present)
        return replace(self, size_mean=mean, size_scale=spread)

    def transform(self, view: View) -> Arrays:
        """The voxels as they were read, and ``size``: logarithms of cell and extent around their usual values.

        Raises:
            NotFittedError: Before ``fit``.
        """
        if self.size_mean is None or self.size_scale is None:
            raise NotFittedError("this volume input is not fitted yet", fix="call fit first")
        size = around_usual(_sizes(view), view.present, self.size_mean, self.size_scale)
        return {"voxels": view.arrays["voxels"], "size": size}

    def units_there(self, row: View) -> Units:
        """The slices."""
        return slices_of(row, self.columns)

    def augmented(self, arrays: Arrays, rng: np.random.Generator) -> Arrays:
        """The batch with the named random changes, each slot by itself."""
        voxels = arrays["voxels"]
        names = LABEL_SAFE if self.augment is None else self.augment
        changed = augment_volumes(voxels.reshape(-1, *voxels.shape[2:]), names, rng)
        return {**arrays, "voxels": changed.reshape(voxels.shape)}

    @property
    def _steps(self) -> tuple[float, ...]:
        return (self.spacing,) * 3 if isinstance(self.spacing, int | float) else tuple(self.spacing or ())

    def _grid_of(self, scan: Scan) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
        """Voxels, and millimetres, from one place of the grid to the next."""
        own = scan.spacing or (1.0, 1.0, 1.0)
        if self.spacing is None:
            ratio = [length / side for length, side in zip(scan.voxels.shape, self.grid, strict=True)]
        else:
            ratio = [step / size for step, size in zip(self._steps, own, strict=True)]
        steps = (ratio[0], ratio[1], ratio[2])
        return steps, (ratio[0] * own[0], ratio[1] * own[1], ratio[2] * own[2])

    def _sample(self, cells: Cells) -> Iterator[Scan]:
        filled = [value for column in self.columns for value in cells.frame[column].tolist() if not is_empty(value)]
        for position in evenly_spread(len(filled), _LOOKED_AT):
            try:
                yield read_scan(self.content(filled[position], cells.root))
            except UnreadableCellError:
                continue  # ``read`` reports it, with its row.


def _sizes(view: View) -> Float[np.ndarray, "row slot 6"]:
    sizes = np.concatenate([view.arrays["cell"], view.arrays["extent"]], axis=-1)
    return np.log(np.maximum(sizes, 1e-3, dtype=np.float64))


def _snapped(side: float, sides: tuple[int, ...]) -> int:
    return next((size for size in sides if size >= side), sides[-1])
