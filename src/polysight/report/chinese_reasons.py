"""Reasons in Chinese: what training and reading wrote in English, by pattern."""

_KNOWN_BEFORE = "；如果在标签之前就已知，请在 inputs 中指明"
_NAME_IT = "; name it under inputs if it is known before the label"

#: A pattern that matches a whole reason, and its Chinese with the groups of the pattern.
CHINESE_REASONS = {
    # Members
    r"weight (\S+)": r"权重 \1",
    r"part of an expert": r"参与专家乘积",
    r"used when only (.+) is there": r"仅有 \1 时使用",
    r"adds nothing to the others": r"对其他成员没有增益",
    r"skipped: needs about (.+), (.+) were left": r"已跳过：约需 \1，只剩 \2",
    r"not tried: (\d+) rows, (\d+) in the rarest class: too few to stack on": (
        r"未尝试：仅 \1 行，最少的类别 \2 行，不足以做堆叠"
    ),
    r"not tried: (\d+) rows have every input, (\d+) are needed": r"未尝试：仅 \1 行具备全部输入，至少需要 \2 行",
    r"not tried: there is one vote to stack": r"未尝试：只有一个成员可供堆叠",
    r"not tried: the groups cannot be divided": r"未尝试：分组无法再划分",
    r"dropped: (.+)": r"已放弃：\1",
    r"(.+) \(product of experts multiplies one expert an input\)": (
        r"\1（product of experts：每个输入一个专家，概率相乘）"
    ),
    # Columns
    r"named as the target": r"指定为目标列",
    r"named as the group": r"指定为分组列",
    r"named as input '(.+)'": r"指定为输入“\1”",
    r"not among the inputs named": r"不在指定的输入之中",
    r"as asked": r"按要求不使用",
    r"numbers": r"数字",
    r"(\d+) levels in (\d+) cells": r"\2 个单元格中有 \1 种取值",
    r"(\d+) words a cell, (\d+) of (\d+) cells distinct": r"平均每格 \1 个词，\3 个单元格中有 \2 个互不相同",
    r"(\d+) of (\d+) cells looked at end like (\w+) files; (\d+) of these are there": (
        r"所查看的 \2 个单元格中有 \1 个以 \3 文件的后缀结尾，其中 \4 个文件存在"
    ),
    r"every cell is empty": r"每个单元格都是空的",
    r"holds (.+) in every row": r"每行都是 \1",
    r"says which part or fold of the data a row is in": r"标明该行属于数据的哪一部分或哪一折",
    r"names files that are not under (.+), and its cells hold the label": r"所指文件不在 \1 之下，且单元格中含有标签",
    r"names files that are not under (.+)": r"所指文件不在 \1 之下",
    r"holds numbers with commas, which may group thousands or start decimals": (
        r"数字中的逗号可能是千位分隔，也可能是小数点"
    ),
    r"holds dates, which no modality reads; give numbers such as an age or days since": (
        r"内容为日期，没有模态能读取；请改为年龄或天数等数字"
    ),
    r"(.+) that no modality reads": r"没有模态能读取：\1",
    r"numbers the rows: whole numbers, each of them once": r"行号：每个整数只出现一次",
    r"an identifier: a code that is different in every row": r"标识符：每行的代码都不同",
    r"every value occurs once only": r"每个取值只出现一次",
    r"names whose row it is: (\d+) values in (\d+) rows looked at": r"说明该行属于谁：所查看的 \2 行中有 \1 种取值",
    rf"a copy of the target: each of its (\d+) values has one label{_NAME_IT}": (
        rf"目标的副本：它的 \1 种取值各对应一个标签{_KNOWN_BEFORE}"
    ),
    rf"the source of the target: (\d+) thresholds on it give every label{_NAME_IT}": (
        rf"目标的来源：用 \1 个阈值即可得到全部标签{_KNOWN_BEFORE}"
    ),
    # What a person should look at
    r"looks like a group; pass --group (.+) so that its rows stay together in every split": (
        r"看起来是分组；请使用 --group \1，使同组的行在每次划分中都在一起"
    ),
    r"its text names the label '(.+)' in most rows of that class: is it written before the label is known\?": (
        r"该类的大多数行在文本中写出了标签“\1”：这些文本是否在知道标签之前写成？"
    ),
    r"if the files should be there, check --root": r"如果文件应当存在，请检查 --root",
    r"write its numbers with a decimal point and without grouping": r"请用小数点书写数字，不要使用千位分隔",
    r"would not be inferred: (.+)": r"自动推断不会使用它：\1",
}
