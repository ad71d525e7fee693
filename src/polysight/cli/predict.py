"""polysight predict: every row of a table answered, in its order."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from polysight.cli.options import Device, Json, Model, Quiet, Root, Verbose
from polysight.cli.progress import shown
from polysight.cli.talk import Talk


def predict(  # noqa: PLR0913 - the contract's options
    model: Model,
    table: Annotated[str, typer.Argument(help="The table; any inputs may be missing in it.")],
    out: Annotated[str | None, typer.Option("-o", "--out", help="A .csv, .parquet or .jsonl file [stdout].")] = None,
    root: Root = None,
    device: Device = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Predict every row of a table.

    Columns: prediction, probability_<class>..., and problems: what in the row could not be read.
    """
    from polysight.runs.model import predict as answer
    from polysight.runs.tables import check_place, write_table

    talk = Talk(json=json, quiet=quiet, verbose=verbose)
    if out is not None:
        check_place(Path(out))
    with shown(talk):
        predictions = answer(Path(model), Path(table), root=root, device=device)
    unreadable = int((predictions["problems"] != "").sum())
    if out is not None:
        write_table(predictions, Path(out))
    facts = {"rows": len(predictions), "rows_with_problems": unreadable, "out": out}
    if json:
        listed = {} if out else {"predictions": predictions.to_dict(orient="records")}
        talk.result({**facts, **listed}, "")
    elif out is None:
        predictions.to_csv(sys.stdout, index=False, lineterminator="\n")
    talk.say(f"{len(predictions)} rows predicted, {unreadable} with problems" + (f"; written: {out}" if out else ""))
