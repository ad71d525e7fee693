"""FoldStore: finished folds on disk, so that a run that was cut off goes on where it stopped."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from polysight import artifact
from polysight.core.errors import ArtifactError, MissingFileError
from polysight.core.events import emit


@dataclass(frozen=True, eq=False)
class FoldStore:
    """Where finished folds are kept, so that a run that was cut off goes on where it stopped.

    Attributes:
        folder: The run's checkpoints; None keeps nothing.
        key: What the results depend on: data, settings, versions. A fold kept under another key is not used.
    """

    folder: Path | None
    key: str

    def fetch(self, name: str, fold: int, compute: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The state kept for a fold of a member, else computed and kept."""
        if self.folder is None:
            return compute()
        place = self.folder / name.replace("/", "-").replace(" ", "_") / f"fold-{fold}"
        if place.exists():
            try:
                if artifact.read_facts(place).get("key") == self.key:
                    kept: dict[str, Any] = artifact.read(place)
                    emit("fold_resumed", member=name, fold=fold)
                    return kept
            except (ArtifactError, MissingFileError):
                emit("checkpoint_unusable", member=name, fold=fold)
                # Nothing is written over a folder that has lost its manifest.
                shutil.rmtree(place)
        state = compute()
        artifact.write(place, state, kind="fold", facts={"key": self.key})
        return state
