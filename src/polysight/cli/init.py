"""polysight init: look at a table and write a commented polysight.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polysight.cli.options import Config, Group, Ignore, Json, Quiet, Root, Table, Target, Task, Test, Verbose
from polysight.cli.settings import gathered
from polysight.cli.talk import Talk


def init(  # noqa: PLR0913 - the contract's options
    table: Table = None,
    target: Target = None,
    test: Test = None,
    group: Group = None,
    ignore: Ignore = None,
    root: Root = None,
    config: Config = None,
    task: Task = None,
    out: Annotated[str, typer.Option("-o", "--out", help="The file to write.")] = "polysight.yaml",
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Infer column roles and write polysight.yaml.

    The file says what was guessed and why; polysight train --config polysight.yaml trains with it.
    """
    from polysight.core.errors import ConfigError
    from polysight.core.files import write_text
    from polysight.runs.template import commented
    from polysight.runs.understand import check_names, inferred, load, specs_of

    path, talk = Path(out), Talk(json=json, quiet=quiet, verbose=verbose)
    if path.exists() and not force:
        raise ConfigError("is there already", where=str(path), fix="replace it with --force, or name another with -o")
    given = {"table": table, "target": target, "test": test, "group": group, "ignore": ignore, "root": root}
    settings = gathered(config, {**given, "task": task})
    frame = load(settings.table, settings.root)
    check_names(settings, frame)
    inputs, roles = inferred(settings, frame)
    write_text(path, commented(settings, inputs, roles, path))
    columns = {
        name: {"role": role.role, "reason": role.reason, "warning": role.warning} for name, role in roles.items()
    }
    lines = [
        f"{name}: {facts['role']} - {facts['reason']}" + (f" (look: {facts['warning']})" if facts["warning"] else "")
        for name, facts in columns.items()
    ]
    lines.append(f"written: {path}\nnext: polysight train --config {path}")
    talk.result({"file": str(path), "columns": columns, "inputs": specs_of(inputs)}, "\n".join(lines))
