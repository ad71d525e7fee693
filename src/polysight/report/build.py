"""Build: a run's content in, one self-contained HTML page out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from polysight.core.files import write_text
from polysight.report.comparison import is_comparison, write_comparison
from polysight.report.content import ReportContent, read_run
from polysight.report.page import templates
from polysight.report.sections import CHAPTERS, SECTIONS
from polysight.report.sections.base import Part, Section
from polysight.report.words import Words, words


def write_report(run_folder: Path | str, *, lang: str = "en") -> Path:
    """Read a run folder and write its ``report.html``, atomically.

    Args:
        run_folder: What ``train`` wrote, finished or not; or what ``compare`` wrote.
        lang: ``en`` or ``zh``.

    Returns:
        The file written.

    Raises:
        MissingFileError: There is no run in that folder.
        DataError: A file in it is damaged.
        ConfigError: A language polysight does not speak.
        StorageError: The file cannot be written.
    """
    if is_comparison(run_folder):
        return write_comparison(run_folder, lang=lang)
    page = build_report(read_run(run_folder), lang=lang)
    target = Path(run_folder) / "report.html"
    write_text(target, page)
    return target


def build_report(content: ReportContent, *, lang: str = "en") -> str:
    """The page. Everything that came from a table or a file appears as text, never as markup.

    Raises:
        ConfigError: A language polysight does not speak.
        DataError: The predictions of the run are damaged.
    """
    w = words(lang)
    return templates().get_template("report.html.j2").render(w=w, c=content, chapters=list(_chapters(content, w)))


class Chapter(NamedTuple):
    """A chapter as the page shows it."""

    name: str
    title: str
    parts: list[Part]


def _chapters(content: ReportContent, w: Words) -> Iterator[Chapter]:
    """The chapters of which the run holds something."""
    sections: list[Section] = [SECTIONS.load(kind)() for kind in SECTIONS]
    for name in CHAPTERS:
        parts = [part for section in sections if section.chapter == name if (part := section.render(content, w))]
        if parts:
            yield Chapter(name, w(f"chapter_{name}"), parts)
