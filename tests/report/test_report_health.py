"""The health section: the worst first, in the language of the page, in the words of the run where others fail."""

from run_folders import health, write_run

from polysight.core.files import write_json
from polysight.report.build import build_report
from polysight.report.content import read_run
from polysight.report.health import health_findings


def test_the_worst_is_first_and_what_is_not_known_is_shown_as_written():
    wrong, found = health_findings(health(""), "en")
    assert (wrong.status, wrong.message, wrong.fix) == ("fail", "Was wrong.", "Mend it.")
    assert wrong.rows == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …"
    assert (found.name, found.rows) == ("id_columns", "")
    assert "sku" in found.message


def test_the_page_speaks_its_language(tmp_path):
    run = read_run(write_run(tmp_path / "run"))
    english, chinese = build_report(run), build_report(run, lang="zh")
    assert "Columns that number the rows" in english
    assert "1 of 3 found nothing" in english
    assert "为行编号" in chinese
    assert "Columns that number" not in chinese


def test_a_healthy_table_and_a_run_without_checks(tmp_path):
    folder = write_run(tmp_path / "run")
    write_json(folder / "health.json", {"status": "pass", "checks": health("")["checks"][:1], "rows_looked_at": 900})
    assert "1 checks found nothing to look at" in build_report(read_run(folder))
    (folder / "health.json").unlink()
    assert 'id="health"' not in build_report(read_run(folder))
