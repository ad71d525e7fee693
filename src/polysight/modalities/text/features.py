"""Term weights: words and character n-grams, counted and weighted (TF-IDF), sparse or projected (LSA)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np
from jaxtyping import Float
from scipy.sparse import csr_array, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.extmath import randomized_svd

from polysight.core.errors import NotFittedError
from polysight.data.view import Matrix, View
from polysight.modalities.base import Features, learned
from polysight.modalities.text.words import runs, words

#: From this many texts on, a word that occurs in one text only is left out: there are enough others.
_MANY = 2_000
#: Texts come segmented: what stands between two blanks is a term.
_SEGMENT = r"\S+"


@dataclass(frozen=True, kw_only=True)
class TermWeights(Features):
    """What the text features share: segmentation in ``derive``, two vocabularies learned in ``fit``.

    Texts are segmented before scikit-learn sees them, so that its vectorisers need no function of ours and
    can be stored as data. Chinese has words of one and two characters here and runs of two to five.

    Attributes:
        max_terms: How many terms each of the two vocabularies keeps, the most frequent ones.
        max_characters: How much of a text character n-grams look at; words look at all of it.
        terms: How many terms there are in all; None before ``fit``.
        by_word: The fitted vectoriser of words and word pairs; None when the texts hold no word.
        by_character: The fitted vectoriser of character n-grams inside words; None as above.
    """

    modality: ClassVar[str] = "text"
    cached: ClassVar[bool] = False

    max_terms: int = 30_000
    max_characters: int = 2_000
    terms: int | None = learned()
    # Estimators and arrays have no useful equality, so they take no part in ``==``.
    by_word: TfidfVectorizer | None = field(default=None, repr=False, compare=False, metadata={"learned": True})
    by_character: TfidfVectorizer | None = field(default=None, repr=False, compare=False, metadata={"learned": True})

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
            analyzer="word", token_pattern=_SEGMENT, ngram_range=(1, 2), min_df=1 if len(derived) < _MANY else 2
        )
        character = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2)
        by_word, by_character = self._fitted(word, derived[:, 0]), self._fitted(character, derived[:, 1])
        terms = sum(len(fitted.vocabulary_) for fitted in (by_word, by_character) if fitted is not None)
        return dataclasses.replace(self, terms=terms, by_word=by_word, by_character=by_character)

    def _fitted(self, vectoriser: TfidfVectorizer, texts: np.ndarray) -> TfidfVectorizer | None:
        filled = [text for text in texts if text]
        if not filled:
            return None
        vectoriser.set_params(lowercase=False, sublinear_tf=True, dtype=np.float32, max_features=self.max_terms)
        try:
            return vectoriser.fit(filled)
        except ValueError:
            # No term is in as many texts as asked for (few texts, or all of them names): then every term counts.
            return vectoriser.set_params(min_df=1).fit(filled)

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
        return csr_array(hstack(parts)) * np.float32(0.5**0.5)


@dataclass(frozen=True, kw_only=True)
class Tfidf(TermWeights):
    """TF-IDF of words, word pairs and character n-grams: sparse, for linear models and support vectors.

    Source: Salton and Buckley, Term-weighting approaches in automatic text retrieval, 1988.
    """

    kind: ClassVar[str] = "tfidf"

    def transform(self, derived: Matrix) -> Matrix:
        """Term weights, sparse float32 [row, term]."""
        return self.weights(derived)


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

    def fit(self, derived: Matrix, *, seed: int = 0) -> Self:
        """A copy that knows the terms and the directions in which these rows differ most."""
        fitted = super().fit(derived, seed=seed)
        weights = fitted.weights(derived)
        count = min(self.dimensions, *weights.shape)
        _, _, directions = randomized_svd(weights, n_components=count, random_state=seed)
        return dataclasses.replace(fitted, components=np.ascontiguousarray(directions.T, dtype=np.float32))

    def transform(self, derived: Matrix) -> Matrix:
        """Coordinates, dense float32 [row, dimension].

        Raises:
            NotFittedError: Called before ``fit``.
        """
        return np.asarray(self.weights(derived) @ self.components)
