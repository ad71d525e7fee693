"""The harness: every method and baseline, every seed, on one split; finished trials are kept and not made again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.special import softmax

from polysight import __version__
from polysight.comparison.baselines import ENSEMBLE, alone, ensemble, only
from polysight.comparison.method import Method
from polysight.comparison.split import Split
from polysight.comparison.trial import COMPLETE, Trial
from polysight.core.config import describe
from polysight.core.errors import TrainingError
from polysight.core.events import emit
from polysight.core.memo import remembering
from polysight.data.samples import Samples
from polysight.data.view import content_key
from polysight.ensemble.fold_store import FoldStore
from polysight.evaluation.additive import additive_projection
from polysight.evaluation.recombined import Recombined
from polysight.learners.neural import NeuralClassifier

#: Test rows that the additive projection is made for.
ADDITIVE_ROWS = 200


@dataclass(frozen=True)
class Job:
    """One trial to be made: its name, its seed, what it depends on besides the rows, and how it is made."""

    name: str
    seed: int
    depends: str
    make: Callable[[], Trial]


class _Counted:
    """Makes a trial when called, and counts how often it was."""

    def __init__(self, job: Job) -> None:
        self.job, self.calls = job, 0

    def __call__(self) -> dict[str, Any]:
        self.calls += 1
        return self.job.make().to_state()


@dataclass(eq=False)
class Harness:
    """Compares methods on one split.

    Attributes:
        split: The rows.
        methods: What is compared.
        common: Options of the learner that all methods and baselines share.
        seeds: The seeds; each is one training of each method.
        folder: Where finished trials are kept; None keeps none.
        additive_rows: How many test rows the additive projection is made for, at most.
        trials: What is finished, by name; one trial a seed.
        failed: Methods that could not be trained, and why; they have no trials.
    """

    split: Split
    methods: Sequence[Method]
    common: Mapping[str, Any]
    seeds: Sequence[int]
    folder: Path | None = None
    additive_rows: int = ADDITIVE_ROWS
    trials: dict[str, list[Trial]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def baselines(self) -> tuple[str, ...]:
        """Each input alone and their ensemble; none where there is one input."""
        names = self.split.names
        return (*(only(name) for name in names), ENSEMBLE) if len(names) > 1 else ()

    def run(self) -> dict[str, list[Trial]]:
        """Make every trial that is not kept already. A method that fails with one seed is given up.

        Raises:
            TrainingError: A baseline, or every method, cannot be trained.
        """
        data, done, spent, made = self.split.fingerprint(), 0, 0.0, 0
        count = len(self.seeds) * (len(self.methods) + len(self.baselines))
        for seed in self.seeds:
            for job in self._jobs(seed):
                emit("trial_started", method=job.name, seed=seed, number=done + 1, of=count)
                started, fresh, done = time.monotonic(), _Counted(job), done + 1
                try:
                    trial = Trial.from_state(self._store(job, data).fetch(job.name, seed, fresh))
                except TrainingError as error:
                    self._give_up(job, error)
                    count -= sum(later > seed for later in self.seeds)
                    continue
                self.trials.setdefault(job.name, []).append(trial)
                made += fresh.calls
                spent += fresh.calls * (time.monotonic() - started)
                emit(
                    "trial_finished",
                    method=job.name,
                    seed=seed,
                    number=done,
                    of=count,
                    score=float(trial.right(self.split.codes).mean()),
                    seconds=trial.seconds,
                    kept=not fresh.calls,
                    left=spent / made * (count - done) if made else None,
                )
        return self.trials

    def _give_up(self, job: Job, error: TrainingError) -> None:
        self.failed[job.name] = f"{error.what} ({error.where}, seed {job.seed})"
        self.trials.pop(job.name, None)
        emit("trial_failed", method=job.name, seed=job.seed, reason=error.what)
        if job.name in self.baselines or len(self.failed) == len(self.methods):
            raise error

    def _store(self, job: Job, data: str) -> FoldStore:
        key = content_key([__version__, torch.__version__, job.name, job.depends, data])
        return FoldStore(self.folder, key.decode())

    def _jobs(self, seed: int) -> Iterator[Job]:
        asked = self._asked(seed)
        shared = [dict(self.common), [describe(modality) for modality in self.split.train.inputs.values()]]
        objective = self.methods[0].objective

        def depends(*parts: Any) -> str:
            threads = torch.get_num_threads()
            return json.dumps([*shared, threads, *parts], sort_keys=True, default=str)

        for method in (m for m in self.methods if m.name not in self.failed):
            own = [method.fusion, method.objective, method.balance, self.additive_rows]
            yield Job(method.name, seed, depends(*own), partial(self._fused, method, seed, asked))
        if not self.baselines:
            return
        given = (self.split, objective, self.common, seed, asked)
        for name in self.split.names:
            yield Job(only(name), seed, depends(objective), partial(alone, name, *given))
        # By now the trials of this seed are there: jobs are asked for one by one.
        members = {name: self.trials[only(name)][-1] for name in self.split.names}
        yield Job(ENSEMBLE, seed, depends(objective), partial(ensemble, members, *given))

    def _asked(self, seed: int) -> dict[str, Samples]:
        """The test rows as they are, with each input missing, and with each input shuffled among them."""
        split = self.split
        if len(split.names) == 1:
            return {COMPLETE: split.test}
        without = {f"without {name}": split.test.hide([name]) for name in split.names}
        return {COMPLETE: split.test, **without, **{f"shuffled {n}": split.shuffled(n, seed) for n in split.names}}

    def _fused(self, method: Method, seed: int, asked: Mapping[str, Samples]) -> Trial:
        train, started = self.split.train, time.monotonic()
        learner = method.learner(self.common, seed).fit_samples(
            train.samples, train.codes, inputs=train.inputs, classes=len(train.classes), groups=train.groups
        )
        seconds = time.monotonic() - started
        answers = {what: learner.predict_samples(rows) for what, rows in asked.items()}
        parameters = sum(p.numel() for p in learner.network_.parameters())
        if len(self.split.names) == 1:
            return Trial(answers, parameters, seconds)
        rows = self.split.sampled(self.additive_rows)
        return Trial(answers, parameters, seconds, _additive(learner, self.split.test.take(rows)), rows)


def _additive(learner: NeuralClassifier, samples: Samples) -> np.ndarray:
    with remembering():
        return softmax(additive_projection(Recombined(learner, samples), samples.names, len(samples)), axis=1)
