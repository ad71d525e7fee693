"""The README in English and in Chinese: the same commands, verbs and options that exist, links that lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from polysight.cli import app

ROOT = Path(__file__).parents[1]
ENGLISH, CHINESE = (ROOT / name for name in ("README.md", "README.zh-CN.md"))


def code_of(path: Path) -> list[list[str]]:
    """The words of each line of code, without comments."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [line.split("#")[0].split() for block in blocks for line in block.splitlines()]


def test_both_show_the_same_code() -> None:
    assert code_of(CHINESE) == code_of(ENGLISH)


def test_both_have_the_same_sections_and_tables() -> None:
    def shape(path: Path) -> list[str]:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [re.match(r"#+|\||\* ", line)[0] for line in lines if re.match(r"#+ |\||\* ", line)]

    assert shape(CHINESE) == shape(ENGLISH)


@pytest.mark.parametrize("path", [ENGLISH, CHINESE])
def test_every_command_exists_with_its_options(path: Path) -> None:
    commands = typer.main.get_command(app).commands
    text = path.read_text(encoding="utf-8")
    told = [" ".join(words) for words in code_of(path) if words[:1] == ["polysight"]]
    told += [" ".join(span.split()) for span in re.findall(r"`(polysight [^`]+)`", text)]
    assert len(told) > 6
    for command in told:
        _, verb, *words = shlex.split(command)
        options = {name for parameter in commands[verb].params for name in parameter.opts}
        assert {word for word in words if word.startswith("-")} <= options, command


@pytest.mark.parametrize("path", [ENGLISH, CHINESE])
def test_links_lead_to_files(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
