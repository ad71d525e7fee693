"""Configuration: constructors are the schema."""

from dataclasses import dataclass
from typing import ClassVar

import pytest

from polysight.core.config import build, check_options, describe
from polysight.core.errors import ConfigError
from polysight.core.registry import Registry


@dataclass(frozen=True)
class Spoon:
    kind: ClassVar[str] = "spoon"
    size: int = 3
    colours: tuple[str, ...] = ()
    steel: bool = True


CUTLERY = Registry("cutlery", {"spoon": f"{__name__}:Spoon"})


def test_builds_from_a_name_a_mapping_and_an_object():
    assert build(CUTLERY, "spoon") == Spoon()
    assert build(CUTLERY, {"kind": "spoon", "size": 5}) == Spoon(size=5)
    assert build(CUTLERY, "spoon", size=6, handles=2) == Spoon(size=6)
    assert build(CUTLERY, Spoon(size=7)) == Spoon(size=7)


def test_lists_become_tuples_where_the_annotation_says_so():
    assert build(CUTLERY, {"kind": "spoon", "colours": ["red"]}).colours == ("red",)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("spon", "did you mean 'spoon'"),
        ({"kind": "fork"}, "choose one of: spoon"),
        ({"size": 3}, "needs a 'kind'"),
        ({"kind": "spoon", "sise": 3}, "did you mean 'size'"),
        ({"kind": "spoon", "size": "big"}, "valid integer"),
    ],
)
def test_mistakes_are_named_with_a_way_out(spec, words):
    with pytest.raises(ConfigError, match=words):
        build(CUTLERY, spec)


def test_describe_is_the_way_back():
    spoon = Spoon(size=5, colours=("red", "blue"))
    assert describe(spoon) == {"kind": "spoon", "size": 5, "colours": ["red", "blue"]}
    assert build(CUTLERY, describe(spoon)) == spoon


def test_the_place_of_a_mistake_is_in_the_message():
    with pytest.raises(ConfigError, match=r"learner\.fusion"):
        check_options(Spoon, {"size": []}, where="learner.fusion")
