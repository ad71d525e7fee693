"""Splits: which rows teach and which judge. Stratified by class; a group never stands on both sides."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy.typing import NDArray

from polysight.core.errors import ConfigError, DataError
from polysight.core.events import emit
from polysight.core.randomness import derived_seed, generator

#: The rows that teach and the rows that judge, each as row numbers in ascending order.
Fold = tuple[NDArray[np.intp], NDArray[np.intp]]


def holdout(
    codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None, *, fraction: float = 0.2, seed: int
) -> Fold:
    """Set a part of the rows aside to judge by: whole groups, each class in proportion as far as groups permit.

    Every class stays in training. A class whose rows are all in one group is therefore never judged on; the
    event ``class_in_one_group`` names it.

    Args:
        codes: The class of each row, 0 to classes - 1.
        groups: The group of each row, or None when each row stands for itself.
        fraction: The part of the rows to set aside, in (0, 1); whole groups may miss it by half a group.
        seed: The same seed gives the same split.

    Returns:
        The rows to train on and the rows to test on.

    Raises:
        DataError: Nothing can be set aside: each group (or row) is the only one of some class.
        ConfigError: ``fraction`` is not in (0, 1).
    """
    if not 0 < fraction < 1:
        raise ConfigError(f"cannot hold out a fraction of {fraction}", fix="give a number between 0 and 1")
    rng = generator(seed, "holdout")
    if groups is None:
        chosen = _choose_rows(codes, fraction, rng)
    else:
        counts, members = _group_counts(codes, groups)
        chosen = _choose_groups(counts, fraction, rng)[members]
    if not chosen.any():
        raise DataError(
            "no rows can be held out: each group is the only one with some class",
            where=f"the split of {len(codes)} rows",
            fix="pass a table to test on (--test), or choose another group column",
        )
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def folds(codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None, *, n: int, seed: int) -> list[Fold]:
    """Divide the rows into n parts of like class proportions; each fold trains on the others and judges one.

    Each row is judged in exactly one fold. With fewer groups (or rows) than ``n``, each is a fold of its own.
    Without groups, every class of two rows or more is in the training part of every fold. With groups this
    holds wherever a way was found; a class in one group (event ``class_in_one_group``) is bound to lack in one
    training part, so whoever trains on folds must be told how many classes there are.

    Args:
        codes: The class of each row, 0 to classes - 1.
        groups: The group of each row, or None when each row stands for itself.
        n: How many folds, at least 2.
        seed: The same seed gives the same folds.

    Returns:
        For each fold the rows to train on and the rows to judge.

    Raises:
        DataError: There are fewer than two groups (or rows).
        ConfigError: ``n`` is less than 2.
    """
    if n < 2:
        raise ConfigError(f"cannot make {n} folds", fix="ask for 2 or more")
    rng = generator(seed, "folds")
    if groups is None:
        parts = min(n, _at_least_two(len(codes), "row"))
        place = _deal_rows(codes, parts, rng)
    else:
        counts, members = _group_counts(codes, groups)
        parts = min(n, len(counts))
        place = _deal_groups(counts, parts, rng)[members]
    return [(np.flatnonzero(place != part), np.flatnonzero(place == part)) for part in range(parts)]


def repeated_folds(
    codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None, *, n: int, repeats: int, seed: int
) -> list[list[Fold]]:
    """``folds`` several times, divided differently each time; raises what ``folds`` raises.

    Where each group is a fold of its own there is only one way to divide, and one repetition comes back.
    """
    units = len(codes) if groups is None else len(np.unique(groups))
    ways = repeats if n < units else 1
    return [folds(codes, groups, n=n, seed=derived_seed(seed, "repeat", repeat)) for repeat in range(ways)]


def _choose_rows(codes: Int[np.ndarray, " row"], fraction: float, rng: np.random.Generator) -> Bool[np.ndarray, " row"]:
    """Rows to hold out, by largest remainder over classes; each class keeps a row."""
    totals = np.bincount(codes)
    shares = fraction * totals
    quotas = np.floor(shares).astype(np.intp)
    wanted = max(1, round(fraction * len(codes)))
    # Ties between equal remainders are broken at random, or the first classes would always win them.
    by_remainder = np.argsort(quotas - shares + rng.uniform(0, 1e-9, len(shares)))
    for code in by_remainder[quotas[by_remainder] < totals[by_remainder] - 1]:
        quotas[code] += quotas.sum() < wanted
    order = _by_class(codes, rng)
    rank = np.empty(len(codes), dtype=np.intp)
    rank[order] = np.arange(len(codes)) - (np.cumsum(totals) - totals)[codes[order]]
    return rank < quotas[codes]


def _deal_rows(codes: Int[np.ndarray, " row"], parts: int, rng: np.random.Generator) -> Int[np.ndarray, " row"]:
    """Deal rows out like cards, class after class: classes and parts differ by at most one row."""
    place = np.empty(len(codes), dtype=np.intp)
    place[_by_class(codes, rng)] = np.arange(len(codes)) % parts
    return place


def _by_class(codes: Int[np.ndarray, " row"], rng: np.random.Generator) -> Int[np.ndarray, " row"]:
    order = rng.permutation(len(codes))
    return order[np.argsort(codes[order], kind="stable")]


def _group_counts(
    codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"]
) -> tuple[Int[np.ndarray, "group class"], Int[np.ndarray, " row"]]:
    """How many rows of each class each group has, and the position of each row's group."""
    names, members = np.unique(groups, return_inverse=True)
    _at_least_two(len(names), "group")
    counts = np.zeros((len(names), int(codes.max()) + 1), dtype=np.intp)
    np.add.at(counts, (members, codes), 1)
    lone = np.flatnonzero((counts > 0).sum(axis=0) == 1)
    if len(lone):
        emit("class_in_one_group", classes=lone.tolist())
    return counts, members


def _at_least_two(units: int, noun: str) -> int:
    if units < 2:
        fix = "choose another group column, or none" if noun == "group" else "give more rows"
        raise DataError(f"cannot split {units} {noun}", where="the split", fix=fix)
    return units


def _shares(counts: Int[np.ndarray, "group class"]) -> Float[np.ndarray, "group share"]:
    """What part of each class, and of all rows, each group holds; the classes together weigh as much as size."""
    used = counts[:, counts.any(axis=0)]
    return np.column_stack([used / used.sum(axis=0) / np.sqrt(used.shape[1]), counts.sum(axis=1) / counts.sum()])


def _tries(groups: int) -> int:
    """How many random orders to try: many for few groups; many groups balance by themselves."""
    return int(np.clip(20_000 // groups, 1, 50))


def _choose_groups(
    counts: Int[np.ndarray, "group class"], fraction: float, rng: np.random.Generator
) -> Bool[np.ndarray, " group"]:
    """Groups to hold out: greedily nearer to ``fraction`` of each class, the best of several orders."""
    shares, totals = _shares(counts), counts.sum(axis=0)
    target = fraction * shares.sum(axis=0)
    best, best_distance = np.zeros(len(counts), dtype=bool), np.inf
    for _ in range(_tries(len(counts))):
        chosen, held, taken = np.zeros(len(counts), dtype=bool), np.zeros_like(target), np.zeros_like(totals)
        distance = np.inf
        for group in rng.permutation(len(counts)):
            after = float(((held + shares[group] - target) ** 2).sum())
            # A class that would have no row left to learn from stays in training.
            if after < distance and not ((taken + counts[group] == totals) & (totals > 0)).any():
                chosen[group], distance = True, after
                held, taken = held + shares[group], taken + counts[group]
        if distance < best_distance:
            best, best_distance = chosen, distance
    return best


def _deal_groups(
    counts: Int[np.ndarray, "group class"], parts: int, rng: np.random.Generator
) -> Int[np.ndarray, " group"]:
    """Deal groups out, large first, to the part with least of what they hold: the least sum of squared shares."""
    shares, totals = _shares(counts), counts.sum(axis=0)
    size = np.linalg.norm(shares, axis=1)
    best, best_cost = np.zeros(len(counts), dtype=np.intp), (len(totals) * parts + 1, np.inf)
    for attempt in range(_tries(len(counts))):
        place, held = np.empty(len(counts), dtype=np.intp), np.zeros((parts, shares.shape[1]))
        jitter = rng.permutation(len(counts)) * 1e-12 if attempt == 0 else rng.normal(0, 0.5, len(counts))
        for group in np.argsort(-np.log(size) + jitter):
            place[group] = (held @ shares[group]).argmin()
            held[place[group]] += shares[group]
        inside = np.zeros((parts, len(totals)), dtype=np.intp)
        np.add.at(inside, place, counts)
        cost = (int((inside == totals)[:, totals > 0].sum()), float((held**2).sum()))
        if cost < best_cost:
            best, best_cost = place, cost
    return best
