"""Progress: a bar on a terminal, plain lines elsewhere; both listen to the same events."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from polysight.cli.talk import Talk

Facts = Mapping[str, Any]


@contextmanager
def shown(talk: Talk, *, without: frozenset[str] = frozenset()) -> Iterator[None]:
    """Show the progress of the work inside the block on stderr.

    Args:
        talk: How the verb speaks.
        without: Events that get no line of their own off a terminal.
    """
    from polysight.core.events import listen

    if talk.quiet:
        yield
    elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with _bar() as listener, listen(listener):
            yield
    else:
        with listen(lambda name, facts: None if name in without else _say_line(talk, name, facts)):
            yield


def line_of(name: str, facts: Facts) -> str:
    """An event as one line, empty for events nobody needs to see."""
    template = LINES.get(name)
    return template(facts) if template else ""


def _say_line(talk: Talk, name: str, facts: Facts) -> None:
    line = line_of(name, facts)
    if line:
        talk.say(line)


@contextmanager
def _bar() -> Iterator[Callable[[str, dict[str, Any]], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[detail]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("reading", total=None, detail="")

        def listener(name: str, facts: dict[str, Any]) -> None:
            if name in _STARTED:
                done, of = facts["number"] - 1, facts["of"]
                progress.update(bar, description=_STARTED[name](facts), total=of, completed=done)
            elif name in _DETAILS:
                progress.update(bar, detail=_DETAILS[name](facts))
            elif line := line_of(name, facts):
                progress.console.print(line, highlight=False, markup=False)

        yield listener


def _understood(facts: Facts) -> str:
    inputs = ", ".join(f"{name} ({kind})" for name, kind in facts["inputs"].items())
    lines = [
        f"{_tasks(facts)}; {facts['used']} of {facts['rows']} rows used",
        f"inputs: {inputs}",
    ]
    if facts["set_aside"]:
        lines.append(f"{facts['set_aside']} cells or rows set aside: see set_aside.csv")
    lines += [f"look at column {column}: {warning}" for column, warning in facts["warnings"].items()]
    return "\n".join(lines)


def _tasks(facts: Facts) -> str:
    targets = facts["targets"]
    if list(targets.values()) == ["classification"]:
        return f"classification into {len(facts['classes'])} classes"
    return ", ".join(f"{kind} of {name}" for name, kind in targets.items())


def _epoch(facts: Facts) -> str:
    accuracy = facts.get("validation_accuracy")
    shown_accuracy = "" if accuracy is None else f", validation {accuracy:.3f}"
    rate = facts["rows_per_second"]
    return f"epoch {facts['epoch']}/{facts['epochs']}, loss {facts['loss']:.3f}{shown_accuracy}, {rate:.0f} rows/s"


def _features(facts: Facts) -> str:
    # Brings scikit-learn (through the errors), which --help does without.
    from polysight.core.duration import readable

    return f"features: about {readable(facts['expected'])}, less where the cache has them"


def _augmented(facts: Facts) -> str:
    liked = ", ".join(facts["liked"])
    return f"{facts['input']}: also trained with {liked}, which validation likes" if liked else ""


def _finished(facts: Facts) -> str:
    return f"{facts['member']}: {facts['score']:.3f} out of fold, {facts['seconds']:.1f} s"


def _trial(facts: Facts) -> str:
    return f"{facts['number']}/{facts['of']} {facts['method']}, seed {facts['seed']}"


def _trial_finished(facts: Facts) -> str:
    # Brings scikit-learn (through the errors), which --help does without.
    from polysight.core.duration import readable

    left = "" if not facts["left"] else f", about {readable(facts['left'])} left"
    spent = "kept from before" if facts["kept"] else f"{facts['seconds']:.1f} s"
    return f"{_trial(facts)}: {facts['score']:.3f}, {spent}{left}"


#: What the bar is about from then on.
_STARTED: Mapping[str, Callable[[Facts], str]] = {
    "member_started": lambda facts: f"{facts['number']}/{facts['of']} {facts['member']}",
    "trial_started": _trial,
}
#: What stands beside the bar while it moves.
_DETAILS: Mapping[str, Callable[[Facts], str]] = {
    "fold_started": lambda facts: f"fold {facts['fold'] + 1}/{facts['folds']}",
    "epoch": _epoch,
}

#: What each event is as a line; events that are not here are for ``events.jsonl`` alone.
LINES: Mapping[str, Callable[[Facts], str]] = {
    "table_understood": _understood,
    "run_started": lambda facts: f"run folder: {facts['folder']}{' (resumed)' if facts['resumed'] else ''}",
    "run_finished_before": lambda facts: (
        f"{facts['folder']} is finished: nothing is trained again; leave out --resume to train anew"
    ),
    "held_out": lambda facts: f"{facts['holdout']} rows held out to measure, {facts['train']} to learn from",
    "nested": lambda facts: f"{facts['rows']} rows are few: measured by {facts['folds']} nested folds",
    "outer_fold_started": lambda facts: f"outer fold {facts['fold'] + 1}/{facts['folds']}",
    "plain_started": lambda facts: f"the same without {facts['remedy']}, to compare recall by class",
    "features_started": _features,
    "augmentation_chosen": _augmented,
    "member_started": _STARTED["member_started"],
    "member_finished": _finished,
    "trial_finished": _trial_finished,
    "trial_failed": lambda facts: f"warning: {facts['method']} is given up (seed {facts['seed']}): {facts['reason']}",
    "member_skipped": lambda facts: f"{facts['member']}: {facts['reason']}",
    "epoch": _epoch,
    "groups_in_both_tables": lambda facts: (
        f"warning: {facts['groups']} values of {facts['column']} are in both tables; the numbers may be too good"
    ),
    "class_in_one_group": lambda facts: "warning: some classes are in one group only and cannot be judged fairly",
    "cache_unavailable": lambda facts: f"warning: nothing is cached: {facts['reason']}",
    "checkpoint_unusable": lambda facts: f"warning: a checkpoint of {facts['member']} is unusable and made again",
    "model_from_other_versions": lambda facts: (
        f"warning: the model was saved with other versions: {', '.join(facts['libraries'])}"
    ),
    "figures_lack_letters": lambda facts: (
        "figures/ shows boxes for letters that no font here has; install one that has them, such as Noto Sans CJK, "
        f"then: polysight report {facts['folder']}"
    ),
    "unlabelled_rows": lambda facts: f"warning: {facts['rows']} rows without a label are not measured",
    "labels_unseen": lambda facts: (
        f"warning: {facts['target']} holds labels never seen in training, which are left out: "
        f"{', '.join(facts['labels'])}"
    ),
    "columns_missing": lambda facts: f"warning: {facts['table']} lacks {', '.join(facts['columns'])}",
}
