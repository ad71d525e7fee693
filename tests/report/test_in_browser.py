"""The page in a browser: no message on the console, nothing wider than a phone, Chinese drawn, the filter works."""

import json
import re
import shutil
import subprocess

import pytest
from run_folders import write_run
from study_answers import decision, studies

from polysight.report.build import write_report
from polysight.report.fonts import families

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="chromium is not installed")

#: Looks at the page from outside, for it may run nothing itself.
OUTSIDE = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
<iframe id="page" src="report.html" style="border:0;width:{width}px;height:900px"></iframe><pre id="told"></pre>
<script>onload = () => {{
  const inside = document.getElementById("page").contentDocument
  const shown = () => [...inside.querySelectorAll(".mistake")].filter(one => one.offsetParent).length
  const told = {{over: inside.documentElement.scrollWidth - inside.documentElement.clientWidth, all: shown()}}
  const asked = inside.querySelector("select.t")
  asked.value = asked.options[1].value
  told.some = shown()
  told.chosen = inside.querySelectorAll(".mistake.t" + asked.value).length
  const drawn = letter => {{
    const pen = document.createElement("canvas").getContext("2d")
    pen.font = "40px " + getComputedStyle(inside.body).fontFamily
    pen.fillText(letter, 5, 45)
    return pen.getImageData(0, 0, 60, 60).data.join()
  }}
  told.apart = new Set(["结", "论", "数", "据"].map(drawn)).size
  document.getElementById("told").textContent = JSON.stringify(told)
}}</script>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    run = write_run(tmp_path_factory.mktemp("browser") / "run", names=["衬衫", "鞋", "a" * 60, "lamp"], rows=300)
    metrics = json.loads((run / "metrics.json").read_text(encoding="utf-8"))
    (run / "metrics.json").write_text(json.dumps(metrics | studies(hostile="x" * 80) | {"decision": decision()}))
    return run


def looked_at(folder, width, profile):
    (folder / "outside.html").write_text(OUTSIDE.format(width=width), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"]
    options += [f"--user-data-dir={profile}", "--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom"]
    address = (folder / "outside.html").as_uri()
    done = subprocess.run([BROWSER, *options, address], capture_output=True, text=True, timeout=120, check=True)
    told = re.search(r'<pre id="told">(.*?)</pre>', done.stdout).group(1)
    return json.loads(told), [line for line in done.stderr.splitlines() if "CONSOLE" in line]


@pytest.mark.parametrize(("lang", "width"), [("en", 390), ("zh", 1280)])
def test_the_page_fits_says_nothing_on_the_console_and_filters(folder, tmp_path, lang, width):
    write_report(folder, lang=lang)
    told, messages = looked_at(folder, width, tmp_path / "profile")
    assert messages == []
    assert told["over"] == 0
    assert 0 < told["some"] == told["chosen"] < told["all"]
    if len(families()) > 1:
        # Letters that no font has are all drawn as the same box.
        assert told["apart"] == 4
