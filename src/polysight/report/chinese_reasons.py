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
    # Plans
    r"(\w+) on (.+): a strong start for (\w+)": r"\2 上的 \1：对 \3 是稳妥的起点",
    r"all features side by side let inputs correct each other": r"全部特征并列，使各输入互相纠正",
    r"a Gaussian kernel over all features sees simple interactions": r"全部特征上的高斯核能看到简单的交互",
    r"trees find interactions between short descriptions of all inputs": r"树模型在各输入的简短描述之间寻找交互",
    r"a small augmented network is the best single learner for many (\w+) inputs": (
        r"对许多 \1 输入，带数据增强的小网络是最好的单一模型"
    ),
    r"one network over all inputs learns how they interact": r"一个覆盖全部输入的网络能学到它们如何交互",
    r"(\d+) rows are too few for a network \(it takes (\d+)\)": r"\1 行对网络来说太少（至少需要 \2 行）",
    r"(\S+) rows, (\d+) classes, (\d+) rows in the rarest: classical learners on features of each input.*": (
        r"\1 行，\2 个类别，最少的类别有 \3 行：对每个输入用特征上的经典模型，以较多的折评判；行数这么少时，"
        r"学习权重得不偿失，因此直接把各输入的概率相乘。"
    ),
    r"(\S+) rows, (\d+) classes, (\d+) rows in the rarest: classical learners on two or three.*": (
        r"\1 行，\2 个类别，最少的类别有 \3 行：每个输入两三组特征上的经典模型很难被超过；带数据增强的小网络"
        r"能看到特征看不到的东西。"
    ),
    r"(\S+) rows, (\d+) classes, (\d+) rows in the rarest: networks trained on the data itself.*": (
        r"\1 行，\2 个类别，最少的类别有 \3 行：直接在数据上训练的网络与特征不相上下；两者都试，并在折外加权。"
    ),
    r"(\S+) rows, (\d+) classes, (\d+) rows in the rarest: networks have enough to learn from.*": (
        r"\1 行，\2 个类别，最少的类别有 \3 行：网络有足够的数据可学；经典模型在够快时才试。"
    ),
    r"(\S+): (\w+), (\d+) columns?, there in (\S+) of the rows; the others are answered without it\.": (
        r"\1：\2，\3 列，\4 的行有该输入；其余行在没有它的情况下回答。"
    ),
    r"(\S+): (\w+), (\d+) columns?\.": r"\1：\2，\3 列。",
    r"The rarest class has (\d+) rows: stacking needs 15 and is not tried, and .*": (
        r"最少的类别只有 \1 行：堆叠需要 15 行，因此不试；关于该类别的数字只依据很少的行。"
    ),
    r"The classes are imbalanced \((\d+) rows to (\d+)\): .*": (
        r"类别不平衡（\1 行对 \2 行）：请看逐类召回率和宏平均，不要只看准确率。"
    ),
    r"No remedy for rare classes: the commonest class has (\d+) rows, the rarest (\d+), not more than (\d+) to 1\.": (
        r"稀有类别无需处理：最多的类别 \1 行，最少的 \2 行，不超过 \3 比 1。"
    ),
    r"Rare classes: --imbalance threshold\. (\d+) rows of the commonest class to (\d+) of the rarest are more than "
    r"(\d+) to 1, .*; with .*": (
        r"稀有类别：建议 --imbalance threshold。最多的类别 \1 行，最少的 \2 行，超过 \3 比 1，因此概率最大的类别很少是"
        r"稀有类别。判定前先把每个概率除以该类所占的份额，稀有类别便能与常见类别差不多同样被找到；最少的类别行数太少，"
        r"复制或合成的行带不来多少新信息。概率本身不变；会有一些常见类别的行被判为稀有类别。"
    ),
    r"Rare classes: --imbalance threshold\. (\d+) rows of the commonest class to (\d+) of the rarest are more than "
    r"(\d+) to 1, .*; over, .*": (
        r"稀有类别：建议 --imbalance threshold。最多的类别 \1 行，最少的 \2 行，超过 \3 比 1，因此概率最大的类别很少是"
        r"稀有类别。判定前先把每个概率除以该类所占的份额，稀有类别便能与常见类别差不多同样被找到；over、smote 和 "
        r"class_weights 效果相近，却要多训练一次。概率本身不变；会有一些常见类别的行被判为稀有类别。"
    ),
    r"No group column: .*": r"没有分组列：同一患者、说话人或产品的行不应分在两边；见 --group。",
    r"(\S+) groups stay whole in every fold\.": r"\1 个组在每一折中都保持完整。",
    r"(\d+) cores?, no accelerator: networks are small and trained from scratch\.": (
        r"\1 个核，没有加速器：网络较小，从零训练。"
    ),
    r"(\d+) cores? and (\w+): networks are cheap here\.": r"\1 个核和 \2：网络在这里很便宜。",
    r"About (\S+ GB) of memory at the worst moment, (\S+ GB) are free\.": r"内存峰值约 \1，空闲 \2。",
    r"About (\S+ GB) of memory at the worst moment, and only (\S+ GB) are free: .*": (
        r"内存峰值约 \1，而空闲只有 \2：请减少行数或缩小图像。"
    ),
    r"About (\S+ GB) of memory at the worst moment\.": r"内存峰值约 \1。",
    r"About (.+) of (.+): (.+) for features \(less where the cache has them\), then (\d+) learners, up to (\d+) models "
    r"each\.": r"约需 \1（限时 \2）：特征 \3（缓存中已有的更快），随后 \4 个模型，每个最多拟合 \5 次。",
    r"Left out for time: (.+)\. A longer --time-limit takes them in\.": (
        r"因时间不足而不试：\1。延长 --time-limit 即可纳入。"
    ),
    r"--preset (\w+): about (.+) for (\d+) of (\d+) learners\.": r"--preset \1：约 \2，拟合 \4 个模型中的 \3 个。",
    # Columns
    r"named as the target": r"指定为目标列",
    r"named as the group": r"指定为分组列",
    r"named as input '(.+)'": r"指定为输入“\1”",
    r"not among the inputs named": r"不在指定的输入之中",
    r"as asked": r"按要求不使用",
    r"numbers": r"数字",
    r"(\d+) levels in (\d+) cells": r"\2 个单元格中有 \1 种取值",
    r"(\d+) words a cell, (\d+) of (\d+) cells distinct": r"平均每格 \1 个词，\3 个单元格中有 \2 个互不相同",
    r"(\d+) of (\d+) cells looked at name folders of (\w+) files": (
        r"所查看的 \2 个单元格中有 \1 个指向存放 \3 文件的文件夹"
    ),
    r"(\d+) cells looked at are (\w+) in memory": r"查看的 \1 个单元格是内存中的 \2",
    r"(\d+) of (\d+) cells looked at end like (\w+) files; (\d+) of these are there": (
        r"所查看的 \2 个单元格中有 \1 个以 \3 文件的后缀结尾，其中 \4 个文件存在"
    ),
    r"(\d+) of (\d+) cells looked at end like sequence files; (\d+) of these are there, and most hold several frames": (
        r"所查看的 \2 个单元格中有 \1 个以图像序列文件的后缀结尾，其中 \3 个文件存在，且大多含有多帧"
    ),
    r"(\d+) of (\d+) cells looked at end like series files; (\d+) of these are there; arrays \[time\] or .*": (
        r"所查看的 \2 个单元格中有 \1 个以时间序列文件的后缀结尾，其中 \3 个存在；内容为 [时间] 或 [时间, 通道] 数组"
    ),
    r"(\d+) of (\d+) cells looked at name folders of images": r"所查看的 \2 个单元格中有 \1 个是图像文件夹的名称",
    r"(\d+) cells looked at are sequences of images in memory": r"所查看的 \1 个单元格是内存中的图像序列",
    r"(\d+) cells looked at are lists of numbers": r"所查看的 \1 个单元格是数字列表",
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
