"""Term weights: words and character n-grams, counted and weighted (TF-IDF), sparse or projected (LSA)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from jaxtyping import Float
from scipy.sparse import csr_array, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.extmath import randomized_svd

from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import Matrix, View
from polysight.modalities.base import Cost, Features, learned
from polysight.modalities.text.words import runs, words

#: From this many texts on, a word that occurs in one text only is left out: there are enough others.
_MANY = 2_000
#: Texts come segmented: what stands between two blanks is a term.
_SEGMENT = r"\S+"


@dataclass(frozen=True, kw_only=True)
class TermWeights(Features):
    """What the text features share: segmentation in ``derive``, two vocabularies learned in ``fit``.

    Texts are segmented before scikit-learn sees them, so that its vectorisers need no function of ours and
    can be stored as data. Chinese has words of one and two characters here, and n-grams of its unbroken runs.

    A text in which nothing known occurs (``!!!``, or new words only) has no weights; a last column says so.

    Attributes:
        words: The shortest and the longest sequence of words that is a term.
        characters: The shortest and the longest n-gram of characters inside a word.
        max_terms: How many terms each of the two vocabularies keeps, the most frequent ones.
        max_characters: How much of a text character n-grams look at; words look at all of it.
        terms: How many terms there are in all; None before ``fit``.
        by_word: The fitted vectoriser of words and word pairs; None when the texts hold no word.
        by_character: The fitted vectoriser of character n-grams inside words; None as above.
    """

    modality: ClassVar[str] = "text"
    cached: ClassVar[bool] = False

    words: tuple[int, int] = (1, 2)
    characters: tuple[int, int] = (1, 5)
    max_terms: int = 30_000
    max_characters: int = 2_000
    terms: int | None = learned()
    # Estimators and arrays have no useful equality, so they take no part in ``==``.
    by_word: TfidfVectorizer | None = field(default=None, repr=False, compare=False, metadata={"learned": True})
    by_character: TfidfVectorizer | None = field(default=None, repr=False, compare=False, metadata={"learned": True})

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ConfigError: A range that is empty or starts below one, or a size below one.
        """
        for name in ("words", "characters"):
            shortest, longest = getattr(self, name)
            if not 1 <= shortest <= longest:
                raise ConfigError(
                    f"{name} must go from 1 or more upwards, not from {shortest} to {longest}",
                    where=self.kind,
                    fix="for example (1, 2)",
                )
        for name in ("max_terms", "max_characters"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} must be at least 1, not {getattr(self, name)}", where=self.kind)

    def cost(self, modality: Any) -> Cost:
        """Counting characters takes longest; a product of sparse rows sees some hundreds of them."""
        return Cost(0.02, 0.3, 0.0, 1_000)

    def derive(self, view: View) -> Matrix:
        """Segmented text, object [row, 2]: words parted by blanks, and the same with unbroken runs left whole."""
        segmented = np.empty((len(view), 2), dtype=object)
        for row, texts in enumerate(view.arrays["text"]):
            joined = "\n".join(texts)
            segmented[row] = " ".join(words(joined)), " ".join(runs(joined))[: self.max_characters]
        return segmented

    def fit(self, derived: Matrix, *, seed: int = 0) -> Self:
        """A copy that knows the terms of these rows and how rare each is."""
        word = TfidfVectorizer(
            analyzer="word", token_pattern=_SEGMENT, ngram_range=self.words, min_df=1 if len(derived) < _MANY else 2
        )
        character = TfidfVectorizer(analyzer="char_wb", ngram_range=self.characters, min_df=2)
        by_word, by_character = self._fitted(word, derived[:, 0]), self._fitted(character, derived[:, 1])
        terms = sum(len(fitted.vocabulary_) for fitted in (by_word, by_character) if fitted is not None)
        return dataclasses.replace(self, terms=terms, by_word=by_word, by_character=by_character)

    def _fitted(self, vectoriser: TfidfVectorizer, texts: np.ndarray) -> TfidfVectorizer | None:
        filled = [text for text in texts if text]
        if not filled:
            return None
        vectoriser.set_params(lowercase=False, sublinear_tf=True, dtype=np.float32, max_features=self.max_terms)
        try:
            fitted = vectoriser.fit(filled)
        except ValueError:
            # No term is in as many texts as asked for (few texts, or all of them names): then every term counts.
            fitted = vectoriser.set_params(min_df=1).fit(filled)
        # The blank that stands around words is an n-gram of one character, but says nothing.
        if " " in fitted.vocabulary_:
            rarity = fitted.idf_.copy()
            rarity[fitted.vocabulary_[" "]] = 0
            fitted.idf_ = rarity
        return fitted

    def weights(self, derived: Matrix) -> csr_array:
        """Term weights, float32 [row, term]; a row has length one, in equal parts from words and characters.

        Raises:
            NotFittedError: Called before ``fit``.
        """
        if self.terms is None:
            raise NotFittedError(f"{self.kind} has not seen training rows yet", fix="call fit first")
        if self.by_word is None or self.by_character is None:
            return csr_array((len(derived), 1), dtype=np.float32)
        parts = [self.by_word.transform(derived[:, 0]), self.by_character.transform(derived[:, 1])]
        weights = csr_array(hstack(parts, format="csr")) * np.float32(0.5**0.5)
        weights.eliminate_zeros()
        return weights


def without_terms(weights: csr_array) -> Float[np.ndarray, "row 1"]:
    """One where a row has no term at all, else zero."""
    return (np.diff(weights.indptr) == 0).astype(np.float32)[:, None]


@dataclass(frozen=True, kw_only=True)
class Tfidf(TermWeights):
    """TF-IDF of words, word pairs and character n-grams: sparse, for linear models and support vectors.

    Source: Salton and Buckley, Term-weighting approaches in automatic text retrieval, 1988.
    """

    kind: ClassVar[str] = "tfidf"

    def transform(self, derived: Matrix) -> Matrix:
        """Term weights, sparse float32 [row, term + 1]; the last column is one where there are none."""
        weights = self.weights(derived)
        return csr_array(hstack([weights, without_terms(weights)], format="csr"))


@dataclass(frozen=True, kw_only=True)
class TfidfSvd(TermWeights):
    """TF-IDF projected on its leading singular vectors (latent semantic analysis): dense, for trees and kernels.

    Source: Deerwester et al., Indexing by Latent Semantic Analysis, 1990.

    Attributes:
        dimensions: How many numbers a text becomes, at most.
        components: The singular vectors learned in ``fit``, float32 [term, dimension].
    """

    kind: ClassVar[str] = "tfidf_svd"

    dimensions: int = 100
    components: Float[np.ndarray, "term dimension"] | None = field(
        default=None, repr=False, compare=False, metadata={"learned": True}
    )

    def cost(self, modality: Any) -> Cost:
        """And the leading directions."""
        return dataclasses.replace(super().cost(modality), fit=0.1, columns=self.dimensions)

    def fit(self, derived: Matrix, *, seed: int = 0) -> Self:
        """A copy that knows the terms and the directions in which these rows differ most."""
        fitted = super().fit(derived, seed=seed)
        weights = fitted.weights(derived)
        count = min(self.dimensions, *weights.shape)
        _, _, directions = randomized_svd(weights, n_components=count, random_state=seed)
        return dataclasses.replace(fitted, components=np.ascontiguousarray(directions.T, dtype=np.float32))

    def transform(self, derived: Matrix) -> Matrix:
        """Coordinates, dense float32 [row, dimension + 1]; the last is one where the text has no known term.

        Raises:
            NotFittedError: Called before ``fit``.
        """
        weights = self.weights(derived)
        return np.hstack([np.asarray(weights @ self.components), without_terms(weights)])
