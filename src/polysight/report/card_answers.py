"""Card answers: what a run says to the questions of a model card; an empty answer where it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from polysight.evaluation.study_verdict import study_verdict
from polysight.evaluation.verdict import percent, share
from polysight.report.content import ReportContent
from polysight.report.numbers import count, spread, writer_of
from polysight.report.sections.slices import Slices, slice_name
from polysight.report.words import Words

#: Names listed in an answer before the rest is only counted.
_LISTED = 8
#: Rows below which the card warns of few rows.
_FEW = 200


class Answer(NamedTuple):
    """What an answer is made of: the run, and the words of a language."""

    content: ReportContent
    w: Words


def task(a: Answer) -> str:
    """What is predicted from what."""
    target, inputs = a.content.title, _inputs(a)
    return a.w("said_task", target=target, inputs=_listed(list(inputs), a.w)) if inputs else ""


def limits(a: Answer) -> str:
    """What the model must not be asked, and what its own numbers warn of."""
    said = [a.w("said_limit_population")]
    evaluation = a.content.evaluation
    if evaluation is not None:
        said.append(a.w("said_limit_classes", classes=_listed([str(k) for k in evaluation.classes], a.w)))
        if evaluation.n < _FEW:
            said.append(a.w("said_limit_rows", rows=evaluation.n))
        said += [note.text(a.w.lang) for note in evaluation.notes]
    return " ".join([*said, *study_verdict(a.content.metrics, a.w.lang)[-1:]])


def fairness(a: Answer) -> str:
    """The columns over which groups were compared."""
    columns = [str(one["column"]) for one in a.content.study("slices").get("fairness") or ()]
    return a.w("said_fairness", columns=_listed(columns, a.w)) if columns else ""


def source(a: Answer) -> str:
    """The tables, and the fingerprint of what was read."""
    settings, mark = a.content.settings, a.content.data.get("fingerprint")
    tables = [str(settings[name]) for name in ("table", "test") if settings.get(name)]
    return a.w("said_source", tables=_listed(tables, a.w), fingerprint=mark or "-") if tables else ""


def flow(a: Answer) -> str:
    """Rows in, rows used, rows measured on."""
    data = a.content.data
    if "rows" not in data or "rows_used" not in data:
        return ""
    aside = data["rows"] - data["rows_used"]
    facts = {"rows": count(data["rows"]), "used": count(data["rows_used"]), "aside": count(aside)}
    return a.w("said_flow", judged=count(a.content.metrics.get("n", 0)), **facts)


def outcome(a: Answer) -> str:
    """The column of the truth and its classes."""
    classes = [f"{name} ({count(rows)})" for name, rows in a.content.data.get("classes", {}).items()]
    return a.w("said_outcome", target=a.content.title, classes=_listed(classes, a.w)) if classes else ""


def predictors(a: Answer) -> str:
    """The inputs and their columns."""
    named = [
        f"{name} ({spec.get('kind', '')}: {_listed(_columns(name, spec), a.w)})" for name, spec in _inputs(a).items()
    ]
    return a.w("list_semicolon").join(named)


def preparation(a: Answer) -> str:
    """How each input is read, in the settings of its modality."""
    told = []
    for name, spec in _inputs(a).items():
        options = [f"{key} {value}" for key, value in spec.items() if key not in ("kind", "columns") and _plain(value)]
        told.append(f"{name}: {', '.join(options)}" if options else f"{name}")
    return a.w("said_preparation", settings=a.w("list_semicolon").join(told)) if told else ""


def missing(a: Answer) -> str:
    """How missing and unreadable cells are treated, and how many there were."""
    return a.w("said_missing", cells=count(len(a.content.set_aside))) if a.content.data else ""


def sample_size(a: Answer) -> str:
    """How many rows there were."""
    used = a.content.data.get("rows_used")
    return "" if used is None else a.w("said_sample_size", rows=count(used))


def partition(a: Answer) -> str:
    """How rows were kept apart."""
    where = a.w.known("evaluated", str(a.content.metrics.get("evaluated_on", "")))
    group = a.content.settings.get("group")
    return f"{where} {a.w('said_groups', group=group) if group else ''}".strip()


def model(a: Answer) -> str:
    """What it is made of."""
    board = a.content.metrics.get("leaderboard") or ()
    kept = [str(one.get("member")) for one in board if one.get("kept") and one.get("member") != "ensemble"]
    if kept:
        return a.w("said_members", tried=len(board), members=_listed(kept, a.w))
    learner = a.content.settings.get("learner") or {}
    return str(learner.get("kind", ""))


def imbalance(a: Answer) -> str:
    """The remedy against imbalance, or that there was none."""
    if a.content.evaluation is None:
        return ""
    remedy = a.content.metrics.get("imbalance") or {}
    return a.w("said_remedy", kind=remedy["kind"]) if remedy.get("kind") else a.w("said_no_remedy")


def output(a: Answer) -> str:
    """What an answer of the model looks like."""
    return a.w("said_output") if a.content.evaluation is not None else ""


def software(a: Answer) -> str:
    """The version, and what ran it."""
    facts = a.content.environment
    return (
        a.w("said_software", version=facts["polysight"], python=facts.get("python", "-"))
        if "polysight" in facts
        else ""
    )


def measures(a: Answer) -> str:
    """Which metrics, and how their intervals were made."""
    return a.w("said_measures") if a.content.metrics else ""


def performance(a: Answer) -> str:
    """The main numbers with their intervals."""
    evaluation = a.content.evaluation
    if evaluation is None:
        return ""
    told = []
    for name in ("accuracy", "f1_macro", "roc_auc_ovr", "log_loss", "ece"):
        if name in evaluation and evaluation[name].value is not None:
            write, estimate = writer_of(name), evaluation[name]
            told.append(f"{a.w(f'metric_{name}')} {write(estimate.value)} ({spread(estimate, write) or '-'})")
    return a.w("list_semicolon").join(told)


def heterogeneity(a: Answer) -> str:
    """Where it is weakest."""
    slices, spoken = a.content.study("slices").get("slices") or (), a.w.extended(Slices.words[a.w.lang])
    told = [f"{slice_name(one, spoken)} {percent((one.get('accuracy') or {}).get('value'))}" for one in slices[:3]]
    return a.w("said_heterogeneity", slices=a.w("list_semicolon").join(told)) if told else ""


def explanation(a: Answer) -> str:
    """Whether explanations were tested."""
    return a.w("said_explanation") if a.content.study("faithfulness") else ""


def external(a: Answer) -> str:
    """Whether the rows it was measured on come from elsewhere, which a run cannot know."""
    return a.w("said_external") if a.content.metrics.get("evaluated_on") == "test" else ""


def poor_input(a: Answer) -> str:
    """What happens when inputs are missing."""
    evaluation = a.content.evaluation
    if evaluation is None or not evaluation.missing:
        return ""
    told = [f"{a.w.without(name)} {share(m['accuracy'], a.w.lang)}" for name, m in evaluation.missing.items()]
    return a.w("said_poor_input", accuracies=a.w("list_semicolon").join(told[:_LISTED]))


def _inputs(a: Answer) -> Mapping[str, Mapping[str, Any]]:
    inputs = a.content.settings.get("inputs") or {}
    return {str(name): spec for name, spec in inputs.items() if isinstance(spec, Mapping)}


def _columns(name: str, spec: Mapping[str, Any]) -> list[str]:
    return [str(column) for column in spec.get("columns") or (name,)]


def _plain(value: Any) -> bool:
    return value is not None and not isinstance(value, list | dict)


def _listed(names: list[str], w: Words) -> str:
    shown = w("list_comma").join(names[:_LISTED])
    return shown if len(names) <= _LISTED else f"{shown} {w('said_more', count=len(names) - _LISTED)}"
