"""The names of augmentations that users give: each must be one the modality has."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from polysight.core.errors import ConfigError, did_you_mean


def check_augmentations(names: Iterable[str] | None, known: Collection[str], kind: str) -> None:
    """Check the names of augmentations.

    Args:
        names: What a modality was given as ``augment``; None is its own choice.
        known: The augmentations it has.
        kind: The kind of the modality.

    Raises:
        ConfigError: There is no augmentation of that name; the nearest is offered.
    """
    for name in names or ():
        if name not in known:
            fix = did_you_mean(name, known) or f"choose among: {', '.join(known)}"
            raise ConfigError(f"there is no augmentation named {name!r}", where=f"{kind}.augment", fix=fix)
