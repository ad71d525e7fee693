"""Run configuration: everything one training run depends on, and its way to YAML and back."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

import yaml

from polysight.core.config import check_options
from polysight.core.duration import seconds_of
from polysight.core.errors import ConfigError, MissingFileError
from polysight.core.files import write_text

#: The settings that hold paths; in a YAML file they start from the folder the file is in.
_PATHS = ("table", "test", "root")

_HEADER = "# Everything this run depended on. To run it again: polysight {command} --config {name}\n"


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """The settings of ``polysight train``. The constructor is the schema of ``polysight.yaml``.

    Attributes:
        table: The training table.
        target: The column to predict, or several.
        test: A table to evaluate on; without one a part of the training table is held out.
        group: Column whose equal values never stand on both sides of a split.
        ignore: Columns that must not be inputs.
        root: The folder that paths in cells start from; by default the table's.
        task: What kind of target it is; ``auto`` looks.
        inputs: Specs by input name. When each has a ``kind``, these are the inputs; a spec without ``kind``
            changes options of the inferred input of that name, and the others stay.
        learner: The spec of one learner to train instead of what the preset would choose.
        preset: ``quick``, ``good`` or ``best``.
        imbalance: What helps rare classes, for whatever is trained: a kind or a spec; none by default.
        time_limit: Seconds, or text such as ``10m``; by default the preset's.
        seed: The seed of everything random.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        refit: Whether to fit once more on all rows after measuring.
    """

    table: str = ""
    target: str | tuple[str, ...] = ""
    test: str | None = None
    group: str | None = None
    ignore: tuple[str, ...] = ()
    root: str | None = None
    task: Literal["auto", "classification", "multilabel", "regression"] = "auto"
    inputs: dict[str, Any] | None = None
    learner: dict[str, Any] | None = None
    preset: Literal["quick", "good", "best"] = "good"
    imbalance: str | dict[str, Any] | None = None
    time_limit: float | str | None = field(default=None)
    seed: int = 0
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    refit: bool = False

    def __post_init__(self) -> None:
        if self.time_limit is not None:
            seconds_of(self.time_limit)

    @property
    def targets(self) -> tuple[str, ...]:
        """The columns to predict."""
        return (self.target,) if isinstance(self.target, str) else self.target

    @classmethod
    def from_mapping(cls, settings: Mapping[str, Any], *, where: str = "") -> Self:
        """The configuration plain data describes; a learner spec without ``kind`` is a network.

        Raises:
            ConfigError: An unknown setting (the nearest is offered), a value of the wrong type, or no table or target.
        """
        checked = check_options(cls, settings, where=where)
        learner = checked.get("learner")
        if learner is not None and "kind" not in learner:
            checked["learner"] = {"kind": "neural", **learner}
        config = cls(**checked)
        for name, fix in (("table", "give a table"), ("target", "name the column to predict: --target")):
            if not getattr(config, name):
                raise ConfigError(f"needs a {name}", where=where, fix=fix)
        return config

    def to_mapping(self) -> dict[str, Any]:
        """Every setting as plain data, whether it is the default or not."""
        return {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}


def read_yaml(path: Path) -> dict[str, Any]:
    """The settings of a YAML file, with its paths made to start from the working directory.

    Raises:
        MissingFileError: No such file.
        ConfigError: Not YAML, or not a mapping.
    """
    if not path.is_file():
        raise MissingFileError("there is no such configuration file", where=str(path))
    try:
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"is not YAML: {' '.join(str(error).split())}", where=str(path)) from None
    if settings is None:
        return {}
    if not isinstance(settings, dict) or not all(isinstance(key, str) for key in settings):
        raise ConfigError("must hold named settings", where=str(path), fix="write lines such as 'target: label'")
    for name in _PATHS:
        if isinstance(settings.get(name), str):
            settings[name] = os.path.normpath(path.parent / settings[name])
    return settings


def write_yaml(config: RunConfig, path: Path, *, command: str = "train") -> None:
    """Write every setting; paths start from the folder of the file, so that it moves together with its data.

    Args:
        config: The settings.
        path: The file.
        command: The verb that reads them, with options that are no settings.
    """
    text = yaml.safe_dump(settings_seen_from(path.parent, config), sort_keys=False, allow_unicode=True, width=120)
    write_text(path, _HEADER.format(command=command, name=path) + text)


def settings_seen_from(folder: Path, config: RunConfig) -> dict[str, Any]:
    """Every setting as plain data, with paths that start from a folder."""
    settings = config.to_mapping()
    for name in _PATHS:
        if settings[name] is not None:
            settings[name] = relative_path(settings[name], folder)
    return settings


def relative_path(path: Path | str, folder: Path) -> str:
    """A path as seen from a folder, with forward slashes; absolute where there is no way between them."""
    try:
        return Path(os.path.relpath(Path(path).resolve(), folder.resolve())).as_posix()
    except ValueError:
        return Path(path).resolve().as_posix()


def override(settings: Mapping[str, Any], assignments: Sequence[str]) -> dict[str, Any]:
    """Settings with ``key.inner=value`` assignments applied; values are read as YAML, inner mappings are made.

    Raises:
        ConfigError: Not an assignment, or a key inside something that holds no keys.
    """
    result: dict[str, Any] = _copied(settings)
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        names = key.strip().split(".")
        if not equals or not all(names):
            raise ConfigError(f"{assignment!r} is not key=value", where="--set", fix="write it like learner.epochs=20")
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError:
            raise ConfigError(f"{text!r} is not a YAML value", where=f"--set {key}", fix="put it in quotes") from None
        inner = result
        for depth, name in enumerate(names[:-1], start=1):
            if isinstance(inner.get(name), str):
                inner[name] = {"kind": inner[name]}
            elif inner.get(name) is None:
                inner[name] = {}
            inner = inner[name]
            if not isinstance(inner, dict):
                raise ConfigError(f"{'.'.join(names[:depth])} holds no settings of its own", where=f"--set {key}")
        inner[names[-1]] = value
    return result


def completed_inputs(
    specs: Mapping[str, Any], inferred: Callable[[], Mapping[str, Mapping[str, Any]]]
) -> dict[str, Any]:
    """The specs of all inputs: those given, when each says its ``kind``; else the inferred ones with changes.

    Args:
        specs: What the user wrote.
        inferred: Gives the specs of inferred inputs; called only if they are needed.

    Raises:
        ConfigError: A change is meant for an input that was not inferred.
    """
    partial = [name for name, spec in specs.items() if isinstance(spec, Mapping) and "kind" not in spec]
    if not partial:
        return dict(specs)
    found = inferred()
    for name in partial:
        if name not in found:
            raise ConfigError(
                "is not among the inputs that were found", where=f"inputs.{name}", fix=f"found: {', '.join(found)}"
            )
    changed = {name: {**found[name], **specs[name]} for name in partial}
    return {**found, **specs, **changed}


def _copied(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _copied(value) if isinstance(value, Mapping) else value for key, value in settings.items()}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
