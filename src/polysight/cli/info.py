"""polysight info: what there is to choose from."""

from __future__ import annotations

from typing import Annotated

import typer

from polysight.cli.catalogue import REGISTRIES, in_full, item_of, registry_of
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

    One line each with its options; with a name, one in full.
    """
    talk = Talk(json=json, quiet=quiet, verbose=verbose)
    if what is not None and name is not None:
        talk.result({"items": [item_of(what, name)]}, in_full(what, name))
        return
    nouns = list(REGISTRIES) if what is None else [what]
    items = [item_of(noun, kind) for noun in nouns for kind in sorted(registry_of(noun))]
    lines = [f"{item['noun']} {item['name']}: {item['summary']}{_options(item['options'])}" for item in items]
    talk.result({"items": items}, "\n".join(lines))


def _options(options: dict[str, object]) -> str:
    return f" [{', '.join(options)}]" if options else ""
