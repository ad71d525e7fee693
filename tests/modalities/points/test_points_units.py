"""Parts of clouds: points that lie together, hidden by moving onto those that are shown."""

import numpy as np

from polysight.data.view import View
from polysight.modalities.nearest_centres import nearest_centres
from polysight.modalities.points.modality import Points

CORNERS = 3.0 * np.array([[1, 1, 1], [-1, -1, 1], [1, -1, -1], [-1, 1, -1]])


def row_of(slots=1):
    rng = np.random.default_rng(0)
    points = (CORNERS[np.arange(200) % 4] + rng.normal(0, 0.1, (200, 3)))[None, None].repeat(slots, axis=1)
    values = rng.random((1, slots, 200))
    place = np.ones((1, slots, 5))
    arrays = {"points": points, "values": values, "place": place}
    arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
    return View(arrays, np.ones((1, slots), dtype=bool), np.array([b"k" * 32]))


def test_parts_lie_together_and_are_named_by_where():
    units = Points(columns=("cloud",), count=200).units(row_of())
    corner = np.arange(200) % 4
    for part in range(len(units)):
        assert len(set(corner[units.parts[0] == part])) == 1
    assert any(label.startswith("high x, high y, high z") for label in units.labels)


def test_the_points_of_a_hidden_part_move_onto_others_with_their_values():
    row = row_of()
    units = Points(columns=("cloud",), count=200).units(row)
    shown = np.ones((1, len(units)), dtype=bool)
    shown[0, 0] = False
    hidden = units.hidden(shown)
    before, after = row.arrays["points"][0, 0], hidden.arrays["points"][0, 0]
    kept = units.parts[0] != 0
    np.testing.assert_array_equal(after[kept], before[kept])
    known = {(*p, v) for p, v in zip(before[kept].tolist(), row.arrays["values"][0, 0][kept].tolist(), strict=True)}
    moved = zip(after[~kept].tolist(), hidden.arrays["values"][0, 0][~kept].tolist(), strict=True)
    assert {(*p, v) for p, v in moved} <= known
    np.testing.assert_array_equal(hidden.arrays["place"], row.arrays["place"])


def test_a_cloud_without_parts_left_is_absent_and_its_neighbour_stays():
    row = row_of(2)
    units = Points(columns=("roof", "floor"), count=200).units(row)
    shown = np.array([[label.startswith("floor") for label in units.labels]])
    hidden = units.hidden(shown)
    assert hidden.present.tolist() == [[False, True]]
    assert not hidden.arrays["points"][0, 0].any()
    assert not hidden.arrays["place"][0, 0].any()
    np.testing.assert_array_equal(hidden.arrays["points"][0, 1], row.arrays["points"][0, 1])


def test_lloyds_algorithm_finds_separate_heaps_and_leaves_lost_centres_alone():
    rng = np.random.default_rng(1)
    heaps = np.vstack([rng.normal(middle, 0.1, (30, 2)) for middle in ((0, 0), (5, 5))])
    found = nearest_centres(heaps, np.array([[1.0, 1.0], [3.0, 4.0], [100.0, 100.0]]))
    assert found.tolist() == [0] * 30 + [1] * 30
