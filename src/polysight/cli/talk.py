"""Talk: data goes to stdout, everything said on the way to stderr."""

from __future__ import annotations

import json as json_format
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import typer


@dataclass(frozen=True)
class Talk:
    """How a verb speaks.

    Attributes:
        json: Whether the result is one JSON object.
        quiet: Whether to say nothing but the result.
        verbose: Whether to say more.
    """

    json: bool = False
    quiet: bool = False
    verbose: bool = False

    def say(self, text: str) -> None:
        """Say something on stderr."""
        if not self.quiet:
            typer.echo(text, err=True)

    def result(self, data: Mapping[str, Any], text: str) -> None:
        """Print the result on stdout: the data as JSON if asked, else the text."""
        typer.echo(json_format.dumps(data, ensure_ascii=False, indent=2, default=str) if self.json else text)
