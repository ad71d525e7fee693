"""The value of each input: without it, with it shuffled, and with interactions taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.evaluation.intervals import Estimate
from polysight.evaluation.verdict import percent
from polysight.report.content import ReportContent
from polysight.report.intervals_plot import IntervalPlot, interval_plot
from polysight.report.numbers import estimate_of
from polysight.report.sections.base import Section
from polysight.report.words import Words


class ModalityValue(Section):
    """The study ``modality_value``."""

    kind: ClassVar[str] = "modality_value"
    chapter: ClassVar[str] = "value"
    heading: ClassVar[str] = "modality_value"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {
            "modality_value": "Does each input carry something of its own?",
            "input_shuffled": "{name} shuffled",
            "additive": "On {rows} rows all inputs are {whole} right; a model that only adds inputs up would be "
            "{additive}.",
            "additive_undefined": "Inputs only added up: {reason}.",
            "rows_needed": "About {rows} rows like these would be needed to tell.",
            "read_modality_value": "Accuracy on the same rows. Shuffled: each row gets that input of another row, "
            "so that it misleads. Only added up: the best answer in which no input changes what another one says; "
            "if it is as good, the inputs do not interact.",
        },
        "zh": {
            "modality_value": "每个输入是否各有贡献？",
            "input_shuffled": "打乱 {name}",
            "additive": "在 {rows} 行上，全部输入的正确率为 {whole}；若各输入仅仅相加，则为 {additive}。",
            "additive_undefined": "各输入仅相加：{reason}。",
            "rows_needed": "大约需要 {rows} 行同类数据才能判断是否值得融合。",
            "read_modality_value": "相同行上的准确率。打乱：每一行换上别的行的该输入，从而误导模型。仅仅相加："
            "任何输入都不改变其他输入含义时的最佳回答；若同样好，则各输入之间没有交互作用。",
        },
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The verdict and one scale for everything."""
        found = content.study("modality_value")
        if "all" not in found:
            return None
        return {"lines": lines(found, w), "plot": value_plot(found, w)}


def lines(found: Mapping[str, Any], w: Words) -> list[str]:
    """How many rows could tell about fusion, where these cannot, and what interactions are worth."""
    said = [w("rows_needed", rows=f"{found['rows_needed']:,}")] if found.get("rows_needed") else []
    additive = found.get("additive") or {}
    value, whole = estimate_of(additive), estimate_of(additive.get("all"))
    if value.value is None:
        return [*said, w("additive_undefined", reason=w.known("why", value.reason))] if additive else said
    if whole.value is None:
        whole = estimate_of(found["all"])
    shares = {"whole": percent(whole.value), "additive": percent(value.value)}
    return [*said, w("additive", rows=additive.get("rows", ""), **shares)]


def value_plot(found: Mapping[str, Any], w: Words) -> IntervalPlot:
    """All inputs, and each missing or shuffled, the costliest last."""
    everything = w("all_inputs")
    changed = [(w("input_without", name=name), estimate_of(plain)) for name, plain in found.get("without", {}).items()]
    changed += [(w("input_shuffled", name=name), estimate_of(e)) for name, e in found.get("shuffled", {}).items()]
    changed.sort(key=lambda item: -(item[1].value or 0.0))
    rows: list[tuple[str, Estimate]] = [(everything, estimate_of(found["all"]))]
    return interval_plot([*rows, *changed], frozenset({everything}))
