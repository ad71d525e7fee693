"""Reading clouds and models: the same cube in every format; what holds no points is named."""

import sys

import numpy as np
import pytest
import trimesh

from polysight.core.errors import MissingExtraError, UnreadableCellError
from polysight.modalities.numpy_files import to_npy
from polysight.modalities.points.decoding import MESHES, MOST_POINTS, TABLES, read_cloud

POINTS = np.array([[0, 0, 0], [1, 0, 0], [0, 2, 0], [0, 0, 3], [1, 2, 3]], dtype=np.float32)
VALUES = np.array([0, 0.25, 0.5, 0.75, 1], dtype=np.float32)
HEADER = "# .PCD v0.7\nVERSION 0.7\nFIELDS {}\nSIZE {}\nTYPE {}\nCOUNT {}\nWIDTH {}\nHEIGHT 1\nPOINTS {}\nDATA {}\n"


def pcd(data, names="x y z intensity", sizes="4 4 4 4", kinds="F F F F", counts="1 1 1 1", points=5, encoding="binary"):
    return b".pcd\n" + HEADER.format(names, sizes, kinds, counts, points, points, encoding).encode() + data


def with_values():
    return np.column_stack([POINTS, VALUES])


def text():
    return "".join(" ".join(map(str, row)) + "\n" for row in with_values().tolist()).encode()


PADDED = np.dtype([("pad", "u1", 3), ("z", "f8"), ("y", "f4"), ("x", "f4"), ("intensity", "u1")])


def padded():
    records = np.zeros(5, dtype=PADDED)
    records["x"], records["y"], records["z"], records["intensity"] = *POINTS.T, np.rint(VALUES * 255)
    layout = {"names": "_ z y x intensity", "sizes": "1 8 4 4 1", "kinds": "U F F F U", "counts": "3 1 1 1 1"}
    return pcd(records.tobytes(), **layout)


@pytest.mark.parametrize(
    "content",
    [
        b".npy\n" + to_npy(with_values()),
        b".npy\n" + to_npy(np.asfortranarray(with_values())),
        b".bin\n" + with_values().tobytes(),
        pcd(with_values().tobytes()),
        pcd(text(), encoding="ascii"),
        padded(),
    ],
)
def test_tables_of_points_hold_points_and_values(content):
    cloud = read_cloud(content)
    np.testing.assert_allclose(cloud.points, POINTS)
    np.testing.assert_allclose(cloud.values, VALUES, atol=0.003)
    assert cloud.number == 5


@pytest.mark.parametrize("suffix", sorted(MESHES - {".xyz"}))
def test_models_become_points_of_their_surface(suffix):
    box = trimesh.creation.box(extents=(1, 2, 4))
    exported = box.export(file_type=suffix[1:])
    content = f"{suffix}\n".encode() + (exported.encode() if isinstance(exported, str) else exported)
    cloud = read_cloud(content)
    sides = np.array([0.5, 1, 2])
    on_face = np.isclose(np.abs(cloud.points), sides, atol=1e-5)
    assert on_face.any(axis=1).all()
    assert (np.abs(cloud.points) <= sides + 1e-5).all()
    # As many points on each pair of faces as they have of the area: 8, 4 and 2 of 14.
    np.testing.assert_allclose(on_face.mean(axis=0), np.array([8, 4, 2]) / 14, atol=0.02)
    np.testing.assert_array_equal(cloud.points, read_cloud(content).points)


def test_a_scene_counts_each_part_where_it_stands():
    scene = trimesh.Scene()
    for place in (0.0, 10.0):
        scene.add_geometry(trimesh.creation.box(), transform=trimesh.transformations.translation_matrix([place, 0, 0]))
    cloud = read_cloud(b".glb\n" + scene.export(file_type="glb"))
    assert cloud.points[:, 0].min() == pytest.approx(-0.5)
    assert cloud.points[:, 0].max() == pytest.approx(10.5)


@pytest.mark.parametrize(
    "content",
    [
        b".obj\nv 0 0 0\nv 1 0 0\nv 0 2 0\nv 0 0 3\nv 1 2 3\n",
        b".off\nOFF\n5 0 0\n0 0 0\n1 0 0\n0 2 0\n0 0 3\n1 2 3\n",
        b".xyz\n0 0 0\n1 0 0\n0 2 0\n0 0 3\n1 2 3\n",
        b".off\nOFF\n5 1 0\n0 0 0\n1 0 0\n0 2 0\n0 0 3\n1 2 3\n3 0 0 0\n",
    ],
)
def test_a_model_without_a_surface_is_its_corners(content):
    np.testing.assert_allclose(read_cloud(content).points, POINTS)


def test_points_that_are_no_numbers_are_left_out():
    table = np.concatenate([with_values(), [[np.nan, 0, 0, 0], [0, np.inf, 0, 0]]])
    cloud = read_cloud(b".npy\n" + to_npy(table))
    np.testing.assert_allclose(cloud.points, POINTS)
    assert cloud.number == 7


def test_of_millions_of_points_some_are_looked_at():
    table = np.zeros((5_000_000, 3), dtype=np.float32)
    table[:, 0] = np.arange(len(table))
    content = b".npy\n" + to_npy(table)
    cloud = read_cloud(content)
    assert cloud.number == 5_000_000
    assert len(cloud.points) == MOST_POINTS
    assert cloud.points[:, 0].mean() == pytest.approx(2_500_000, rel=0.02)
    np.testing.assert_array_equal(cloud.points, read_cloud(content).points)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b".npy\n" + to_npy(np.zeros((0, 3))), "no_points"),
        (b".npy\n" + to_npy(np.full((4, 3), np.nan)), "no_points"),
        (b".npy\n" + to_npy(np.zeros((4, 2))), "wrong_shape"),
        (b".npy\n" + to_npy(np.zeros((4, 3, 3))), "wrong_shape"),
        (b".npy\n" + to_npy(np.zeros((4, 3)))[:-5], "truncated"),
        (b".npy\nno array", "not_an_array"),
        (b".bin\n" + bytes(17), "truncated"),
        (b".bin\n", "empty_file"),
        (pcd(with_values().tobytes()[:-4]), "truncated"),
        (pcd(text()[:-20], encoding="ascii", points=6), "truncated"),
        (pcd(b"a b c d\n", encoding="ascii", points=1), "corrupt"),
        (pcd(b"", encoding="ascii", points=0), "no_points"),
        (pcd(b"", encoding="binary_compressed"), "unknown_encoding"),
        (pcd(bytes(80), names="a b c d"), "corrupt"),
        (pcd(bytes(80), kinds="Q F F F"), "corrupt"),
        (b".pcd\nno header", "corrupt"),
        (b".obj\nhello", "no_points"),
        (b".off\nhello", "corrupt"),
        (b".off\nOFF\n1 1 0\n0 0 0\n3 0 1 2\n", "corrupt"),
        (b".ply\nply\nformat ascii 1.0\nelement vertex 9\n", "corrupt"),
        (b".glb\nglTF" + bytes(40), "corrupt"),
        (b".las\nLASF", "not_points"),
    ],
)
def test_what_holds_no_points_is_named(content, reason):
    with pytest.raises(UnreadableCellError) as caught:
        read_cloud(content)
    assert caught.value.reason == reason
    assert caught.value.what


def test_every_format_is_listed_once():
    assert not set(TABLES) & MESHES


def test_a_part_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "trimesh", None)
    with pytest.raises(MissingExtraError, match=r"polysight\[points\]"):
        read_cloud(b".off\nOFF\n1 0 0\n0 0 0\n")
