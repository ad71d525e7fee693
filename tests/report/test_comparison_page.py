"""The page of a comparison: complete, self-contained, text stays text, in both languages."""

import copy
import json
from pathlib import Path

import pytest
from test_build import HOSTILE, Page

import polysight
from polysight.cli import main
from polysight.core.errors import ConfigError, DataError
from polysight.core.files import write_json
from polysight.report.build import write_report
from polysight.report.comparison_content import p_value, points, sentences
from polysight.report.comparison_words import COMPARISON
from polysight.report.figures import write_figures
from polysight.report.words import words


def estimate(value, around=0.03):
    return {"value": value, "low": value - around, "high": value + around}


def against(difference, p, around=0.03):
    return {"difference": estimate(difference, around), "p": p, "p_holm": min(1.0, 2 * p)}


def line(method, accuracy, *, baseline=False, best=None, held=None):
    conditions = {f"{what} {name}": estimate(accuracy - 0.2) for what in ("without", "shuffled") for name in ("a", "b")}
    return {
        "method": method,
        "kind": "baseline" if baseline else "method",
        "accuracy": estimate(accuracy),
        "by_seed": [accuracy, accuracy],
        "spread": 0.004,
        "f1_macro": accuracy,
        "log_loss": 0.4,
        "conditions": conditions,
        "additive": None if baseline else estimate(accuracy - 0.1),
        "interactions": None if baseline else estimate(0.1),
        "parameters": 12345,
        "seconds": 3.25,
        "against_best": best,
        "against_baseline": held,
    }


def found(target="label"):
    return {
        "target": target,
        "evaluated_on": "holdout",
        "rows": {"train": 800, "test": 200, "groups": 12, "additive": 150},
        "inputs": ["a", "b"],
        "classes": 4,
        "seeds": [0, 1],
        "best": "gated + focal",
        "best_baseline": "out-of-fold ensemble",
        "ranking": [
            line("gated + focal", 0.91, held=against(0.05, 0.004)),
            line("concat + focal", 0.9, best=against(-0.01, 0.4), held=against(0.04, 0.01)),
            line("out-of-fold ensemble", 0.86, baseline=True, best=against(-0.05, 0.004)),
            line("a only", 0.7, baseline=True, best=against(-0.21, 0.0002)),
        ],
        "seconds": {"fit": 20.0},
    }


@pytest.fixture
def folder(tmp_path):
    write_json(tmp_path / "comparison.json", found())
    (tmp_path / "compare.yaml").write_text("table: t.csv\n")
    return tmp_path


def test_every_section_is_there_and_loads_nothing(folder):
    page = Page(write_report(folder).read_text(encoding="utf-8"))
    assert page.ids == ["verdict", "ranking", "numbers", "missing", "interactions", "reproduce"]
    assert not {"script", "link", "iframe", "img"} & set(page.tags)
    for text in (
        "Best method: gated + focal",
        "91.0 %",
        "± 0.4",
        "12,345",
        "a shuffled",
        "150 test rows",
        "table: t.csv",
    ):
        assert text in page.text
    assert write_figures(folder) == []


def test_the_page_speaks_chinese(folder):
    text = Page(write_report(folder, lang="zh").read_text(encoding="utf-8")).text
    for said in ("最佳方法：gated + focal", "折外集成", "仅 a", "缺少 b", "b 打乱", "在拟合之前就留出的行上测得"):
        assert said in text
    with pytest.raises(ConfigError):
        write_report(folder, lang="xx")


def test_names_from_a_table_stay_text(tmp_path):
    hostile = found(HOSTILE)
    hostile["ranking"][3]["method"] = f"{HOSTILE} only"
    write_json(tmp_path / "comparison.json", hostile)
    html = write_report(tmp_path).read_text(encoding="utf-8")
    assert "<script>" not in html
    assert f"{HOSTILE} only" in Page(html).text


def test_one_input_has_no_heat_and_no_interactions(tmp_path):
    alone = found()
    alone["ranking"] = alone["ranking"][:1]
    alone["best_baseline"] = None
    alone["ranking"][0] |= {"conditions": {}, "additive": None, "interactions": None, "against_baseline": None}
    alone["ranking"][0] |= {"spread": None, "log_loss": None, "f1_macro": None}
    alone["rows"]["groups"] = None
    write_json(tmp_path / "comparison.json", alone)
    assert Page(write_report(tmp_path).read_text(encoding="utf-8")).ids == ["verdict", "ranking", "numbers"]


@pytest.mark.parametrize("content", ["{", "[]", '{"ranking": []}', '{"target": 1, "ranking": [{}]}'])
def test_a_damaged_file_is_named(tmp_path, content):
    (tmp_path / "comparison.json").write_text(content)
    with pytest.raises(DataError, match="is damaged"):
        write_report(tmp_path)


@pytest.mark.parametrize(
    ("difference", "p", "said"),
    [(0.05, 0.004, "is better than"), (0.02, 0.3, "is not clearly better than"), (-0.05, 0.01, "is worse than")],
)
def test_the_baselines_are_held_against_the_best(difference, p, said):
    content = found()
    content["ranking"][0]["against_baseline"] = against(difference, p)
    told = sentences(content, words("en"))
    assert f"{said} the best baseline, out-of-fold ensemble" in told[1]
    assert told[2] == "Methods that are not clearly worse than it (Holm, 5 %): concat + focal."
    assert told[3].startswith("Interactions of inputs help it")


def test_clear_winners_and_additive_models_are_called_so():
    content = copy.deepcopy(found())
    content["ranking"][0]["interactions"] = estimate(0.01)
    content["ranking"][1]["against_best"] = against(-0.1, 0.001)
    told = sentences(content, words("en"))
    assert told[2] == "Every other method is clearly worse than it (Holm, 5 %)."
    assert told[3].startswith("Interactions of inputs do not clearly help it")
    content["failed"] = {"tensor + mse": "the loss is not a finite number"}
    assert sentences(content, words("zh"))[4] == "tensor + mse 无法训练：the loss is not a finite number。"


def test_numbers_are_written_as_exactly_as_they_deserve():
    assert points(estimate(0.05)) == "+5.0 (+2.0 – +8.0)"
    assert points(estimate(0.91), sign="") == "91.0 (88.0 – 94.0)"
    assert points({"value": -0.01, "low": None, "high": None}) == "-1.0"
    assert points({"value": None}) == "-"
    assert (p_value(0.00001), p_value(0.04)) == ("< 0.001", "= 0.040")


def test_every_word_of_comparisons_is_used():
    package = Path(polysight.__file__).parent
    places = [*package.glob("report/*.py"), *package.glob("report/templates/*"), package / "cli" / "compare.py"]
    source = "".join(p.read_text(encoding="utf-8") for p in places if p.is_file() and p.name != "comparison_words.py")
    assert {key for key in COMPARISON["en"] if f'"{key}"' not in source} == set()


def test_the_verb_report_makes_the_page_anew(folder, capsys):
    assert main(["report", str(folder), "--lang", "zh", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made == {"reports": [str(folder / "report.html")], "figures": []}
    assert "最佳方法" in (folder / "report.html").read_text(encoding="utf-8")
