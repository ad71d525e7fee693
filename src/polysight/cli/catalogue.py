"""The catalogue: what there is in each registry, told by the classes themselves."""

from __future__ import annotations

import dataclasses
import inspect
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from polysight.core.registry import Registry

#: Where the registry of each noun is.
REGISTRIES = {
    "balance": ("polysight.objectives", "BALANCES"),
    "combiner": ("polysight.ensemble", "COMBINERS"),
    "demonstration": ("polysight.data.demonstration", "DEMONSTRATIONS"),
    "encoder": ("polysight.modalities", "ENCODERS"),
    "estimator": ("polysight.learners.estimators", "ESTIMATORS"),
    "explainer": ("polysight.explain", "WITHIN"),
    "features": ("polysight.modalities", "FEATURES"),
    "fusion": ("polysight.fusion", "FUSIONS"),
    "imbalance": ("polysight.objectives", "REMEDIES"),
    "learner": ("polysight.learners", "LEARNERS"),
    "modality": ("polysight.modalities", "MODALITIES"),
    "objective": ("polysight.objectives", "OBJECTIVES"),
    "optimizer": ("polysight.training", "OPTIMIZERS"),
    "regressor": ("polysight.learners.regressors", "REGRESSORS"),
    "schedule": ("polysight.training", "SCHEDULES"),
    "target_loss": ("polysight.objectives.target_losses", "TARGET_LOSSES"),
    "task": ("polysight.data.target_kinds", "TARGETS"),
}
#: What counts the costs of one entry told in full, for the nouns that have such a count.
COSTS = {"fusion": ("polysight.fusion.cost", "costs_of")}


def registry_of(noun: str) -> Registry:
    """The registry of a noun.

    Raises:
        ConfigError: There is none; the nearest is offered.
    """
    import importlib

    from polysight.core.errors import ConfigError, did_you_mean

    if noun not in REGISTRIES:
        fix = did_you_mean(noun, REGISTRIES) or f"choose one of: {', '.join(REGISTRIES)}"
        raise ConfigError(f"there is no list of {noun!r}", where="info", fix=fix)
    module, name = REGISTRIES[noun]
    return getattr(importlib.import_module(module), name)


def item_of(noun: str, kind: str) -> dict[str, Any]:
    """One entry: what it is, the paper it is from (empty where it says none), its options with defaults, its code."""
    entry = registry_of(noun).load(kind)
    return {
        "noun": noun,
        "name": kind,
        "summary": first_line(entry),
        "source": source_of(entry),
        "options": _options(entry),
        "code": f"{entry.__module__}:{entry.__name__}",
    }


def item_in_full(noun: str, kind: str) -> dict[str, Any]:
    """One entry with what it costs, where that is counted: a list of sizes with parameters and operations."""
    item, counted = item_of(noun, kind), _costs(noun, kind)
    return {**item, "costs": [dataclasses.asdict(cost) for cost in counted]} if counted else item


def first_line(entry: Any) -> str:
    """The first line of a docstring."""
    return (inspect.getdoc(entry) or "").partition("\n")[0].replace("``", "`")


def source_of(entry: Any) -> str:
    """The papers an entry names in its docstring, or in that of its file."""
    for told in (inspect.getdoc(entry), inspect.getdoc(inspect.getmodule(entry))):
        paragraph = re.search(
            r"^Source:(.+?)(?=^Departures:|^\s*$|\Z| Departures:)", told or "", re.DOTALL | re.MULTILINE
        )
        if paragraph:
            return " ".join(paragraph[1].split()).replace("``", "`")
    return ""


def in_full(noun: str, kind: str) -> str:
    """Everything an entry says of itself: its docstring, that of its file (with the source), its options."""
    entry = registry_of(noun).load(kind)
    options = [f"  {name} = {default}" for name, default in _options(entry).items()]
    about = inspect.getdoc(inspect.getmodule(entry)) or ""
    costs = [
        f"  {c.modalities} modalities, {c.size}: {c.parameters:,} parameters, {c.flops:,} FLOPs a row"
        for c in _costs(noun, kind)
    ]
    parts = [
        f"{noun} {kind}",
        inspect.getdoc(entry) or "",
        "Options:",
        *(options or ["  none"]),
        *(["Costs (with default options; FLOPs of matrix products):", *costs] if costs else []),
        "",
        about,
    ]
    return "\n".join(parts).rstrip()


def _costs(noun: str, kind: str) -> list[Any]:
    if noun not in COSTS:
        return []
    import importlib

    module, name = COSTS[noun]
    return getattr(importlib.import_module(module), name)(registry_of(noun).load(kind))


def _options(entry: Any) -> dict[str, Any]:
    from polysight.core.config import options_of

    fields = dataclasses.fields(entry) if dataclasses.is_dataclass(entry) else ()
    learned = {field.name for field in fields if field.metadata.get("learned")}
    # What has no default (names, widths) is supplied where the entry is used; a user cannot set it.
    settable = {n: p.default for n, p in options_of(entry).items() if p.default is not inspect.Parameter.empty}
    return {name: _shown(default) for name, default in settable.items() if name not in learned}


def _shown(default: Any) -> Any:
    return default if isinstance(default, (str, int, float, bool, type(None))) else repr(default)
