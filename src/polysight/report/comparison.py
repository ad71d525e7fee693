"""The page of a comparison: ranked dots with intervals, the numbers, a heat table of missing inputs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from polysight.core.errors import DataError
from polysight.core.files import write_text
from polysight.evaluation.intervals import Estimate
from polysight.report.comparison_content import condition, name_of, p_value, points, sentences
from polysight.report.intervals_plot import interval_plot
from polysight.report.numbers import count
from polysight.report.page import templates
from polysight.report.words import Words, words

#: The file a comparison leaves its numbers in.
FILE = "comparison.json"


@dataclass(frozen=True)
class Heat:
    """A cell of the heat table: an accuracy and the shade it gets (0 to 1); None where there is none."""

    text: str
    shade: float | None


def is_comparison(folder: Path | str) -> bool:
    """Whether a folder holds a finished comparison."""
    return (Path(folder) / FILE).exists()


def write_comparison(folder: Path | str, *, lang: str = "en") -> Path:
    """Read a folder of ``compare`` and write its ``report.html``, atomically.

    Raises:
        DataError: The file of the comparison is damaged.
        ConfigError: A language polysight does not speak.
        StorageError: The file cannot be written.
    """
    folder = Path(folder)
    w = words(lang)
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        page = comparison_page(found, folder.resolve().name, _text(folder / "compare.yaml"), w)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"is damaged: {error}", where=str(folder / FILE), fix="run polysight compare again") from None
    write_text(folder / "report.html", page)
    return folder / "report.html"


def comparison_page(found: Mapping[str, Any], name: str, config: str, w: Words) -> str:
    """The page; everything that came from a table or a file appears as text, never as markup.

    Args:
        found: The content of ``comparison.json``.
        name: The name of the folder.
        config: The settings, as text.
        w: The words of a language.
    """
    lines = found["ranking"]
    named = [(name_of(line, w), Estimate.from_json(line["accuracy"])) for line in lines]
    methods = frozenset(label for (label, _), line in zip(named, lines, strict=True) if line["kind"] == "method")
    columns = sorted({key for line in lines for key in line["conditions"]}, key=lambda key: (key[0] != "w", key))
    return (
        templates()
        .get_template("comparison.html.j2")
        .render(
            w=w,
            found=found,
            run=name,
            config=config,
            lines=sentences(found, w),
            plot=interval_plot(named, methods),
            numbers=[_numbers(line, w) for line in lines],
            columns=[condition(key, w) for key in columns],
            heat=[(name_of(line, w), _cells(line, columns)) for line in lines],
            interactions=[_interactions(line) for line in lines if line["interactions"] is not None],
        )
    )


def _numbers(line: Mapping[str, Any], w: Words) -> dict[str, str]:
    """A line of the table of numbers, written out."""
    spread = line["spread"]
    return {
        "name": name_of(line, w),
        "accuracy": f"{100 * line['accuracy']['value']:.1f} %",
        "spread": "" if spread is None else f"± {100 * spread:.1f}",
        "f1": "-" if line["f1_macro"] is None else f"{100 * line['f1_macro']:.1f} %",
        "log_loss": "-" if line["log_loss"] is None else f"{line['log_loss']:.3f}",
        "parameters": count(line["parameters"]),
        "seconds": f"{line['seconds']:.1f}",
        **{f"best_{key}": text for key, text in _against(line["against_best"]).items()},
        **{f"baseline_{key}": text for key, text in _against(line["against_baseline"]).items()},
    }


def _against(against: Mapping[str, Any] | None) -> dict[str, str]:
    if against is None:
        return {"difference": "–", "interval": "", "p": ""}
    difference, _, interval = points(against["difference"]).partition(" ")
    return {"difference": difference, "interval": interval, "p": f"p {p_value(against['p_holm'])}"}


def _cells(line: Mapping[str, Any], columns: Sequence[str]) -> list[Heat]:
    values = [line["accuracy"], *(line["conditions"].get(key) for key in columns)]
    return [Heat("", None) if v is None else Heat(f"{100 * v['value']:.1f}", v["value"]) for v in values]


def _interactions(line: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """A method, its accuracy on the sampled rows, that of its projection, and the difference."""
    additive, gain = line["additive"], line["interactions"]
    own = f"{100 * (additive['value'] + gain['value']):.1f} %"
    return line["method"], own, f"{100 * additive['value']:.1f} %", points(gain)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
