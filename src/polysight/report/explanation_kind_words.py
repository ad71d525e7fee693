"""What an explanation of a label or of an amount says otherwise than one of a class, by kind and language."""

from collections.abc import Mapping

_NOT_THERE = {
    "en": "For models like this one there are no tests of explanations, no nearest training rows, no rules and no "
    "search for changed cells.",
    "zh": "此类模型没有对解释的检验，也不给出最相似的训练行、规则和改变单元格的搜索。",
}

#: Sentences that take the place of those of ``explanation_words``.
EXPLANATION_OF: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "class": {"en": {}, "zh": {}},
    "label": {
        "en": {
            "explain_meta_of": "One row, explained. Everything below is about the label “{about}” of “{target}”.",
            "explain_says": "The model says “{about}” with {value}; knowing nothing of the row it would give it "
            "{prior}. All it says: {prediction}.",
            "explain_says_not": "The model does not say “{about}”, which it gives {value}; knowing nothing of the row "
            "it would give it {prior}. All it says: {prediction}.",
            "explain_runner_up": "another label: {label}",
            "explain_instead": "another label: {label}",
            "explain_would_say": "all it would say",
            "explain_classes": "All labels",
            "explain_and_more": "and {count} more labels",
            "explain_read_method_occlusion": "What the label loses in probability when the part is hidden. Parts that "
            "say the same stand in for each other, and neither then counts.",
            "explain_fact_empty": "Without any part of this input the label would have {value}.",
            "explain_untested": _NOT_THERE["en"],
        },
        "zh": {
            "explain_meta_of": "对一行数据的解释。以下内容都针对“{target}”的标签“{about}”。",
            "explain_says": "模型以 {value} 的概率给出“{about}”；若对该行一无所知，概率为 {prior}。"
            "全部标签：{prediction}。",
            "explain_says_not": "模型没有给出“{about}”，其概率为 {value}；若对该行一无所知，概率为 {prior}。"
            "全部标签：{prediction}。",
            "explain_runner_up": "另一标签：{label}",
            "explain_instead": "另一标签：{label}",
            "explain_would_say": "会给出的全部标签",
            "explain_classes": "全部标签",
            "explain_and_more": "另有 {count} 个标签",
            "explain_read_method_occlusion": "遮住该部分后，该标签的概率下降多少。"
            "内容相同的部分会互相替代，因而都显得不起作用。",
            "explain_fact_empty": "若去掉该输入的所有部分，该标签的概率为 {value}。",
            "explain_untested": _NOT_THERE["zh"],
        },
    },
    "amount": {
        "en": {
            "explain_heading": "Why {about} = {prediction}?",
            "explain_meta_of": "One row, explained. All values are in the unit of “{about}”.",
            "explain_value": "predicted",
            "explain_says": "The model predicts {value} for “{about}”; knowing nothing of the row it would predict "
            "{prior}.",
            "explain_pulls_for": "{name} raises it by {size}.",
            "explain_pulls_against": "{name} lowers it by {size}.",
            "explain_neutral": "{name} hardly matters here: {difference}.",
            "explain_read_shares": "Shapley values: what each input adds to the prediction, on average over the order "
            "in which the inputs become known. With the first line they sum to the last.",
            "explain_beside": "difference",
            "explain_points": "adds",
            "explain_read_together": "What a pair adds to the sum of what each of the two adds by itself. Of opposite "
            "sign to their values: they say the same, so one of them would nearly do.",
            "explain_for": "raises it",
            "explain_against": "lowers it",
            "explain_read_method_occlusion": "How much the prediction falls when the part is hidden. Parts that say "
            "the same stand in for each other, and neither then counts.",
            "explain_read_method_kernel_shap": "What each part adds to the prediction; together they sum to the "
            "difference between the answer and that without the input's parts.",
            "explain_fact_empty": "Without any part of this input it would predict {value}.",
            "explain_untested": _NOT_THERE["en"],
        },
        "zh": {
            "explain_heading": "为什么 {about} = {prediction}？",
            "explain_meta_of": "对一行数据的解释。所有数值都以“{about}”的单位表示。",
            "explain_value": "预测值",
            "explain_says": "模型预测“{about}”为 {value}；若对该行一无所知，会预测 {prior}。",
            "explain_pulls_for": "{name} 使它增加 {size}。",
            "explain_pulls_against": "{name} 使它减少 {size}。",
            "explain_neutral": "{name} 在此几乎没有影响：{difference}。",
            "explain_read_shares": "Shapley 值：按各种先后次序得知输入，每个输入平均使预测值增加多少。"
            "与第一行相加即得最后一行。",
            "explain_would_say": "会预测",
            "explain_beside": "差值",
            "explain_points": "增加",
            "explain_read_together": "两者合起来比各自之和多加了多少。与它们各自的数值符号相反时，"
            "两者说的是同一件事，有一个差不多就够了。",
            "explain_for": "使它增加",
            "explain_against": "使它减少",
            "explain_part_says": "预测",
            "explain_read_method_occlusion": "遮住该部分后，预测值下降多少。"
            "内容相同的部分会互相替代，因而都显得不起作用。",
            "explain_read_method_kernel_shap": "每个部分使预测值增加多少；"
            "总和等于该回答与去掉该输入各部分后的回答之差。",
            "explain_fact_empty": "若去掉该输入的所有部分，预测值为 {value}。",
            "explain_untested": _NOT_THERE["zh"],
        },
    },
}
