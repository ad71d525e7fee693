"""Explaining one row: what each input did, what is in it, who voted how, what is like it, what would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from polysight.core.errors import DataError
from polysight.core.memo import remembering
from polysight.data.cache import passing_cache
from polysight.data.columns import missing
from polysight.data.samples import Samples
from polysight.data.view import Cells
from polysight.explain import WITHIN
from polysight.explain.base import Explained, Explainer, Within
from polysight.explain.cases import Case, Cases, evidence_of
from polysight.explain.counterfactual import Counterfactual, Values, counterfactual
from polysight.explain.explanation import Explanation
from polysight.explain.modalities import Shares, shares_of
from polysight.explain.subject import Subject
from polysight.explain.voice import Voice

#: Letters of a cell that are shown.
LETTERS = 2_000


class Explainable(Explained, Protocol):
    """What a whole explanation needs of a model that predicts one target."""

    @property
    def cases_(self) -> Cases | None:
        """Training rows to set the answer beside, if it keeps any."""

    @property
    def values_(self) -> Values:
        """Values that table cells may be changed to."""

    @property
    def rules_(self) -> Mapping[str, Any]:
        """What it does in a few rules, if any were learned."""

    @property
    def faithfulness_(self) -> Mapping[str, Mapping[str, Any]]:
        """How its explanations stood up to tests, if they were tested."""

    @property
    def random_state(self) -> int:
        """The seed of what is drawn."""

    def prepared(self, samples: Samples) -> Samples:
        """The same samples with what answering derives from them."""

    def apart(self, row: Samples) -> Voice:
        """What it says of one row, and what that was made of."""


def explain_row(
    model: Explainable,
    subject: Subject,
    cells: Mapping[str, Cells],
    samples: Samples,
    *,
    methods: Sequence[str] | None = None,
    cases: bool = True,
) -> Explanation:
    """Explain what a model says of one row.

    Args:
        model: A fitted model.
        subject: What the explanation is to be about.
        cells: The row's cells by input.
        samples: The same row, read.
        methods: The explainers that look inside inputs; None takes those that belong to every explanation.
        cases: Whether to show the nearest training rows.

    Raises:
        DataError: There is not exactly one row, or nothing in it can be read.
        ConfigError: No such explainer.
    """
    explainers = [kind() for kind in map(WITHIN.load, WITHIN if methods is None else methods)]
    if methods is None:
        explainers = [one for one in explainers if one.by_default]
    _check(samples)
    # What the model makes of each input is the same whatever else is hidden: computed once, and then forgotten.
    with passing_cache(), remembering():
        return _explained(model, subject, cells, samples, explainers, cases=cases)


def _explained(
    model: Explainable,
    subject: Subject,
    cells: Mapping[str, Cells],
    samples: Samples,
    explainers: Sequence[Explainer],
    *,
    cases: bool,
) -> Explanation:
    row, seed = model.prepared(samples).as_origin(), model.random_state
    shares = shares_of(model, row, seed=seed)
    target = subject.place(shares.worth.everybody)
    return Explanation(
        subject=subject,
        shares=shares,
        voice=model.apart(row),
        within={name: found for name in shares.names if (found := _within(model, row, name, target, seed, explainers))},
        cases=_nearest(model.cases_, shares) if cases else None,
        change=_change(model, subject, cells, row, shares),
        cells={name: _written(part) for name, part in cells.items()},
        problems=samples.problems,
        faithfulness=model.faithfulness_,
        rules=model.rules_,
    )


def _check(samples: Samples) -> None:
    if len(samples) != 1:
        raise DataError(
            f"an explanation is of one row, not of {len(samples)}", where="explain", fix="such as test.iloc[[0]]"
        )
    if not samples.present.any():
        problems = "; ".join(f"{problem.column}: {problem.reason}" for problem in samples.problems)
        raise DataError(
            "nothing in this row can be read" + (f" ({problems})" if problems else ""),
            where="explain",
            fix="there is nothing to explain: the answer is what training rows have on average",
        )


def _within(
    model: Explained, row: Samples, name: str, target: int, seed: int, explainers: Sequence[Explainer]
) -> dict[str, Within]:
    found = {one.kind: one.explain(model, row, name, target, seed) for one in explainers}
    return {kind: part for kind, part in found.items() if part is not None}


def _nearest(cases: Cases | None, shares: Shares) -> tuple[Case, ...] | None:
    """The training rows like this one by what each input says alone, which the shares know already."""
    if cases is None:
        return None
    nobody = shares.worth.nobody
    said = {name: shares.worth.alone[place] for place, name in enumerate(shares.names)}
    alone = np.stack([said.get(name, nobody) for name in cases.names])
    present = np.array([name in said for name in cases.names])
    return cases.nearest(evidence_of(alone[None], present[None], nobody)[0])


def _change(
    model: Explainable, subject: Subject, cells: Mapping[str, Cells], row: Samples, shares: Shares
) -> Counterfactual | None:
    """What would have made the model say something else, whatever the explanation is about."""
    there = {name: columns for name, columns in model.values_.items() if name in shares.names}
    chosen = replace(subject, asked=None).place(shares.worth.everybody)
    return counterfactual(model, cells, row, there, chosen, seed=model.random_state) if there else None


def _written(cells: Cells) -> dict[str, str]:
    """The cells as text, shortened; empty where missing."""
    frame = cells.frame
    return {
        str(column): "" if missing(frame[column])[0] else str(frame[column].iloc[0])[:LETTERS]
        for column in frame.columns
    }
