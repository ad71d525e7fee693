"""Sentences: what evaluation says in plain words, in every language it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polysight.core.errors import ConfigError, did_you_mean

#: Language, stable word, sentence. Every language has the same words.
SENTENCES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "accuracy": "Accuracy {accuracy} on {n} rows; always guessing the most frequent class gives {majority}.",
        "target": "{metric}: {value} on {n} rows; an answer that looks at nothing ({guess}) gets {baseline}.",
        "no_better_than_guessing": "That is not clearly better than always guessing the most frequent class.",
        "fusion_yes": "Fusion justified: yes. All inputs together gain {gain} over {name} alone.",
        "fusion_no": "Fusion justified: no. All inputs together gain {gain} over {name} alone.",
        "fusion_open": "Fusion justified: cannot tell with this many rows. "
        "All inputs together gain {gain} over {name} alone.",
        "rows_needed": "If that gain is real, about {rows} rows like these would be needed to tell.",
        "told_fusion_yes": "yes",
        "told_fusion_no": "no",
        "told_fusion_open": "cannot tell with this many rows",
        "costliest": "The input that costs most when it is missing is {name}: accuracy falls to {accuracy}.",
        "nothing_costs": "No single input lowers accuracy when it is missing.",
        "overconfident": "Do not read its probabilities literally: stated confidence is off by {ece}.",
        "unseen_labels": "Rows whose label was never seen in training: {rows}. They count as wrong.",
        "absent_classes": "No row has the class {classes}; averages over classes leave it out.",
        "never_predicted": "The class {classes} was never predicted; its precision counts as 0 in averages.",
        "few_units": "Only {units} independent rows or groups: the intervals are rough.",
        "single_chosen_here": "The best single input ({name}) was chosen on these rows, "
        "which makes the gain of fusion look a little smaller than it is.",
        "abstention": "If it may leave the least confident rows to a person, it answers {answered} of them, {accuracy} "
        "rightly.",
        "weakest_slice": "It is weakest where {column} = {value}: accuracy {accuracy}, {rows} rows.",
        "interval": "{value} ({low} to {high})",
        "points": "{value} points",
        "points_interval": "{value} points ({low} to {high})",
        "comma": ", ",
        "and": " and ",
        "more": "{shown} and {rest} more",
    },
    "zh": {
        "accuracy": "在 {n} 行上的准确率为 {accuracy}；始终猜测最常见类别的准确率为 {majority}。",
        "target": "{n} 行上的{metric}：{value}；不看任何输入的答案（{guess}）为 {baseline}。",
        "no_better_than_guessing": "这并不明显优于始终猜测最常见的类别。",
        "fusion_yes": "是否值得融合：值得。与仅用 {name} 相比，全部输入的准确率变化 {gain}。",
        "fusion_no": "是否值得融合：不值得。与仅用 {name} 相比，全部输入的准确率变化 {gain}。",
        "fusion_open": "是否值得融合：以目前的行数无法判断。与仅用 {name} 相比，全部输入的准确率变化 {gain}。",
        "rows_needed": "如果该增益属实，大约需要 {rows} 行同类数据才能判断。",
        "told_fusion_yes": "值得",
        "told_fusion_no": "不值得",
        "told_fusion_open": "以目前的行数无法判断",
        "costliest": "缺失时代价最大的输入是 {name}：准确率降至 {accuracy}。",
        "nothing_costs": "缺失任何单个输入都不会降低准确率。",
        "overconfident": "不要按字面理解它给出的概率：置信度与实际正确率平均相差 {ece}。",
        "unseen_labels": "标签在训练中从未出现的行：{rows} 行，按错误计。",
        "absent_classes": "没有任何一行属于类别 {classes}；按类别求平均时不计入。",
        "never_predicted": "类别 {classes} 从未被预测；其精确率在平均中按 0 计。",
        "few_units": "只有 {units} 个独立的行或组：区间较为粗略。",
        "single_chosen_here": "最佳单一输入（{name}）是在这些行上选出的，因此融合的增益看起来会略小于实际。",
        "abstention": "若允许把最没有把握的行交给人处理，它会回答其中的 {answered}，正确率为 {accuracy}。",
        "weakest_slice": "它在 {column} = {value} 的行上最弱：准确率 {accuracy}，共 {rows} 行。",
        "interval": "{value}（{low} 至 {high}）",
        "points": "{value} 个百分点",
        "points_interval": "{value} 个百分点（{low} 至 {high}）",
        "comma": "、",
        "and": "和",
        "more": "{shown}等，另有 {rest} 个",
    },
}

#: Names listed in a sentence before the rest is only counted.
_LISTED = 5


def sentence(lang: str, code: str, **facts: Any) -> str:
    """The sentence of a stable word; a list among its facts is written out.

    Raises:
        ConfigError: A language polysight does not speak.
    """
    if lang not in SENTENCES:
        fix = did_you_mean(lang, SENTENCES) or f"choose one of: {', '.join(SENTENCES)}"
        raise ConfigError(f"there are no words in {lang!r}", where="lang", fix=fix)
    table = SENTENCES[lang]
    if "classes" in facts:
        facts["classes"] = _listed(table, facts["classes"])
    return table[code].format(**facts)


def _listed(table: Mapping[str, str], names: list[str]) -> str:
    comma = table["comma"]
    if len(names) > _LISTED:
        return table["more"].format(shown=comma.join(names[:_LISTED]), rest=len(names) - _LISTED)
    return table["and"].join([comma.join(names[:-1]), names[-1]] if len(names) > 1 else names)
