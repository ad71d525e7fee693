"""Pictures: any image file becomes a small data URI; what cannot be read is left out without a word."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from polysight.report.pictures import SIDE, picture


def decoded(uri):
    kind, _, content = uri.partition(";base64,")
    assert kind in ("data:image/png", "data:image/jpeg")
    return Image.open(io.BytesIO(base64.b64decode(content)))


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("a.png", Image.new("RGB", (500, 200), "red")),
        ("b.png", Image.new("RGBA", (300, 300), (0, 0, 0, 0))),
        ("c.png", Image.fromarray(np.arange(10_000, dtype=np.uint16).reshape(100, 100))),
        ("d.tif", Image.fromarray(np.linspace(-1, 1, 900, dtype=np.float32).reshape(30, 30))),
        ("e.jpg", Image.effect_noise((640, 480), 60)),
        ("f.gif", Image.new("P", (60, 50))),
        ("g.png", Image.new("1", (8, 8))),
    ],
)
def test_any_mode_becomes_a_small_picture(tmp_path, name, image):
    image.save(tmp_path / name)
    shown = decoded(picture(name, tmp_path))
    assert max(shown.size) == min(SIDE, max(image.size))
    assert shown.mode in ("L", "RGB")


def test_depth_is_spread_from_black_to_white_and_transparency_is_white(tmp_path):
    Image.fromarray(np.array([[1000, 1200]] * 2, dtype=np.uint16)).save(tmp_path / "deep.png")
    levels = np.asarray(decoded(picture("deep.png", tmp_path)).convert("L"))
    assert (levels.min(), levels.max()) == (0, 255)
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert np.asarray(decoded(picture("clear.png", tmp_path))).min() == 255


def test_what_cannot_be_read_is_left_out(tmp_path):
    (tmp_path / "text.png").write_text("no image")
    Image.new("RGB", (50, 50), "blue").save(tmp_path / "whole.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:60])
    inside = tmp_path / "inside"
    inside.mkdir()
    for cell, root in (("text.png", tmp_path), ("cut.png", tmp_path), ("none.png", tmp_path), ("../whole.png", inside)):
        assert picture(cell, root) == ""
