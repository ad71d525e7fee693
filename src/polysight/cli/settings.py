"""Settings: YAML file, options and --set together make the configuration of a run; later ones win."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from polysight.runs.config import RunConfig


def gathered(config: str | None, given: Mapping[str, Any], assignments: Sequence[str] | None = None) -> RunConfig:
    """The configuration a command line describes.

    Args:
        config: A YAML file, or None.
        given: Options by setting; None and empty lists were not given.
        assignments: The values of ``--set``.

    Raises:
        ConfigError: Unknown settings, values that do not fit, or no table or target.
    """
    from polysight.runs.config import RunConfig, override, read_yaml

    settings = {} if config is None else read_yaml(Path(config))
    for name, value in given.items():
        if value is not None and value != []:
            settings[name] = value
    target = settings.get("target")
    if isinstance(target, list) and len(target) == 1:
        settings["target"] = target[0]
    return RunConfig.from_mapping(override(settings, assignments or ()), where=config or "")
