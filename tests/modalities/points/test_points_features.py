"""Features of clouds: known shapes have known distributions, whichever way they stand."""

import numpy as np
import pytest

from polysight.core.config import build
from polysight.core.errors import ConfigError
from polysight.data.view import View
from polysight.modalities import FEATURES
from polysight.modalities.points.features import CloudGeometry, CloudHistograms, eigen_measures, histogram
from polysight.modalities.points.shape_distributions import ShapeDistributions, _triples

KINDS = ["cloud_geometry", "cloud_histograms", "shape_distributions"]


def view_of(*clouds, values=None, present=None):
    arrays = {"points": [], "values": [], "place": []}
    for cloud in clouds:
        middle = cloud.mean(axis=0)
        radius = np.sqrt(((cloud - middle) ** 2).sum(axis=1).mean())
        arrays["points"].append(cloud - middle)
        arrays["values"].append(np.zeros(len(cloud)) if values is None else values)
        arrays["place"].append([*middle, radius, len(cloud)])
    there = np.ones((len(clouds), 1), dtype=bool) if present is None else present
    stacked = {name: np.asarray(of, dtype=np.float32)[:, None] for name, of in arrays.items()}
    return View(stacked, there, np.full(len(clouds), b"0" * 32))


def sphere(count=2000, seed=0):
    points = np.random.default_rng(seed).normal(size=(count, 3))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


@pytest.mark.parametrize("kind", KINDS)
def test_features_are_finite_row_wise_and_zero_where_absent(kind):
    present = np.array([[True], [False], [True], [True]])
    clouds = [sphere(64), sphere(64), sphere(64, 1) * [1, 2, 3] + 5, np.zeros((64, 3))]
    features = build(FEATURES, kind)
    derived = features.derive(view_of(*clouds, present=present))
    assert np.isfinite(derived).all()
    assert (derived[1] == 0).all()
    np.testing.assert_array_equal(derived[2], features.derive(view_of(clouds[2]))[0])


def test_distances_on_a_sphere_follow_the_formula():
    # Two random points of a unit sphere are at distance d with density d / 2 (0 to 2), 4 / 3 on average.
    shares = ShapeDistributions(draws=60_000).derive(view_of(sphere(4000)))[0].reshape(4, 24) ** 2
    edges = np.minimum(np.linspace(0, 3, 25) * 4 / 3, 2)
    np.testing.assert_allclose(shares[1], (edges[1:] ** 2 - edges[:-1] ** 2) / 4, atol=0.01)
    assert shares[0][7:9].sum() == pytest.approx(1)  # all are equally far from the middle
    # Angles of random triangles in a sphere (inscribed angles) have the density of half a sine.
    angles = np.linspace(0, np.pi, 25)
    assert shares[3].sum() == pytest.approx(1)
    assert (angles[:-1] * shares[3]).sum() == pytest.approx(np.pi / 3, abs=0.1)


def test_shape_distributions_mind_neither_turn_nor_size_nor_mirror():
    box = np.random.default_rng(0).uniform(-1, 1, (500, 3)) * [1, 2, 5]
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))
    moved = 40 * box @ turn + [3, -2, 90]
    one, other = ShapeDistributions().derive(view_of(box, moved * [1, 1, 1]))
    np.testing.assert_allclose(one, other, atol=0.03)


def test_triples_are_three_different_points():
    first, second, third = _triples(7, 5000)
    assert (first != second).all()
    assert (first != third).all()
    assert (second != third).all()
    assert (np.concatenate([first, second, third]) < 7).all()
    np.testing.assert_array_equal(_triples(1, 16), 0)


def test_eigenvalues_tell_lines_planes_and_balls_apart():
    line, plane, ball = (eigen_measures(np.array(values))[3:6] for values in ([1.0, 0, 0], [1.0, 1, 0], [1.0, 1, 1]))
    np.testing.assert_allclose([line, plane, ball], np.eye(3), atol=1e-9)
    assert (eigen_measures(np.zeros(3)) == 0).all()
    assert eigen_measures(np.ones(3))[8] == pytest.approx(np.log(3))


def test_geometry_holds_the_box_and_the_place():
    box = np.random.default_rng(0).uniform(0, 1, (4000, 3)) * [2, 4, 8] + [100, 0, 0]
    described = CloudGeometry().derive(view_of(box))[0]
    radius = np.sqrt((4 + 16 + 64) / 12)
    np.testing.assert_allclose(described[:3] * radius, [2, 4, 8], rtol=0.02)
    np.testing.assert_allclose(described[-5:-2], [101, 2, 4], rtol=0.02)
    assert np.exp(described[-2]) == pytest.approx(radius, rel=0.02)
    assert np.expm1(described[-1]) == pytest.approx(4000, rel=1e-4)
    # The longest axis stands upright.
    np.testing.assert_allclose(described[14:17], [1, 0, 0], atol=0.1)


def test_heights_distances_and_values_are_counted():
    points = np.array([[-1.0, 0, -1], [1, 0, -1], [0, -1, 1], [0, 1, 1]])
    values = np.array([0.0, 0.0, 0.99, 0.99])
    heights, around, _, measured = CloudHistograms(bins=4).derive(view_of(points, values=values))[0].reshape(4, 4) ** 2
    np.testing.assert_allclose(heights, [0, 0.5, 0.5, 0])
    np.testing.assert_allclose(around, [0, 1, 0, 0])  # all are 0.71 of 2.5 from the axis
    np.testing.assert_allclose(measured, [0.5, 0, 0, 0.5])
    np.testing.assert_allclose(histogram(np.array([-9.0, 9.0]), 0, 1, 2) ** 2, [0.5, 0.5])


def test_options_out_of_range_are_refused():
    for spec in ({"kind": "cloud_histograms", "bins": 1}, {"kind": "shape_distributions", "draws": 1}):
        with pytest.raises(ConfigError):
            build(FEATURES, spec)
