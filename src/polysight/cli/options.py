"""Options that several verbs share, each defined once."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, and nothing else there.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing on stderr but errors.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Say more; show the traceback of an error.")]

Table = Annotated[str | None, typer.Argument(help="CSV, TSV, JSON lines, Parquet, or a folder of class folders.")]
Target = Annotated[
    list[str] | None, typer.Option("--target", help="The column to predict; repeats for several at once.")
]
Test = Annotated[str | None, typer.Option("--test", help="A table to evaluate on; else 20 % are held out.")]
Group = Annotated[str | None, typer.Option("--group", help="Rows equal here never stand on both sides of a split.")]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", help="A column that must not be an input; repeats.")]
Root = Annotated[str | None, typer.Option("--root", help="The folder paths in cells start from [the table's].")]
Config = Annotated[str | None, typer.Option("--config", help="A YAML file with settings; options win over it.")]
Task = Annotated[
    str | None, typer.Option("--task", help="auto, classification, multilabel (cells a|b) or regression [auto].")
]
Preset = Annotated[str | None, typer.Option("--preset", help="quick, good or best [good].")]
TimeLimit = Annotated[
    str | None, typer.Option("--time-limit", help="Such as 90s or 10m [quick 1m, good 10m, best 60m].")
]
Imbalance = Annotated[
    str | None, typer.Option("--imbalance", help="What helps rare classes: a kind of polysight info imbalance [none].")
]
Set = Annotated[list[str] | None, typer.Option("--set", help="key=value for any setting of the YAML file; repeats.")]
Seed = Annotated[int | None, typer.Option("--seed", help="The seed of everything random [0].")]
Device = Annotated[str | None, typer.Option("--device", help="auto, cpu, cuda or mps [auto].")]
Model = Annotated[str, typer.Argument(help="A run folder or its model/.")]
