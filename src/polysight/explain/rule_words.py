"""Rules in words, English and Chinese, from what ``Rules.to_json`` gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

#: What a measure is called; one that is not here is called by its name.
MEASURES: Mapping[str, Mapping[str, str]] = {
    "en": {"points": "number of points", "words": "number of words", "frames": "number of frames"}
    | {"steps": "number of steps", "pitch": "mean frequency", "evenness": "mean loudness below the loudest point"},
    "zh": {
        "brightness": "亮度",
        "contrast": "对比度",
        "colourfulness": "色彩鲜艳度",
        "duration": "时长",
        "pitch": "平均频率",
        "evenness": "相对最响处的平均响度",
        "depth": "深度",
        "height": "高度",
        "width": "宽度",
        "frames": "帧数",
        "motion": "运动量",
        "steps": "步数",
        "level": "均值",
        "spread": "标准差",
        "points": "点数",
        "radius": "半径",
        "thickness": "厚度",
        "words": "词数",
    },
}
_EN = {
    "if": "if {conditions} then {says}",
    "always": "always {says}",
    "and": " and ",
    "numbers": "covers {coverage:.0%} of rows, {fidelity} of them as the model",
    "none": "covers no judged row",
    "of": "{measure} of {column}",
    "between": "{name} > {above} and <= {most}",
    "above": "{name} > {above}",
    "most": "{name} <= {most}",
    "unknown": "{condition} or unknown",
    "only_unknown": "{name} is unknown",
    "only_known": "{name} is known",
    "is": ("{column} is not {value!r}", "{column} is {value!r}"),
    "contains": ("{column} lacks the word {value!r}", "{column} has the word {value!r}"),
    "present": ("{column} is missing", "{column} is there"),
    "faithful": "The rules say what the model says of {fidelity:.0%} of {rows} rows they were not fitted on "
    "(always the most frequent answer: {majority:.0%}).",
    "unfaithful": "NOT FAITHFUL: the rules say what the model says of only {fidelity:.0%} of {rows} rows they were not "
    "fitted on (always the most frequent answer: {majority:.0%}). Do not read them as the model's reasons.",
}
_ZH = {
    "if": "如果 {conditions}，则 {says}",
    "always": "总是 {says}",
    "and": " 且 ",
    "numbers": "覆盖 {coverage:.0%} 的行，其中 {fidelity} 与模型一致",
    "none": "未覆盖任何评判行",
    "of": "{column} 的{measure}",
    "between": "{name} > {above} 且 <= {most}",
    "above": "{name} > {above}",
    "most": "{name} <= {most}",
    "unknown": "{condition} 或未知",
    "only_unknown": "{name} 未知",
    "only_known": "{name} 已知",
    "is": ("{column} 不是 {value!r}", "{column} 是 {value!r}"),
    "contains": ("{column} 不含词 {value!r}", "{column} 含词 {value!r}"),
    "present": ("缺少 {column}", "有 {column}"),
    "faithful": "在 {rows} 行未用于拟合的数据上，规则与模型的回答有 {fidelity:.0%} 一致"
    "（始终给出最常见回答：{majority:.0%}）。",
    "unfaithful": "不忠实：在 {rows} 行未用于拟合的数据上，规则与模型的回答仅 {fidelity:.0%} 一致"
    "（始终给出最常见回答：{majority:.0%}）。不要把它们当作模型的理由。",
}
_WORDS: Mapping[str, Mapping[str, Any]] = {"en": _EN, "zh": _ZH}


def rule_lines(rules: Mapping[str, Any], language: str = "en") -> list[str]:
    """The verdict, then a line for each rule.

    Args:
        rules: What ``Rules.to_json`` gives.
        language: ``en`` or ``zh``.
    """
    words = _WORDS[language]
    fidelity, rows = rules["fidelity"]["value"], rules["judged_on"]
    verdict = words["faithful" if rules["faithful"] else "unfaithful"]
    lines = [verdict.format(fidelity=fidelity, rows=rows, majority=rules["majority"])]
    return lines + [f"{rule_text(rule, language)} ({_numbers(rule, words)})" for rule in rules["rules"]]


def rule_text(rule: Mapping[str, Any], language: str = "en") -> str:
    """One rule as a sentence."""
    words = _WORDS[language]
    conditions = words["and"].join(condition_text(one, language) for one in rule["if"])
    return words["if" if conditions else "always"].format(conditions=conditions, says=rule["then"])


def condition_text(condition: Mapping[str, Any], language: str = "en") -> str:
    """One condition as a phrase."""
    words, measure = _WORDS[language], condition["measure"]
    column = condition["column"] or condition["input"]
    limited = condition["above"] is not None or condition["most"] is not None
    if not (limited and condition["known"]):
        which = "only_known" if condition["known"] else "only_unknown"
        return str(words[which].format(name=_name(condition, column, language)))
    if condition["yes_no"] and measure in words:
        phrase = words[measure][condition["above"] is not None].format(column=column, value=condition["value"])
    else:
        phrase = _limits(condition, _name(condition, column, language), words)
    return str(words["unknown"].format(condition=phrase)) if condition["unknown"] else str(phrase)


def _name(condition: Mapping[str, Any], column: str, language: str) -> str:
    measure = condition["measure"]
    if measure in ("number", "is"):
        return column
    called = MEASURES[language].get(measure, measure)
    of = f"{column}, {condition['value']}" if condition["value"] else column
    return str(_WORDS[language]["of"].format(measure=called, column=of))


def _limits(condition: Mapping[str, Any], name: str, words: Mapping[str, Any]) -> str:
    shown = {
        key: f"{condition[key]:.4g}{' ' if condition['unit'] else ''}{condition['unit']}"
        for key in ("above", "most")
        if condition[key] is not None
    }
    return str(words["between" if len(shown) == 2 else next(iter(shown))].format(name=name, **shown))


def _numbers(rule: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    if rule["fidelity"] is None:
        return str(words["none"])
    return str(words["numbers"].format(coverage=rule["coverage"], fidelity=f"{rule['fidelity']:.0%}"))


def languages() -> Sequence[str]:
    """The languages rules are told in."""
    return tuple(_WORDS)
