"""Inference on generated tables: columns of videos, folders of frames, recordings and lists of numbers."""

import json

import numpy as np
import pandas as pd
from PIL import Image as Picture

from polysight.data.facts import Facts
from polysight.modalities.inference import infer

ROWS = 30


def table(folder):
    rng, rows = np.random.default_rng(0), []
    for i in range(ROWS):
        (folder / f"clip{i}.mp4").write_bytes(b"0")
        frames = [Picture.new("L", (4, 4), 9 * k + i) for k in range(3)]
        frames[0].save(folder / f"cell{i}.gif", save_all=True, append_images=frames[1:])
        (folder / "walks" / f"walk{i}").mkdir(parents=True)
        frames[0].save(folder / "walks" / f"walk{i}" / "1.png")
        frames[0].save(folder / f"photo{i}.png")
        pd.DataFrame({"t": [0, 1], "x": [1, 2]}).to_csv(folder / f"log{i}.csv", index=False)
        np.save(folder / f"ecg{i}.npy", np.zeros((20, 12), dtype=np.float32))
        np.save(folder / f"ct{i}.npy", np.zeros((3, 8, 8), dtype=np.uint8))
        rows.append(
            {
                "clip": f"clip{i}.mp4",
                "cine": f"cell{i}.gif",
                "gait": f"walks/walk{i}",
                "photo": f"photo{i}.png",
                "log": f"log{i}.csv",
                "ecg": f"ecg{i}.npy",
                "ct": f"ct{i}.npy",
                "pulse": json.dumps(rng.normal(size=5).tolist()),
                "short": json.dumps([int(v) for v in rng.integers(0, 9, 3)], separators=(",", ":")),
                "ward": ["walks", "other"][i % 2],
                "age": int(rng.integers(20, 80)),
            }
        )
    return pd.DataFrame(rows)


EXPECTED = {
    "clip": "sequence",
    "cine": "sequence",
    "gait": "sequence",
    "photo": "image",
    "log": "series",
    "ecg": "series",
    "pulse": "series",
    "short": "series",
    "ward": "categorical",
    "age": "numeric",
}


def test_columns_are_recognised_by_endings_and_contents(tmp_path):
    X = table(tmp_path)
    labels = pd.Series(["a", "b", "c"] * (ROWS // 3))
    inference = infer(X, labels, tmp_path)
    found = {name: role.role for name, role in inference.roles.items()}
    assert {name: found[name] for name in EXPECTED} == EXPECTED
    # Arrays of slices are no frames unless their column says so.
    assert found["ct"] not in {"sequence", "series"}
    assert all(role.reason and not role.warning for name, role in inference.roles.items() if name in EXPECTED)
    assert {inference.inputs[name].kind for name in ("clip", "cine", "gait")} == {"sequence"}
    assert {inference.inputs[name].kind for name in ("log", "ecg", "pulse", "short")} == {"series"}
    assert inference.lost == ()


def test_folders_are_content_only_where_they_differ_from_row_to_row(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    labels, rows = pd.Series(["x"] * 10), np.arange(10)
    assert not Facts(pd.Series(["a", "b"] * 5), labels, tmp_path, rows).names_files
    for number in range(10):
        (tmp_path / f"f{number}").mkdir()
        (tmp_path / f"f{number}" / "1.png").touch()
    facts = Facts(pd.Series([f"f{number}" for number in range(10)]), labels, tmp_path, rows)
    assert facts.names_files
    assert facts.files_found == 10
