"""The points modality: a column (or several) of point clouds and 3-D models, read as equally many points each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Self, get_args

import numpy as np
import pandas as pd
from jaxtyping import Float

from polysight.core.errors import ConfigError, NotFittedError, UnreadableCellError
from polysight.data.columns import words_of
from polysight.data.view import View
from polysight.modalities.augmentations import check_augmentations
from polysight.modalities.base import Arrays, Classical, FeatureSpecs, Match, learned
from polysight.modalities.cellwise import CellwiseModality, Decoded, is_empty
from polysight.modalities.corruption import Corruption
from polysight.modalities.facts import Measure
from polysight.modalities.file_columns import evenly_spread, match_files
from polysight.modalities.numpy_files import shape_of_npy, to_npy, without_order
from polysight.modalities.points.augment import AUGMENTATIONS, LABEL_SAFE, augment_clouds
from polysight.modalities.points.cloud import Sampling, sampled
from polysight.modalities.points.corruptions import CORRUPTIONS
from polysight.modalities.points.decoding import KITTI_POINT, SUFFIXES, read_cloud
from polysight.modalities.points.facts import MEASURES
from polysight.modalities.points.units import parts_of
from polysight.modalities.slot_scaling import around_usual, usual_values
from polysight.modalities.units import Units

#: The fewest and the most points a cloud may be read as.
COUNT_LIMITS = (16, 65_536)
#: Columns a table of points may have: x, y, z, and what was measured there.
_COLUMNS = range(3, 8)
#: Words of column names under which a table of numbers holds points, in whatever order.
_WORDS = frozenset({"point", "points", "cloud", "pointcloud", "lidar", "mesh", "sweep", "xyz"})
_CHINESE = ("点云", "激光雷达", "网格")


@dataclass(frozen=True, kw_only=True)
class Points(CellwiseModality):
    """LiDAR sweeps, depth scans and models: PCD, KITTI, PLY, OFF, OBJ, STL, GLB, NumPy files, arrays in memory.

    Of models, points are spread evenly over the surface; of clouds with more points some are drawn. What is drawn
    follows from the content: a file always gives the same points.

    Read as ``points``, float32 [row, slot, point, 3], around their middle; ``values``, what was measured at each of
    them (0 to 1, zeros where nothing was), float32 [row, slot, point]; and ``place``: where the middle lies (x, y,
    z), the root of the mean square distance from it, and how many points the file has, float32 [row, slot, 5].

    Attributes:
        columns: One column, or several that hold clouds of one kind (each becomes a slot; one encoder for all).
        count: Points each cloud is read as, 16 to 65,536.
        sampling: How they are chosen from more: ``random``, or ``farthest``, which keeps what is thinly covered.
        augment: Random changes of training batches: names in ``augment.AUGMENTATIONS``. None means
            ``augment.LABEL_SAFE`` (and, in an ensemble, mirroring where validation likes it), an empty list none.

    Raises:
        ConfigError: A count, sampling or augmentation that does not fit.
    """

    kind: ClassVar[str] = "points"
    default_encoder: ClassVar[str] = "pointnet"
    measures: ClassVar[Mapping[str, Measure]] = MEASURES
    corruptions: ClassVar[Mapping[str, Corruption]] = CORRUPTIONS
    label_safe: ClassVar[tuple[str, ...]] = LABEL_SAFE
    perhaps_safe: ClassVar[tuple[str, ...]] = ("flip",)
    cells_at_once: ClassVar[int] = 8

    count: int = 1024
    sampling: Sampling = "random"
    augment: tuple[str, ...] | None = None
    place_mean: Float[np.ndarray, "slot 5"] | None = learned()  # noqa: RUF009 - a dataclass field
    place_scale: Float[np.ndarray, "slot 5"] | None = learned()  # noqa: RUF009 - a dataclass field

    def __post_init__(self) -> None:
        for name in ("columns", "augment"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, (value,) if isinstance(value, str) else tuple(value))
        fewest, most = COUNT_LIMITS
        if not fewest <= self.count <= most:
            raise ConfigError(f"count must be {fewest} to {most} points, not {self.count}", where="points.count")
        if self.sampling not in get_args(Sampling):
            raise ConfigError(f"{self.sampling!r} is neither 'random' nor 'farthest'", where="points.sampling")
        check_augmentations(self.augment, AUGMENTATIONS, "points")

    @classmethod
    def sniff(cls, column: pd.Series, root: Any) -> Match:
        """Files that end like clouds or models; of tables of numbers, those whose rows have no order."""
        filled = [value for value in column.tolist() if not is_empty(value)]
        sample = [filled[position] for position in evenly_spread(len(filled), 50)]
        named = bool(_WORDS & set(words_of(column.name))) or str(column.name).endswith(_CHINESE)
        if sample and all(isinstance(value, np.ndarray) for value in sample):
            clouds = all(v.ndim == 2 and v.shape[1] in _COLUMNS and (named or without_order(v[:, :3])) for v in sample)
            return Match(1.0, "points", f"{len(sample)} cells looked at are points in memory") if clouds else Match(0.0)
        return match_files(column, Path(root), SUFFIXES, "points", lambda path: _may_be_cloud(path, named))

    @property
    def default_features(self) -> FeatureSpecs:
        """Shape, whatever the position; extent; and where points lie."""
        return ("shape_distributions", "cloud_geometry", "cloud_histograms")

    @property
    def compact_features(self) -> FeatureSpecs:
        """Extent, and where points lie."""
        return ("cloud_geometry", "cloud_histograms")

    @property
    def classical(self) -> tuple[Classical, ...]:
        """Kernels see shapes, trees extents."""
        return (
            Classical(self.default_features, "svm"),
            Classical(self.default_features, "forest"),
            Classical(self.default_features, "logistic"),
        )

    @property
    def work(self) -> float:
        """Grows with the points."""
        return len(self.columns) * (0.2 + 7.5 * self.count / 1024)

    def content(self, value: Any, root: Path) -> bytes:
        """How the name of a file ends, and its bytes; an array in memory is one more ``.npy`` file."""
        if isinstance(value, np.ndarray):
            return b".npy\n" + to_npy(value)
        return Path(str(value).strip()).suffix.lower().encode() + b"\n" + super().content(value, root)

    def decode(self, content: bytes) -> Decoded:
        """As many points as there shall be, around their middle."""
        cloud = read_cloud(content)
        kept = sampled(cloud.points, self.count, self.sampling, np.random.default_rng(len(content)))
        points = cloud.points[kept]
        middle = points.mean(axis=0)
        radius = np.sqrt(((points - middle) ** 2).sum(axis=1).mean())
        values = np.zeros(self.count) if cloud.values is None else cloud.values[kept]
        return {
            "points": (points - middle).astype(np.float32),
            "values": values.astype(np.float32),
            "place": np.array([*middle, radius, cloud.number], dtype=np.float32),
        }

    def blank(self) -> Decoded:
        """Nothing anywhere; never seen, because an absent slot is masked."""
        return {
            "points": np.zeros((self.count, 3), dtype=np.float32),
            "values": np.zeros(self.count, dtype=np.float32),
            "place": np.zeros(5, dtype=np.float32),
        }

    def decoding_settings(self) -> dict[str, Any]:
        """Count and sampling."""
        return {"count": self.count, "sampling": self.sampling}

    def fit(self, view: View) -> Self:
        """A copy that knows where clouds usually lie and how large they are."""
        mean, spread = usual_values(described_place(view), view.present)
        return replace(self, place_mean=mean, place_scale=spread)

    def transform(self, view: View) -> Arrays:
        """``points`` of unit size with their value as a fourth number, and ``place`` around its usual values.

        Raises:
            NotFittedError: Before ``fit``.
        """
        if self.place_mean is None or self.place_scale is None:
            raise NotFittedError("this points input is not fitted yet", fix="call fit first")
        points = np.concatenate([unit_points(view), view.arrays["values"][..., None]], axis=-1)
        return {
            "points": np.where(view.present[..., None, None], points, 0).astype(np.float32),
            "place": around_usual(described_place(view), view.present, self.place_mean, self.place_scale),
        }

    def units_there(self, row: View) -> Units:
        """Points that lie together."""
        return parts_of(row, self.columns)

    def augmented(self, arrays: Arrays, rng: np.random.Generator) -> Arrays:
        """The batch with the named random changes, each slot by itself."""
        points = arrays["points"]
        names = LABEL_SAFE if self.augment is None else self.augment
        changed = augment_clouds(points.reshape(-1, *points.shape[2:]), names, rng)
        return {**arrays, "points": changed.reshape(points.shape)}


def unit_points(view: View) -> Float[np.ndarray, "row slot point 3"]:
    """The points at a mean square distance of one from their middle; all in one place stay there."""
    radius = view.arrays["place"][..., 3]
    return view.arrays["points"] / np.where(radius > 0, radius, 1)[..., None, None]


def described_place(view: View) -> Float[np.ndarray, "row slot 5"]:
    """Where the middle lies, and the logarithms of radius and number."""
    place = view.arrays["place"].astype(np.float64)
    place[..., 3] = np.log(np.maximum(place[..., 3], 1e-6))
    place[..., 4] = np.log1p(place[..., 4])
    return place


def _may_be_cloud(path: Path, named: bool) -> bool:
    suffix = path.suffix.lower()
    try:
        if suffix == ".bin":
            return path.stat().st_size % KITTI_POINT == 0
        if suffix != ".npy":
            return True
        with path.open("rb") as file:
            shape = shape_of_npy(file)
        if len(shape) != 2 or shape[1] not in _COLUMNS:
            return False
        return named or without_order(np.load(path, mmap_mode="r", allow_pickle=False)[:, :3])
    except (OSError, ValueError, UnreadableCellError):
        return named or suffix != ".npy"
