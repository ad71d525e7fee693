"""Animations: which columns of image files mostly hold several frames."""

import numpy as np
from PIL import Image as Picture

from polysight.modalities.image.animation import mostly_animated


def test_files_with_several_frames_are_told_from_images(tmp_path):
    frames = [Picture.fromarray(np.full((4, 4), level, dtype=np.uint8)) for level in (0, 90, 200)]
    for name in ("a.gif", "b.tif", "c.webp", "d.png"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
        frames[0].save(tmp_path / f"one_{name}")
    for name in ("a.gif", "b.tif", "c.webp", "d.png"):
        assert mostly_animated([name], tmp_path)
        assert not mostly_animated([f"one_{name}"], tmp_path)
    (tmp_path / "broken.gif").write_bytes(b"GIF89a")
    assert mostly_animated(["a.gif", "b.tif", "one_a.gif", None, 3, "words"], tmp_path)
    assert not mostly_animated(["a.gif", "broken.gif", "gone.gif", "one_b.tif"], tmp_path)
    assert not mostly_animated([], tmp_path)
