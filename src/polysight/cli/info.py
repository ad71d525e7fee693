"""polysight info: what there is to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from polysight.cli.catalogue import REGISTRIES, in_full, item_in_full, item_of, registry_of
from polysight.cli.options import Json, Quiet, Verbose
from polysight.cli.talk import Talk


def info(
    what: Annotated[str | None, typer.Argument(help=f"One of: {', '.join(REGISTRIES)}.")] = None,
    name: Annotated[str | None, typer.Argument(help="One of them, told in full.")] = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """List what there is to choose from.

    One line each with its options and its source; with a name, one in full.
    """
    talk = Talk(json=json, quiet=quiet, verbose=verbose)
    if what is not None and name is not None:
        talk.result({"items": [item_in_full(what, name)]}, in_full(what, name))
        return
    nouns = list(REGISTRIES) if what is None else [what]
    # Counting costs takes a second or two, which is too long where everything is listed.
    told = item_of if what is None else item_in_full
    items = [told(noun, kind) for noun in nouns for kind in sorted(registry_of(noun))]
    talk.result({"items": items}, "\n".join(_line(item) for item in items))


def _line(item: dict[str, Any]) -> str:
    options = f" [{', '.join(item['options'])}]" if item["options"] else ""
    source = f" Source: {item['source']}" if item["source"] else ""
    return f"{item['noun']} {item['name']}: {item['summary']}{options}{source}{_costs(item.get('costs', ()))}"


def _costs(costs: Sequence[Mapping[str, Any]]) -> str:
    """What an entry costs by the number of modalities, at the first size there is; the others stand in full."""
    if not costs:
        return ""
    size = costs[0]["size"]
    counted = [
        f"{cost['modalities']} modalities {cost['parameters']:,} ({cost['flops']:,})"
        for cost in costs
        if cost["size"] == size
    ]
    return f" Parameters (FLOPs a row), {size}: {', '.join(counted)}."
