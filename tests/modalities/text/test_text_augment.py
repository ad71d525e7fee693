import numpy as np

from polysight.modalities.text.augment import PADDING, UNKNOWN, word_dropout
from polysight.modalities.text.modality import Text

IDS = np.where(np.arange(50) < 40, np.arange(2, 52), PADDING) * np.ones((200, 1, 1), dtype=np.int64)


def test_a_tenth_of_the_words_becomes_unknown_and_padding_stays():
    dropped = word_dropout(IDS, np.random.default_rng(0))
    words = IDS != PADDING
    assert 0.08 < (dropped[words] == UNKNOWN).mean() < 0.12
    assert (dropped[~words] == PADDING).all()
    kept = dropped != UNKNOWN
    np.testing.assert_array_equal(dropped[kept], IDS[kept])


def test_none_means_all_augmentations_and_empty_means_none():
    arrays = {"ids": IDS}
    assert (Text().augmented(arrays, np.random.default_rng(0))["ids"] == UNKNOWN).any()
    assert Text(augment=()).augmented(arrays, np.random.default_rng(0))["ids"] is IDS
