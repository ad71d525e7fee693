"""Figures: every one that can be drawn is there, the same bytes for the same run, any class name as it is written."""

import warnings

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image
from run_folders import write_run

from polysight.core.errors import MissingFileError
from polysight.core.events import listen
from polysight.core.files import write_json
from polysight.evaluation.evaluate import evaluate_variants
from polysight.evaluation.variants import Variants
from polysight.report import fonts
from polysight.report.drawings import MAIN, WARM
from polysight.report.figures import write_figures

CHINESE = ["衬衫", "鞋", "手表"]


def pixels(path):
    return np.asarray(Image.open(path).convert("RGB"), dtype=float) / 255


def covered(picture, colour):
    """The share of the picture that has a colour."""
    return (np.abs(picture - to_rgb(colour)).max(axis=2) < 0.02).mean()


def figures_of(run, **options):
    said = []
    with listen(lambda name, facts: said.append(name)):
        return {path.stem: path for path in write_figures(run, **options)}, said


def test_a_finished_run_has_four_and_the_same_again(tmp_path):
    run = write_run(tmp_path / "run")
    figures, said = figures_of(run)
    assert [path.name for path in sorted((run / "figures").iterdir())] == sorted(f"{name}.png" for name in figures)
    assert set(figures) == {"confusion", "intervals", "reliability", "training"}
    assert said == []
    before = {name: path.read_bytes() for name, path in figures.items()}
    assert {name: path.read_bytes() for name, path in figures_of(run)[0].items()} == before
    for path in figures.values():
        with Image.open(path) as image:
            assert image.info["dpi"] == pytest.approx((150, 150), abs=0.1)
            assert set(image.info) == {"dpi"}


def test_a_run_that_is_not_finished_has_its_curves(tmp_path):
    run = write_run(tmp_path / "run")
    for name in ("metrics.json", "predictions.csv"):
        (run / name).unlink()
    assert set(figures_of(run)[0]) == {"training"}
    (run / "events.jsonl").unlink()
    assert figures_of(run)[0] == {}
    with pytest.raises(MissingFileError):
        write_figures(tmp_path / "nowhere")


@pytest.mark.parametrize(("shift", "colour", "other"), [(0, MAIN, WARM), (1, WARM, MAIN)])
def test_right_answers_and_mistakes_have_a_colour_each(tmp_path, shift, colour, other):
    codes = np.repeat(np.arange(3), 10)
    votes = np.eye(3)[(codes + shift) % 3]
    variants = Variants(votes, {}, {}, np.zeros(30, dtype=int))
    metrics = evaluate_variants(variants, codes, np.array(["a", "b", "c"])).to_json(evaluated_on="test")
    write_json(tmp_path / "metrics.json", metrics)
    figures, _ = figures_of(tmp_path)
    assert set(figures) == {"confusion", "intervals"}
    picture = pixels(figures["confusion"])
    assert covered(picture, colour) > 0.1
    assert covered(picture, other) == 0


@pytest.mark.parametrize(
    "names",
    [["$5", "$\\frac$", "a_b^c$"], ["x" * 300, "two\nlines", "\t"], [f"class number {i}" for i in range(70)]],
)
def test_any_name_is_drawn_as_it_is_written(tmp_path, names):
    figures, said = figures_of(write_run(tmp_path / "run", names=names, rows=300))
    assert len(figures) == 4
    assert said == []
    assert max(pixels(figures["confusion"]).shape) <= 1800


def test_letters_that_no_font_has_are_told_once_and_not_warned_about(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "CJK_FILES", ())
    figures, said = figures_of(write_run(tmp_path / "run", names=CHINESE), lang="zh")
    assert len(figures) == 4
    assert said == ["figures_lack_letters"]


def test_chinese_is_drawn_where_a_font_has_it(tmp_path, monkeypatch):
    if len(fonts.families()) == 1:
        pytest.skip("this machine has no font with Chinese letters")
    run = write_run(tmp_path / "run", names=CHINESE)
    figures, said = figures_of(run, lang="zh")
    assert said == []
    drawn = figures["confusion"].read_bytes()
    monkeypatch.setattr(fonts, "CJK_FILES", ())
    assert figures_of(run, lang="zh")[0]["confusion"].read_bytes() != drawn


def test_other_warnings_go_on():
    def draw():
        with fonts.missing_letters() as letters:
            warnings.warn("something else", stacklevel=1)
            warnings.warn("Glyph 1 (x) missing from font(s) y.", stacklevel=1)
        return letters

    with pytest.warns(UserWarning, match="something else") as told:
        assert len(draw()) == 1
    assert len(told) == 1
