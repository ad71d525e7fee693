"""Configuration: the constructor is the schema.

A *spec* is plain data (``{"kind": "gated", "dropout": 0.1}`` or just ``"gated"``). ``build`` checks its
names against the constructor's signature and its values against the annotations, then calls it;
``describe`` is the way back: ``kind`` and whatever differs from the defaults.
"""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from polysight.core.errors import ConfigError, did_you_mean
from polysight.core.registry import Registry


def options_of(target: Any) -> dict[str, inspect.Parameter]:
    """The options a constructor takes, by name."""
    parameters = inspect.signature(target).parameters
    return {name: p for name, p in parameters.items() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}


def check_options(target: Any, options: Mapping[str, Any], *, where: str = "") -> dict[str, Any]:
    """Check names and types of options for a constructor and return them converted.

    Raises:
        ConfigError: An unknown name (the nearest is offered) or a value of the wrong type.
    """
    known = options_of(target)
    hints = typing.get_type_hints(target.__init__ if inspect.isclass(target) else target, include_extras=True)
    checked: dict[str, Any] = {}
    for name, value in options.items():
        if name not in known:
            title = getattr(target, "__name__", str(target))
            fix = did_you_mean(name, known) or f"its options are: {', '.join(known)}"
            raise ConfigError(f"{title} has no option {name!r}", where=where, fix=fix)
        checked[name] = _checked(hints.get(name, Any), value, where=f"{where}.{name}".lstrip("."))
    return checked


def _checked(hint: Any, value: Any, *, where: str) -> Any:
    if hint is Any:
        return value
    try:
        return TypeAdapter(hint, config=ConfigDict(arbitrary_types_allowed=True)).validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"{value!r} does not fit: {first['msg']}", where=where) from None


def build(registry: Registry, spec: str | Mapping[str, Any] | Any, *, where: str = "", **extra: Any) -> Any:
    """Make the object a spec describes; an object that is already made passes through.

    Args:
        registry: Where kinds are looked up.
        spec: A kind, a mapping with ``kind`` and options, or a finished object.
        where: The path of this spec in the configuration, for messages.
        **extra: Options the caller supplies and a user cannot set (widths, seeds); those the constructor does not
            take are left out.

    Raises:
        ConfigError: Unknown kind, unknown option or a value of the wrong type.
    """
    if isinstance(spec, str):
        spec = {"kind": spec}
    if not isinstance(spec, Mapping):
        return spec
    if "kind" not in spec:
        raise ConfigError(f"needs a 'kind', one of: {', '.join(sorted(registry))}", where=where or registry.noun)
    target = registry.load(spec["kind"])
    options = {name: value for name, value in spec.items() if name != "kind"}
    known = options_of(target)
    supplied = {name: value for name, value in extra.items() if name in known}
    return target(**check_options(target, options, where=where or registry.noun), **supplied)


def describe(value: Any) -> dict[str, Any]:
    """The spec of a dataclass with a class attribute ``kind``: the kind and what differs from defaults.

    Fields declared with ``init=False`` or ``metadata={"learned": True}`` are state, not configuration.
    """
    spec: dict[str, Any] = {"kind": value.kind}
    for field in dataclasses.fields(value):
        if not field.init or field.metadata.get("learned"):
            continue
        current = getattr(value, field.name)
        default = field.default_factory() if callable(field.default_factory) else field.default
        if current != default:
            spec[field.name] = list(current) if isinstance(current, tuple) else current
    return spec
