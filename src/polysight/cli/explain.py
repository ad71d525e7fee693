"""polysight explain: why a model says what it says of one row."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polysight.cli.options import Device, Json, Language, Model, Quiet, Root, Verbose
from polysight.cli.progress import shown
from polysight.cli.talk import Talk


def explain(  # noqa: PLR0913 - the contract's options
    model: Model,
    table: Annotated[str, typer.Argument(help="The table the row is in; any inputs may be missing.")],
    row: Annotated[int, typer.Option("--row", help="Which row, counted from 0.")],
    out: Annotated[
        str | None, typer.Option("-o", "--out", help="Write the explanation as a page, such as why.html.")
    ] = None,
    about: Annotated[
        str | None,
        typer.Option("--about", help="A target, a label, or a class other than the predicted one: why not that one?"),
    ] = None,
    method: Annotated[
        list[str] | None, typer.Option("--method", help="What looks inside inputs; repeats [the usual ones].")
    ] = None,
    cases: Annotated[
        bool,
        typer.Option(
            "--cases/--no-cases", " /--phi", help="Show the training rows most alike; --phi: no, they are patients."
        ),
    ] = True,
    root: Root = None,
    lang: Language = "en",
    device: Device = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Explain what a model says of one row.

    How much each input mattered, what in it did, who voted how, the training rows most alike, what would change it.
    """
    from polysight.core.files import write_text
    from polysight.report.explanation import explanation_text
    from polysight.report.words import words
    from polysight.runs.explain import explain as explained
    from polysight.runs.places import check_file

    talk, w = Talk(json=json, quiet=quiet, verbose=verbose), words(lang)
    if out is not None:
        check_file(Path(out))
    with shown(talk):
        found = explained(
            Path(model), Path(table), row, root=root, device=device, about=about, methods=method or None, cases=cases
        )
    lines = explanation_text(found, w)
    if out is not None:
        write_text(Path(out), found.to_html(lang))
        lines.append(f"{w('explain_written')}: {out}")
    talk.result(found.to_json(), "\n".join(lines))
