"""The page of formats says what is registered: every ending and every code of refusal."""

import re
from pathlib import Path

from polysight.data.media import SUFFIXES as MEDIA
from polysight.modalities.image.animation import ANIMATED
from polysight.modalities.sequence import video
from polysight.modalities.series import reading

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "formats-sequences.md").read_text(encoding="utf-8")
SEQUENCE, SERIES = PAGE.split("## Series")


def endings(part, row=""):
    lines = [line for line in part.splitlines() if line.startswith(f"| {row}")]
    return {ending for line in lines for ending in re.findall(r"`(\.\w+)`", line.split("|")[2])}


def codes(*folders):
    files = [path for folder in folders for path in (ROOT / "src/polysight/modalities" / folder).glob("*.py")]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    return set(re.findall(r'UnreadableCellError\(\s*"(\w+)"', text)) | set(re.findall(r'reason = "(\w+)"', text))


def test_the_endings_listed_are_those_registered():
    assert endings(SEQUENCE, "video") == video.SUFFIXES == MEDIA["video"]
    assert endings(SEQUENCE, "animation") | endings(SEQUENCE, "pages") == ANIMATED
    assert endings(SERIES) == reading.SUFFIXES
    assert MEDIA["series"] == reading.TABLE_SUFFIXES


def test_every_code_of_refusal_is_listed():
    shared = {"empty_file", "unreadable"}
    for part, folder in ((SEQUENCE, "sequence"), (SERIES, "series")):
        assert codes(folder) - shared <= set(re.findall(r"`(\w+)`", part)), folder
