"""Build: the page is complete, self-contained, and shows what it is given as text."""

import json
import re
import shutil
import string
from html.parser import HTMLParser
from pathlib import Path

import pytest
from run_folders import write_run

import polysight.report
from polysight.core.errors import ConfigError, DataError, MissingFileError
from polysight.report.build import build_report, write_report
from polysight.report.content import read_run
from polysight.report.run_words import RUN_WORDS
from polysight.report.sections import CHAPTERS, SECTIONS
from polysight.report.words import LANGUAGES

HOSTILE = "<script>alert(1)</script>{{ 7*7 }}{% raw %}=cmd|'/C calc'!A1\"><img src=x onerror=alert(2)>"
VOID = {"meta", "br", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """Checks that every element is closed where it should be, and collects tags, ids and text."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.ids, self.attributes, self.text = [], [], [], [], ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return write_run(tmp_path_factory.mktemp("runs") / "demo")


@pytest.fixture(scope="module")
def html(run):
    return write_report(run).read_text(encoding="utf-8")


def test_every_section_is_there_and_closed(html):
    first = "verdict data columns set_aside health split training leaderboard curves"
    measured = "performance metrics classes confusion value simpler missing calibration errors card reproduce"
    assert Page(html).ids == [*first.split(), *measured.split()]


def test_numbers_are_those_of_the_metrics_file(run, html):
    accuracy = json.loads((run / "metrics.json").read_text())["metrics"]["accuracy"]
    text = Page(html).text
    assert f"{100 * accuracy['value']:.1f} %" in text
    assert f"{100 * accuracy['low']:.1f} – {100 * accuracy['high']:.1f} %" in text


def test_the_page_loads_and_runs_nothing(html):
    page = Page(html)
    assert not {"script", "link", "iframe", "object", "base"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "srcset"]
    assert all(value.startswith("#") for name, value in page.attributes if name == "href")
    assert all(value.startswith("data:image/") for name, value in page.attributes if name == "src")
    assert "url(" not in html
    assert "@import" not in html
    assert "http://" not in html
    assert "https://" not in html
    assert "default-src 'none'" in html


def test_hostile_text_stays_text(tmp_path):
    names = [HOSTILE, "{{ c }}", "a\"b'c&d", "=1+1"]
    page = write_report(write_run(tmp_path / "run", names=names, target=HOSTILE, hostile=HOSTILE)).read_text()
    parsed = Page(page)
    assert "script" not in parsed.tags
    assert "img" not in parsed.tags
    assert all(value.startswith("#") for name, value in parsed.attributes if name == "href")
    assert not [name for name, _ in parsed.attributes if name.startswith("on")]
    assert parsed.text.count(HOSTILE) > 5
    assert "{{ c }}" in parsed.text
    assert "49" not in re.findall(r"script>(\d+)", parsed.text)


def test_a_run_that_is_not_finished_still_has_a_report(tmp_path):
    folder = write_run(tmp_path / "run")
    for name in ("metrics.json", "predictions.csv", "splits.csv"):
        (folder / name).unlink()
    with (folder / "events.jsonl").open("a") as file:
        file.write('{"event": "epoch", "epo')
    page = Page(write_report(folder).read_text())
    assert page.ids == ["data", "columns", "set_aside", "health", "training", "curves", "reproduce"]
    assert "no metrics yet" in page.text


def test_settings_alone_make_a_report(tmp_path):
    (tmp_path / "config.yaml").write_text("target: label\n")
    assert Page(write_report(tmp_path).read_text()).ids == ["reproduce"]


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(MissingFileError, match="no such run folder"):
        write_report(tmp_path / "nowhere")
    with pytest.raises(MissingFileError, match="not a run folder"):
        write_report(tmp_path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("metrics.json", '{"n": 3'),
        ("metrics.json", '{"n": 3}'),
        ("metrics.json", "[]"),
        ("data.json", "\ufffd"),
        ("config.yaml", "a: [b"),
    ],
)
def test_a_damaged_file_is_named(tmp_path, name, text):
    (tmp_path / "config.yaml").write_text("target: label\n")
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=name):
        write_report(tmp_path)


def test_an_old_report_survives_a_damaged_run(tmp_path):
    folder = write_run(tmp_path / "run")
    before = write_report(folder).read_text()
    (folder / "metrics.json").write_text("{")
    with pytest.raises(DataError):
        write_report(folder)
    assert (folder / "report.html").read_text() == before


@pytest.mark.parametrize("classes", [2, 50])
def test_few_and_many_classes_fit(tmp_path, classes):
    names = [f"class {i}" for i in range(classes)]
    html = write_report(write_run(tmp_path / "run", names=names, rows=600)).read_text()
    assert html.count('style="--share:') == classes**2
    assert ('class="confusion dense"' in html) == (classes == 50)
    assert len(html) < 1_500_000


def test_it_speaks_chinese(run):
    html = build_report(read_run(run), lang="zh")
    page = Page(html)
    assert '<html lang="zh">' in html
    assert "与更简单的答案相比" in page.text
    assert "是否值得融合" in page.text
    assert "Fusion justified" not in page.text


def test_what_was_skipped_stands_with_its_reason_and_without_a_bar(run):
    page = build_report(read_run(run))
    row = page[page.index(">frozen backbone<") :].partition("</tr>")[0]
    assert "no local weights" in row
    assert "not kept" in row
    assert 'class="track"' not in row


def test_a_column_to_look_at_says_why(run, tmp_path):
    folder = shutil.copytree(run, tmp_path / "run")
    data = json.loads((folder / "data.json").read_text())
    warning = "looks like a group; pass --group brand so that its rows stay together in every split"
    data["columns"]["brand"]["warning"] = warning
    (folder / "data.json").write_text(json.dumps(data))
    assert warning in Page(build_report(read_run(folder))).text
    assert "请使用 --group brand" in Page(build_report(read_run(folder), lang="zh")).text


def test_curves_say_whether_rows_were_kept_back(run, tmp_path):
    assert "on validation rows" in build_report(read_run(run))
    folder = shutil.copytree(run, tmp_path / "run")
    events = (folder / "events.jsonl").read_text().replace('"validation_', '"other_')
    (folder / "events.jsonl").write_text(events)
    assert "No rows were kept back" in build_report(read_run(folder))


def test_a_language_it_does_not_speak_is_refused(run):
    with pytest.raises(ConfigError, match="no words in 'fr'"):
        build_report(read_run(run), lang="fr")


def test_the_same_run_gives_the_same_page(run, html):
    assert build_report(read_run(run)) == html


def test_templates_use_every_word_there_is_and_no_other():
    package = Path(polysight.report.__file__).parent
    source = "".join(path.read_text() for path in [*package.rglob("templates/**/*.j2"), *package.rglob("*.py")])
    used = set(re.findall(r"(?:\bw|words|self|spoken)\(\s*[\"\'](\w+)[\"\']", source)) - {"en", "zh"}
    used = {key for key in used if not key.endswith("_")}
    used |= {key for section in sections() if (key := section.heading)}
    own = {key for section in sections() for key in section.words.get("en", {})} | set(RUN_WORDS["en"])
    table = set(polysight.report.words.words("en").table)
    assert used <= table | own
    built_up = ("metric_", "about_", "why_", "evaluated_", "part_", "role_", "status_", "compare_", "task_", "guess_")
    built_up += ("chapter_", "card_", "blank_", "brier_", "chosen_", "act_on_", "corruption_", "stamp_")
    built_up += ("skipped_", "runs_", "within_", "slice_", "method_", "explain_")
    listed = {"row", "column", "file", "reason", "fix"}
    assert {key for key in table | own if not key.startswith(built_up)} == {
        key for key in used if not key.startswith(built_up)
    } | listed


def sections():
    return [SECTIONS.load(kind) for kind in SECTIONS]


def test_the_page_of_two_runs_speaks_every_language():
    assert set(RUN_WORDS) == set(LANGUAGES)
    for table in RUN_WORDS.values():
        assert {key: facts(text) for key, text in table.items()} == {
            key: facts(text) for key, text in RUN_WORDS["en"].items()
        }


@pytest.mark.parametrize("section", sections(), ids=lambda section: section.kind)
def test_a_section_is_a_file_a_template_and_a_line_and_speaks_every_language(section):
    assert SECTIONS[section.kind] == f"polysight.report.sections.{section.kind}:{section.__name__}"
    assert section.chapter in CHAPTERS
    table = section.words
    assert set(table) in (set(), set(LANGUAGES))
    for lang in table:
        assert set(table[lang]) == set(table["en"])
        assert {key: facts(text) for key, text in table[lang].items()} == {
            key: facts(text) for key, text in table["en"].items()
        }
    assert not set(table.get("en", {})) & set(LANGUAGES["en"])
    assert not section.heading or section.heading in {**LANGUAGES["en"], **table.get("en", {})}


def facts(text):
    return sorted({field for _, field, _, _ in string.Formatter().parse(text) if field})
