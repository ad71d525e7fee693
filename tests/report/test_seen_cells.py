"""Pictures of cells that are no photos: what the input that looks at a column makes of them."""

import numpy as np
import pandas as pd
import pytest
import soundfile
from test_pictures import decoded

from polysight.report.seen_cells import SIDE, pictures_of

INPUTS = {"voice": {"kind": "audio", "columns": ["sound"], "rate": 8000, "seconds": 0.5, "bands": 20, "frames": 64}}


@pytest.fixture
def sounds(tmp_path):
    time = np.arange(4000) / 8000
    soundfile.write(tmp_path / "low.wav", 0.5 * np.sin(2 * np.pi * 300 * time), 8000)
    soundfile.write(tmp_path / "high.wav", 0.5 * np.sin(2 * np.pi * 3500 * time), 8000)
    (tmp_path / "broken.wav").write_text("no sound")
    return tmp_path, pd.DataFrame({"sound": ["low.wav", "broken.wav", None, "high.wav"]})


def test_a_sound_is_its_spectrogram_and_what_cannot_be_read_is_nothing(sounds):
    root, cells = sounds
    low, broken, missing, high = pictures_of("sound", cells, INPUTS, root)
    assert (broken, missing) == ("", "")
    brightest = [np.asarray(decoded(uri).convert("L"), dtype=float).mean(axis=1).argmax() for uri in (low, high)]
    assert brightest[0] > brightest[1]
    assert max(decoded(low).size) <= SIDE


@pytest.mark.parametrize(
    "inputs", [{}, {"sound": {"kind": "no such kind"}}, {"sound": {"kind": "audio", "rate": -1}}, {"sound": "x"}]
)
def test_without_a_usable_input_there_is_no_picture(sounds, inputs):
    root, cells = sounds
    assert pictures_of("sound", cells, inputs, root) == [""] * 4


def test_an_input_without_columns_looks_at_the_column_of_its_name(sounds):
    root, cells = sounds
    spec = {key: value for key, value in INPUTS["voice"].items() if key != "columns"}
    assert pictures_of("sound", cells, {"sound": spec}, root)[0]
