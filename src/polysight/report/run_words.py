"""What the page of two runs says, in every language."""

from __future__ import annotations

from collections.abc import Mapping

RUN_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "runs_kicker": "polysight · two runs",
        "runs_heading": "{a} against {b}",
        "runs_subtitle": "Both judged on the same {rows} rows.",
        "runs_a_better": "{a} is better: accuracy of {b} differs by {difference}; p {p}.",
        "runs_b_better": "{b} is better: its accuracy differs by {difference}; p {p}.",
        "runs_cannot_tell": "These rows cannot tell which is better: accuracy of {b} differs by {difference}; p {p}.",
        "runs_no_difference": "Both are right on exactly the same rows.",
        "runs_accuracy": "Accuracy",
        "read_runs_accuracy": "The dot is accuracy, the bar its 95 % interval. Whether two runs differ is not seen "
        "from bars that overlap: the verdict looks at the differences row by row.",
        "runs_metrics": "Every metric",
        "runs_difference": "difference (shares in points)",
        "read_runs_metrics": "Difference: how much more the second has, on the same rows, with its 95 % interval. p is "
        "corrected for looking at several metrics (Holm); strong lines are clear.",
        "runs_only": "Rows only one got right",
        "runs_mcnemar": "Only {a}: {only_a} rows; only {b}: {only_b} rows (McNemar, each row by itself: p {p}).",
        "runs_delong": "ROC AUC: {first} and {second}, difference {difference} (DeLong: p {p}).",
        "runs_only_first": "Right in {a} only",
        "runs_only_second": "Right in {b} only",
        "runs_row": "row {row}",
        "runs_truth": "truth: {truth}",
        "runs_said": "{a}: {first} · {b}: {second}",
        "read_runs_only": "The first rows of each kind. What they have in common tells what one run has learned and "
        "the other has not.",
        "runs_settings": "What differs between them",
        "runs_setting": "setting",
        "runs_versions": "Versions and machines that differ",
        "runs_same_settings": "All settings are the same.",
        "runs_same_data": "Both read the same cells.",
        "runs_other_data": "They did not read the same cells: other inputs, or other data.",
        "read_runs_settings": "A dash stands where a run has no such setting. If more than one thing differs, the "
        "difference cannot be put down to any one of them.",
    },
    "zh": {
        "runs_kicker": "polysight · 两次运行",
        "runs_heading": "{a} 与 {b}",
        "runs_subtitle": "两者在相同的 {rows} 行上评判。",
        "runs_a_better": "{a} 更好：{b} 的准确率相差 {difference}；p {p}。",
        "runs_b_better": "{b} 更好：其准确率相差 {difference}；p {p}。",
        "runs_cannot_tell": "这些行无法判断哪个更好：{b} 的准确率相差 {difference}；p {p}。",
        "runs_no_difference": "两者答对的行完全相同。",
        "runs_accuracy": "准确率",
        "read_runs_accuracy": "圆点为准确率，横条为其 95 % 区间。横条重叠并不能说明两次运行没有差别："
        "结论看的是逐行的差异。",
        "runs_metrics": "全部指标",
        "runs_difference": "差值（比例以百分点计）",
        "read_runs_metrics": "差值：在相同的行上后者比前者多多少，附 95 % 区间。p 值已针对多个指标校正（Holm）；"
        "加粗的行差异明显。",
        "runs_only": "只有一方答对的行",
        "runs_mcnemar": "只有 {a} 答对：{only_a} 行；只有 {b} 答对：{only_b} 行（McNemar，逐行独立看待：p {p}）。",
        "runs_delong": "ROC AUC：{first} 与 {second}，相差 {difference}（DeLong：p {p}）。",
        "runs_only_first": "只有 {a} 答对",
        "runs_only_second": "只有 {b} 答对",
        "runs_row": "第 {row} 行",
        "runs_truth": "真实类别：{truth}",
        "runs_said": "{a}：{first} · {b}：{second}",
        "read_runs_only": "各取最前面的若干行。它们的共同点说明一方学到了什么，而另一方没有。",
        "runs_settings": "两者的不同之处",
        "runs_setting": "设置",
        "runs_versions": "不同的版本与机器",
        "runs_same_settings": "所有设置都相同。",
        "runs_same_data": "两者读取的单元格相同。",
        "runs_other_data": "两者读取的单元格不同：输入不同，或数据不同。",
        "read_runs_settings": "横线表示该运行没有这一设置。若不止一处不同，差异就不能归因于其中任何一处。",
    },
}
