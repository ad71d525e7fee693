"""The cache: what was computed comes back; whatever is wrong with a file or the disk never does."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array, random_array

from polysight.core.errors import ConfigError
from polysight.core.events import listen
from polysight.data import cache as cache_module
from polysight.data.cache import Cache, default_cache, passing_cache, without_cache

NUMERIC = st.one_of(
    hnp.integer_dtypes(endianness="="), hnp.floating_dtypes(endianness="=", sizes=(16, 32, 64)), st.just(np.dtype(bool))
)


class Computation:
    """Counts how often it is asked."""

    def __init__(self, **arrays):
        self.made, self.calls = arrays, 0

    def __call__(self):
        self.calls += 1
        return dict(self.made)


@pytest.fixture
def numbers():
    return Computation(a=np.arange(12.0).reshape(3, 4), b=np.array([True, False]))


def entry(folder):
    (path,) = folder.glob("*")
    return path


def age(path, seconds):
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))


@settings(deadline=None, max_examples=50)
@given(
    arrays=st.dictionaries(
        st.text(max_size=5), hnp.arrays(NUMERIC, hnp.array_shapes(min_dims=0, min_side=0)), max_size=3
    )
)
def test_any_numeric_arrays_come_back_from_disk(tmp_path_factory, arrays):
    folder = tmp_path_factory.mktemp("cache")
    Cache(folder).arrays("k", lambda: arrays)
    found = Cache(folder).arrays("k", lambda: pytest.fail("computed twice"))
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_keys_do_not_share_entries(tmp_path, numbers):
    cache = Cache(tmp_path)
    cache.arrays("one", numbers)
    assert cache.arrays("two", lambda: {"a": np.zeros(1)})["a"].shape == (1,)
    assert cache.arrays("one", numbers)["a"].shape == (3, 4)
    assert numbers.calls == 1


def test_views_that_are_not_contiguous_are_kept_as_they_look(tmp_path):
    array = np.arange(24).reshape(4, 6)[::-2, 1::2].T
    cache = Cache(tmp_path)
    cache.arrays("k", lambda: {"a": array})
    np.testing.assert_array_equal(cache.arrays("k", dict)["a"], array)


@pytest.mark.parametrize(
    "array", [np.array([{}]), np.array(["text"]), np.array(["x"], dtype=object), np.zeros(2, "M8[s]")]
)
def test_arrays_that_are_not_numbers_are_refused(tmp_path, array):
    with pytest.raises(TypeError, match="'a'"):
        Cache(tmp_path).arrays("k", lambda: {"a": array})


def test_a_sparse_matrix_comes_back_sparse_and_a_dense_one_dense(tmp_path):
    cache = Cache(tmp_path)
    sparse = csr_array(random_array((7, 5), density=0.3, rng=np.random.default_rng(0)))
    cache.matrix("sparse", lambda: sparse)
    found = cache.matrix("sparse", lambda: pytest.fail("computed twice"))
    assert isinstance(found, csr_array)
    assert found.shape == (7, 5)
    np.testing.assert_array_equal(found.toarray(), sparse.toarray())
    dense = np.eye(3, dtype=np.float32)
    cache.matrix("dense", lambda: dense)
    found = cache.matrix("dense", lambda: pytest.fail("computed twice"))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, dense)


@pytest.mark.parametrize("keep", [0, 4, 60, -1])
def test_a_torn_entry_is_rebuilt(tmp_path, numbers, keep):
    cache = Cache(tmp_path)
    cache.arrays("k", numbers)
    path = entry(tmp_path)
    path.write_bytes(path.read_bytes()[:keep])
    np.testing.assert_array_equal(cache.arrays("k", numbers)["a"], numbers.made["a"])
    assert numbers.calls == 2
    cache.arrays("k", numbers)
    assert numbers.calls == 2, "the rebuilt entry is used"


@settings(deadline=None, max_examples=50)
@given(position=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_an_entry_with_any_byte_changed_is_rebuilt_or_whole(tmp_path_factory, position, flip):
    folder = tmp_path_factory.mktemp("cache")
    made = {"a": np.arange(12.0).reshape(3, 4), "b": np.array([3, 4], dtype=np.int16)}
    Cache(folder).arrays("k", lambda: made)
    path = entry(folder)
    content = bytearray(path.read_bytes())
    content[position % len(content)] ^= flip
    path.write_bytes(content)
    found = Cache(folder).arrays("k", lambda: made)
    assert found.keys() == made.keys()
    for name, array in made.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_an_entry_of_another_key_version_or_format_is_rebuilt(tmp_path, numbers, monkeypatch):
    cache = Cache(tmp_path)
    cache.arrays("k", numbers)
    path = entry(tmp_path)
    cache.arrays("other", lambda: {"a": np.zeros(1)})
    (other,) = set(tmp_path.iterdir()) - {path}
    other.replace(path)
    cache.arrays("k", numbers)
    assert numbers.calls == 2
    monkeypatch.setattr(cache_module, "FORMAT", cache_module.FORMAT + 1)
    cache.arrays("k", numbers)
    assert numbers.calls == 3
    monkeypatch.setattr(cache_module, "_library_version", lambda: "0.0.0")
    cache.arrays("k", numbers)
    assert numbers.calls == 4


def test_a_folder_in_place_of_an_entry_does_not_raise(tmp_path, numbers):
    cache = Cache(tmp_path)
    cache.arrays("k", numbers)
    path = entry(tmp_path)
    path.unlink()
    path.mkdir()
    assert cache.arrays("k", numbers)["a"].shape == (3, 4)


def test_arrays_are_the_callers_own(tmp_path, numbers):
    cache = Cache(tmp_path)
    cache.arrays("k", numbers)
    found = cache.arrays("k", numbers)
    entry(tmp_path).unlink()
    found["a"][0, 0] = 99
    np.testing.assert_array_equal(found["a"].ravel()[1:], np.arange(1.0, 12.0))


def test_the_least_recently_used_entries_go_first(tmp_path):
    big = Computation(a=np.zeros(1000))
    cache = Cache(tmp_path, limit=3 * 8300)
    for position, key in enumerate("abc"):
        cache.arrays(key, big)
        age(max(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns), 100 - position)
    cache.arrays("a", big)
    assert big.calls == 3
    cache.arrays("d", big)
    assert big.calls == 4
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= cache.limit
    for key in "acd":
        cache.arrays(key, big)
    assert big.calls == 4, "b alone, unused for longest, went"


def test_many_entries_keep_to_the_limit_without_a_look_at_each_write(tmp_path, monkeypatch):
    looks, evict = [], cache_module._evict
    monkeypatch.setattr(cache_module, "_evict", lambda *given: looks.append(1) or evict(*given))
    cache = Cache(tmp_path, limit=80 * 400)
    for number in range(400):
        cache.arrays(str(number), lambda: {"a": np.zeros(10)})
        assert number % 20 or sum(path.stat().st_size for path in tmp_path.iterdir()) <= cache.limit
    assert len(list(tmp_path.iterdir())) > 60
    assert len(looks) < 250


def test_an_entry_larger_than_the_limit_is_not_kept(tmp_path):
    cache = Cache(tmp_path / "cache", limit=100)
    cache.arrays("k", lambda: {"a": np.zeros(1000)})
    assert not (tmp_path / "cache").exists()


def test_half_written_files_of_killed_processes_are_evicted(tmp_path):
    left = tmp_path / ".k.safetensors.abc.safetensors"
    left.write_bytes(b"0" * 50_000)
    age(left, 100)
    Cache(tmp_path, limit=20_000).arrays("k", lambda: {"a": np.zeros(10)})
    assert not left.exists()


def test_a_folder_that_cannot_be_made_disables_the_cache_with_one_warning(tmp_path, numbers):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    cache, said = Cache(blocked / "cache"), []
    with listen(lambda name, facts: said.append((name, facts["reason"]))):
        for _ in range(3):
            assert cache.arrays("k", numbers)["a"].shape == (3, 4)
    assert numbers.calls == 3
    assert len(said) == 1
    assert said[0][0] == "cache_unavailable"
    assert "cannot write" in said[0][1]


def test_a_full_disk_disables_the_cache_with_one_warning(tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    said, numbers = [], Computation(a=np.zeros(50_000))
    cache = Cache(tmp_path)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
        with listen(lambda name, facts: said.append(name)):
            cache.arrays("k", numbers)
            cache.arrays("k", numbers)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert said == ["cache_unavailable"]
    assert numbers.calls == 2
    assert list(tmp_path.iterdir()) == []


def test_processes_may_share_a_folder(tmp_path):
    program = (
        "import sys, numpy as np; from pathlib import Path; from polysight.data.cache import Cache\n"
        "cache = Cache(Path(sys.argv[1]), limit=40_000)\n"
        "for step in range(60):\n"
        "    key = step % 7\n"
        "    found = cache.arrays(str(key), lambda: {'a': np.full(1000, key)})['a']\n"
        "    assert (found == key).all() and len(found) == 1000\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)]) for _ in range(2)]
    assert [process.wait(timeout=60) for process in running] == [0, 0]


def test_the_environment_chooses_folder_and_limit(tmp_path, monkeypatch):
    monkeypatch.setenv("POLYSIGHT_CACHE", str(tmp_path / "mine"))
    monkeypatch.setenv("POLYSIGHT_CACHE_LIMIT", "1.5 GB")
    cache = default_cache()
    assert (cache.folder, cache.limit) == (tmp_path / "mine", 1_500_000_000)
    assert default_cache() is cache, "one warning a process"
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")
    assert default_cache().folder is None
    monkeypatch.delenv("POLYSIGHT_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache().folder == tmp_path / "polysight"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_cache().folder == tmp_path / ".cache/polysight"
    monkeypatch.setenv("POLYSIGHT_CACHE_LIMIT", "plenty")
    with pytest.raises(ConfigError, match="plenty"):
        default_cache()


def test_off_keeps_nothing(tmp_path, monkeypatch, numbers):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")
    default_cache().arrays("k", numbers)
    default_cache().arrays("k", numbers)
    assert numbers.calls == 2
    assert list(Path().iterdir()) == []


def test_without_it_everything_is_computed_each_time(tmp_path, monkeypatch, numbers):
    monkeypatch.setenv("POLYSIGHT_CACHE", str(tmp_path))
    with without_cache():
        for _ in range(2):
            default_cache().arrays("k", numbers)
    assert numbers.calls == 2
    assert not list(tmp_path.iterdir())
    assert default_cache().folder == tmp_path


def test_what_passes_is_computed_once_and_never_written(tmp_path, monkeypatch, numbers):
    monkeypatch.setenv("POLYSIGHT_CACHE", str(tmp_path))
    with passing_cache():
        first = default_cache().arrays("k", numbers)
        assert default_cache().arrays("k", numbers) is first
        assert numbers.calls == 1
    with passing_cache():
        default_cache().arrays("k", numbers)
    assert numbers.calls == 2
    assert not list(tmp_path.iterdir())
