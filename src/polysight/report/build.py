"""Build: a run's content in, one self-contained HTML page out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from polysight.core.files import write_text
from polysight.evaluation.result import Evaluation
from polysight.evaluation.verdict import verdict
from polysight.report import sections
from polysight.report.comparison import is_comparison, write_comparison
from polysight.report.confusion import confusion_table
from polysight.report.content import ReportContent, read_run
from polysight.report.intervals_plot import interval_plot, number_plot
from polysight.report.page import templates
from polysight.report.target_sections import target_sections
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
    """
    w = words(lang)
    facts = {**_facts(content, w), **(_measured(content.evaluation, content, w) if content.evaluation else {})}
    if content.outcome is not None:
        facts |= _targets(content, w)
    return templates().get_template("report.html.j2").render(w=w, c=content, **facts)


def _facts(content: ReportContent, w: Words) -> dict[str, Any]:
    """What a run knows before it has been measured."""
    aside = content.set_aside
    return {
        "ev": content.evaluation,
        "targets": (),
        "charts": [(curve.member, sections.training_charts(curve, w)) for curve in content.curves],
        "validated": any(curve.lines["validation_loss"] for curve in content.curves),
        "parts": sections.parts_of(content.splits),
        "crossed": sections.groups_on_both_sides(content.splits),
        "aside_counts": sections.set_aside_counts(aside),
        "aside_rows": aside.head(sections.SHOWN).to_dict("records"),
        "facts": sections.flattened(content.environment),
    }


def _targets(content: ReportContent, w: Words) -> dict[str, Any]:
    """What the numbers about amounts, labels or several targets look like."""
    members, scores = sections.leaderboard(content, number_plot)
    return {
        "targets": target_sections(content, w),
        "members": list(zip(members, scores.rows, strict=True)),
        "scores": scores,
    }


def _measured(evaluation: Evaluation, content: ReportContent, w: Words) -> dict[str, Any]:
    """What the numbers of a finished run look like."""
    labels = [str(label) for label in evaluation.classes]
    members, scores = sections.leaderboard(content)
    return {
        "lines": verdict(evaluation, w.lang),
        "notes": [note.text(w.lang) for note in evaluation.notes],
        "simpler": sections.against_simpler(evaluation, w),
        "without": sections.with_missing(evaluation, w) if evaluation.missing else None,
        "by_class": interval_plot([(k, s.f1) for k, s in zip(labels, evaluation.per_class, strict=True)]),
        "remedy": sections.remedy_rows(content, w),
        "confusion": confusion_table(labels, evaluation.confusion),
        "reliability": sections.reliability_chart(content.predictions, w),
        "members": list(zip(members, scores.rows, strict=True)),
        "scores": scores,
    }
