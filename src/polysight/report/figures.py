"""Figures: the report's pictures as PNG files, for slides and papers."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from polysight.core.events import emit
from polysight.core.files import write_bytes
from polysight.report import drawings
from polysight.report.comparison import is_comparison
from polysight.report.content import ReportContent, read_run
from polysight.report.drawings import SOFT
from polysight.report.fonts import families, missing_letters
from polysight.report.words import Words, words

DPI = 150
_STYLE: dict[Any, Any] = {
    "font.size": 10,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    # A class may be called "$5"; that is no formula.
    "text.parse_math": False,
}


def write_figures(run_folder: Path | str, *, lang: str = "en") -> list[Path]:
    """Write the pictures of ``FIGURES`` into ``figures/``, each as ``<name>.png``.

    A figure whose facts are not there is left out; a comparison has none. The same run gives the same bytes. Letters
    that no font of this machine has are drawn as boxes, which the event ``figures_lack_letters`` says once.

    Args:
        run_folder: What ``train`` wrote, finished or not.
        lang: ``en`` or ``zh``.

    Returns:
        The files written.

    Raises:
        MissingFileError: There is no run in that folder.
        DataError: A file in it is damaged.
        ConfigError: A language polysight does not speak.
        StorageError: A file cannot be written.
    """
    if is_comparison(run_folder):
        return []
    content, w = read_run(run_folder), words(lang)
    written = []
    with missing_letters() as letters, mpl.rc_context({**_STYLE, "font.family": families()}):
        for name, draw in FIGURES.items():
            figure = draw(content, w)
            if figure is not None:
                path = Path(run_folder) / "figures" / f"{name}.png"
                write_bytes(path, _png(figure))
                written.append(path)
    if letters:
        emit("figures_lack_letters", folder=str(run_folder))
    return written


def _png(figure: Figure) -> bytes:
    """The bytes of a figure; made without pyplot, it is freed with its last reference."""
    FigureCanvasAgg(figure)
    buffer = io.BytesIO()
    # The version of matplotlib would be all that differs between two machines.
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return buffer.getvalue()


#: What is drawn, by file name.
FIGURES: Mapping[str, Callable[[ReportContent, Words], Figure | None]] = {
    "confusion": drawings.confusion,
    "intervals": drawings.intervals,
    "predicted": drawings.predicted,
    "reliability": drawings.reliability,
    "training": drawings.training,
}
