"""How an evaluation looks in a notebook: the verdict, every metric with its interval or its reason, the classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from polysight.evaluation.intervals import Estimate

#: Classes that are listed.
MOST_CLASSES = 30
#: The few rules a notebook needs; colours are its own.
STYLE = (
    "<style>.polysight{font:14px/1.5 system-ui,sans-serif;max-width:46rem}.polysight table{border-collapse:collapse}"
    ".polysight th,.polysight td{text-align:right;padding:.15rem .8rem .15rem 0;border-bottom:1px solid #8884;"
    "font-weight:400}.polysight th:first-child{text-align:left}.polysight thead th{opacity:.65}"
    ".polysight caption{text-align:left;opacity:.65;padding:.3rem 0}.polysight ul{margin:.4rem 0;padding-left:1.1rem}"
    ".polysight .reason{opacity:.65}</style>"
)


def framed(*parts: str) -> str:
    """Parts of HTML as one block with its style."""
    return f'{STYLE}<div class="polysight">{"".join(parts)}</div>'


def listed(lines: Sequence[str]) -> str:
    """Sentences as a list; nothing where there are none."""
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else ""


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of cells that are text; the first cell of a row names it."""
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        f"<tr><th>{escape(row[0])}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in row[1:])}</tr>" for row in rows
    )
    titled = f"<caption>{escape(caption)}</caption>"
    return f"<table>{titled}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def folded(title: str, inner: str) -> str:
    """What is shown when it is asked for."""
    return f"<details><summary>{escape(title)}</summary>{inner}</details>"


def metric_rows(metrics: Mapping[str, Estimate], write: Callable[[float], str]) -> list[list[str]]:
    """Name, value and interval of each metric; the reason where there is none."""
    return [[name, *written(estimate, write)] for name, estimate in metrics.items()]


def evaluation_html(
    metrics: Mapping[str, Estimate], classes: Sequence[tuple[Any, Any]], caption: str, lines: Sequence[str]
) -> str:
    """An evaluation of classes.

    Args:
        metrics: Every metric.
        classes: Each label and its ``ClassScores``.
        caption: What the numbers are about.
        lines: The verdict and the notes, in plain words.
    """
    parts = [listed(lines), table(caption, ("", "value", "95 % interval"), metric_rows(metrics, "{:.3f}".format))]
    if classes:
        rows = [[str(label), *_class(scores)] for label, scores in classes[:MOST_CLASSES]]
        more = f" (the first {MOST_CLASSES} of {len(classes)})" if len(classes) > MOST_CLASSES else ""
        shown = table("", ("class", "F1", "precision", "recall", "rows"), rows)
        parts.append(folded(f"Class by class{more}", shown))
    return framed(*parts)


def _class(scores: Any) -> list[str]:
    values = (scores.f1, scores.precision, scores.recall)
    return [*("–" if e.value is None else f"{e.value:.3f}" for e in values), str(scores.support)]


def written(estimate: Estimate, write: Callable[[float], str]) -> tuple[str, str]:
    """A value and its interval, or the reason where there is none."""
    if estimate.value is None:
        return "–", estimate.reason.replace("_", " ")
    if estimate.low is None or estimate.high is None:
        return write(estimate.value), estimate.reason.replace("_", " ")
    return write(estimate.value), f"{write(estimate.low)} – {write(estimate.high)}"
