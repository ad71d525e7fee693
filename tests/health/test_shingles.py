"""Shingles: the similarity of the definition, and all pairs that exhaustive comparison finds."""

import itertools

import numpy as np
import pytest

from polysight.health.shingles import nearly_equal, shingles, similarity


def by_definition(one, other, length=5):
    runs = [{text[i : i + length] for i in range(len(text) - length + 1)} for text in (one, other)]
    return len(runs[0] & runs[1]) / len(runs[0] | runs[1])


def sentences(rng, count):
    words = ["".join(rng.choice(list("abcdefghijklmnop"), 6)) for _ in range(80)]
    return [" ".join(rng.choice(words, 14)) for _ in range(count)]


def test_similarity_is_that_of_the_sets_of_runs():
    one, other = "the cat sat on the mat all day", "the cat sat on the hat all day"
    assert similarity(shingles(one), shingles(other)) == by_definition(one, other)
    assert similarity(shingles(""), shingles("")) == 0.0


def test_case_and_punctuation_do_not_count_and_chinese_has_short_runs():
    assert shingles("A quick--brown FOX.").tolist() == shingles("a quick brown fox").tolist()
    assert len(shingles("新款男士手表防水")) == 6
    assert len(shingles("ab")) == 0


def test_the_pairs_are_those_of_comparing_everything():
    rng = np.random.default_rng(0)
    texts = sentences(rng, 60)
    for place, source, cut in ((50, 3, 6), (51, 3, 0), (52, 9, 12), (53, 20, 40), (54, 21, 60)):
        texts[place] = texts[source][cut:] + " and more"[: cut // 4]
    sets = [shingles(text) for text in texts]
    similar = np.array([[similarity(one, other) for other in sets] for one in sets])
    allowed = np.clip(0.5 * (1 - np.sort(similar, axis=1)[:, -11]), 0.2, 0.32)
    wanted = [
        [a, b] for a, b in itertools.combinations(range(60), 2) if 1 - similar[a, b] <= min(allowed[a], allowed[b])
    ]
    assert len(wanted) >= 4
    assert nearly_equal(texts).tolist() == wanted


def test_one_word_of_eleven_may_differ_unless_all_texts_are_alike():
    rng = np.random.default_rng(1)
    texts = sentences(rng, 30)
    texts = [" ".join(text.split()[:11]) for text in texts]
    texts.append(" ".join([*texts[4].split()[:6], "another", *texts[4].split()[7:]]))
    assert nearly_equal(texts).tolist() == [[4, 30]]
    template = "it was a {} day with wind from the {} and little {}"
    words = ["cold", "humid", "stormy", "calm", "golden", "windless"]
    alike = [template.format(*(words[i] for i in three)) for three in itertools.permutations(range(6), 3)]
    # 844 of 7,140 pairs lack no more than texts may that have less in common.
    assert len(nearly_equal(alike)) < 200


@pytest.mark.parametrize("texts", [[], ["short", "short"], ["", ""]])
def test_texts_too_short_are_like_nothing(texts):
    assert nearly_equal(texts).shape == (0, 2)
