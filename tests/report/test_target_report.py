"""The report of amounts, labels and several targets: every section, in both languages, names as text."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from polysight.core.errors import DataError
from polysight.data.target_kinds.amount import Amount
from polysight.data.target_kinds.classes import Classes
from polysight.data.target_kinds.labels import Labels
from polysight.data.target_kinds.several import Targets
from polysight.evaluation.evaluate_targets import evaluate_targets
from polysight.evaluation.variants import TargetVariants
from polysight.report.build import write_report
from polysight.report.content import read_run
from polysight.report.figures import write_figures
from polysight.report.intervals_plot import number_plot
from polysight.report.numbers import of_any_size
from polysight.report.predictions import MOST_DOTS, read_amounts

HOSTILE = "<script>alert(1)</script>"
TARGETS = (Amount("price"), Labels(HOSTILE, ("p", HOSTILE)), Classes("kind", ("x", "y")))


def write_run(folder: Path, targets: Targets, inputs=("photo", "note")) -> Path:
    """The files of a run whose answers to made-up truths are nearly right."""
    rng = np.random.default_rng(0)
    truth = {
        "regression": 1000 * rng.normal(5, 2, (40, 1)),
        "multilabel": rng.integers(2, size=(40, 2)).astype(float),
        "classification": rng.integers(2, size=(40, 1)).astype(float),
    }
    said = {
        "regression": truth["regression"] + 300 * rng.normal(size=(40, 1)),
        "multilabel": 0.1 + 0.8 * truth["multilabel"],
        "classification": np.column_stack([0.9 - 0.8 * truth["classification"], 0.1 + 0.8 * truth["classification"]]),
    }
    kinds = [target.kind for target in targets.targets]
    whole = np.hstack([said[kind] for kind in kinds])
    prior = np.tile(targets.prior(np.hstack([truth[kind] for kind in kinds])), (40, 1))
    parts = dict.fromkeys(inputs, prior) if len(inputs) > 1 else {}
    evaluation = evaluate_targets(
        targets, TargetVariants(whole, parts, parts, prior), np.hstack([truth[kind] for kind in kinds])
    )
    folder.mkdir()
    board = [{"member": HOSTILE, "score": 0.8, "low": 0.7, "high": 0.9, "kept": True, "reason": "weight 1.00"}]
    metrics = evaluation.to_json(evaluated_on="test", leaderboard=board, seconds={"fit": 1.0, "predict": 0.1})
    (folder / "metrics.json").write_text(json.dumps(metrics))
    several = len(targets.targets) > 1
    (folder / "config.yaml").write_text(f"target: {json.dumps(list(targets.names) if several else targets.names[0])}\n")
    suffix = "_price" if several else ""
    amounts = {f"target{suffix}": truth["regression"][:, 0], f"prediction{suffix}": said["regression"][:, 0]}
    pd.DataFrame({"row": range(40)} | (amounts if "regression" in kinds else {})).to_csv(
        folder / "predictions.csv", index=False
    )
    return folder


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_one_amount(tmp_path, lang):
    run = write_run(tmp_path / "run", Targets(TARGETS[:1]))
    page = write_report(run, lang=lang).read_text(encoding="utf-8")
    assert page.count("<circle") == 40
    assert ">10,000<" in page
    assert page.count("<section") == page.count("</section>")
    assert ("Predicted against true" if lang == "en" else "预测值与真实值") in page
    assert HOSTILE not in page
    assert "confusion" not in page.split("</style>")[1]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_several_targets_have_a_heading_each(tmp_path, lang):
    run = write_run(tmp_path / "run", Targets(TARGETS))
    page = write_report(run, lang=lang).read_text(encoding="utf-8")
    assert "price · " in page
    assert "kind · " in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4
    assert HOSTILE not in page
    assert page.count("<circle") == 40


def test_one_input_alone_has_no_section_on_missing_ones(tmp_path):
    run = write_run(tmp_path / "run", Targets(TARGETS[1:2]), inputs=("photo",))
    page = write_report(run).read_text(encoding="utf-8")
    assert "When an input is missing" not in page
    assert "Label by label" in page
    assert "Fusion justified" not in page


def test_only_amounts_are_drawn(tmp_path):
    run = write_run(tmp_path / "run", Targets(TARGETS))
    assert [path.name for path in write_figures(run)] == ["predicted.png"]
    assert write_figures(write_run(tmp_path / "labels", Targets(TARGETS[1:2]))) == []


def test_a_damaged_file_is_named(tmp_path):
    run = write_run(tmp_path / "run", Targets(TARGETS[:1]))
    metrics = json.loads((run / "metrics.json").read_text())
    del metrics["headline"]
    (run / "metrics.json").write_text(json.dumps(metrics))
    with pytest.raises(DataError, match="damaged"):
        read_run(run)


def test_dots_are_thinned_evenly_and_bad_rows_left_out(tmp_path):
    rows = 4 * MOST_DOTS
    table = pd.DataFrame({"target": [str(i) for i in range(rows)], "prediction": ["1"] * (rows - 1) + [""]})
    path = tmp_path / "predictions.csv"
    table.to_csv(path, index=False)
    points = read_amounts(path)
    assert len(points) == MOST_DOTS
    assert (points[0, 0], points[-1, 0]) == (0, rows - 2)
    assert read_amounts(path, "price") is None
    table.assign(prediction="").to_csv(path, index=False)
    assert read_amounts(path) is None


def test_numbers_of_any_size_have_a_scale_that_holds_them():
    from polysight.evaluation.intervals import Estimate, undefined

    plot = number_plot([("a", Estimate(120.0, 90.0, 150.0)), ("b", undefined("one_value_only"))], frozenset({"a"}))
    assert plot.rows[0].strong
    assert 0 <= plot.rows[0].start < plot.rows[0].point < plot.rows[0].start + plot.rows[0].width <= 100
    assert plot.rows[1].point is None
    assert [of_any_size(x) for x in (None, 0.12345, 1234567.8)] == ["-", "0.1235", "1,234,568"]
