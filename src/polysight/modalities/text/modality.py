"""Text: cells that hold free text, in any language; for a network, numbers of words in a learned vocabulary."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from polysight.core.errors import ConfigError, NotFittedError, UnreadableCellError
from polysight.data.view import View
from polysight.modalities.augmentations import check_augmentations
from polysight.modalities.base import Arrays, Classical, FeatureSpecs, Match, learned
from polysight.modalities.cellwise import CellwiseModality, Decoded
from polysight.modalities.corruption import Corruption
from polysight.modalities.facts import Fact, Measure
from polysight.modalities.text.augment import AUGMENTATIONS, UNKNOWN
from polysight.modalities.text.corruptions import CORRUPTIONS
from polysight.modalities.text.facts import MEASURES, telling_words
from polysight.modalities.text.sniffing import free_text
from polysight.modalities.text.units import words_of
from polysight.modalities.text.words import words
from polysight.modalities.units import Units


@dataclass(frozen=True, kw_only=True)
class Text(CellwiseModality):
    """Free text.

    Attributes:
        max_words: How many words the vocabulary keeps, the most frequent ones.
        max_length: How many words of a text a network reads; features read all of them.
        augment: Changes to training batches, by name (``word_dropout``); None is all of them, empty is none.
        vocabulary: The words known after ``fit``, most frequent first; the first has number 2.
    """

    kind: ClassVar[str] = "text"
    default_encoder: ClassVar[str] = "text_lstm"
    measures: ClassVar[Mapping[str, Measure]] = MEASURES
    corruptions: ClassVar[Mapping[str, Corruption]] = CORRUPTIONS
    decoding_is_slow: ClassVar[bool] = False
    blanks: ClassVar[Mapping[str, float | str]] = {"text": ""}

    max_words: int = 10_000
    max_length: int = 100
    augment: tuple[str, ...] | None = None
    vocabulary: tuple[str, ...] | None = learned()

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ConfigError: A size below one or an augmentation that does not exist.
        """
        for name in ("max_words", "max_length"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} must be at least 1, not {getattr(self, name)}", where="text")
        check_augmentations(self.augment, AUGMENTATIONS, "text")

    @classmethod
    def sniff(cls, column: pd.Series, root: Any) -> Match:
        """Free text: several words a cell, hardly any cell like another."""
        return free_text(column)

    @property
    def default_features(self) -> FeatureSpecs:
        """Weights of words and characters."""
        return ("tfidf",)

    @property
    def compact_features(self) -> FeatureSpecs:
        """Their leading directions."""
        return ("tfidf_svd",)

    @property
    def classical(self) -> tuple[Classical, ...]:
        """A linear model of many weights, a kernel on few directions."""
        return (Classical(("tfidf",), "logistic"), Classical(("tfidf_svd",), "svm"))

    def load(self, cell: str, root: Path) -> bytes:
        """The cell itself."""
        try:
            return cell.encode()
        except UnicodeEncodeError:
            raise UnreadableCellError(
                "bad_text", "holds half a character (a lone surrogate)", fix="write the table again as UTF-8"
            ) from None

    def decode(self, content: bytes) -> Decoded:
        """The text as it was written."""
        return {"text": np.asarray(content.decode(), dtype=object)}

    def blank(self) -> Decoded:
        """The empty text."""
        return {"text": np.asarray("", dtype=object)}

    def decoding_settings(self) -> dict[str, Any]:
        """Nothing: a text is read as it is."""
        return {}

    def fit(self, view: View) -> Self:
        """A copy that knows the most frequent words of these rows; equally frequent ones in code-point order."""
        counts = Counter(word for text in view.arrays["text"][view.present] for word in words(text))
        ranked = sorted(counts, key=lambda word: (-counts[word], word))
        return dataclasses.replace(self, vocabulary=tuple(ranked[: self.max_words]))

    def transform(self, view: View) -> Arrays:
        """Word numbers, ``{"ids": int64 [row, slot, word]}``: 0 fills up, 1 is a word never seen in training.

        Raises:
            NotFittedError: Called before ``fit``.
        """
        if self.vocabulary is None:
            raise NotFittedError("this Text has no vocabulary yet", fix="call fit with the training rows first")
        numbers = {word: number for number, word in enumerate(self.vocabulary, start=UNKNOWN + 1)}
        ids = np.zeros((*view.present.shape, self.max_length), dtype=np.int64)
        for row, slot in np.argwhere(view.present):
            known = [numbers.get(word, UNKNOWN) for word in words(view.arrays["text"][row, slot])[: self.max_length]]
            ids[row, slot, : len(known)] = known
        return {"ids": ids}

    def facts(self, view: View) -> tuple[Fact, ...]:
        """How many words each column has, and whether each of the more frequent ones is among them."""
        found = []
        for slot, column in enumerate(self.columns):
            found.append(MEASURES["words"].fact("words", column))
            found += [MEASURES["contains"].fact("contains", column, word) for word in telling_words(view, slot)]
        return tuple(found)

    def place_names(self, view: View) -> tuple[str, ...]:
        """The words a network reads."""
        names: list[str] = []
        for text in view.arrays["text"][0]:
            read = words(text)[: self.max_length]
            names += [*read, *[""] * (self.max_length - len(read))]
        return tuple(names)

    def units_there(self, row: View) -> Units:
        """The words."""
        return words_of(row, self.columns)

    def augmented(self, arrays: Arrays, rng: np.random.Generator) -> Arrays:
        """A training batch with some words hidden; the arrays given are left alone."""
        ids = arrays["ids"]
        for name in AUGMENTATIONS if self.augment is None else self.augment:
            ids = AUGMENTATIONS[name](ids, rng)
        return {**arrays, "ids": ids}
