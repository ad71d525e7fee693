"""Case notes: a short report in English or Chinese, and three answers of a patient's history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

#: Words for a course of the illness, by language.
COURSES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {
        "fever": ("fever for five days", "chills at night", "febrile since Monday", "shivering and sweats"),
        "chance": ("incidental finding", "no complaints", "seen by chance at a check-up", "feels well"),
        "loss": ("loss of appetite", "losing weight for months", "increasing fatigue", "has grown thin"),
    },
    "zh": {
        "fever": ("发热五天", "夜间寒战", "周一起持续高热", "畏寒伴出汗"),
        "chance": ("体检偶然发现", "无不适主诉", "常规检查时发现", "自觉良好"),
        "loss": ("食欲减退", "数月来体重下降", "乏力逐渐加重", "明显消瘦"),
    },
}
_OPENINGS: Mapping[str, Sequence[str]] = {
    "en": ("Lesion in the right lobe of the liver", "Focal liver lesion", "Liver: one lesion, segment {}"),
    "zh": ("肝右叶见一病灶", "肝脏局灶性病变", "肝脏第{}段见单个病灶"),
}
_CLOSINGS: Mapping[str, Sequence[str]] = {
    "en": ("Compared with no earlier scan", "Kidneys and spleen normal", "Follow-up advised", "Image quality adequate"),
    "zh": ("无既往片对比", "双肾及脾脏正常", "建议随访", "图像质量满意"),
}


def report(course: str, here: np.random.Generator, rng: np.random.Generator) -> tuple[str]:
    """Where the lesion is, two words on the course of the illness, and an ordinary ending; one language a patient."""
    language = "zh" if here.random() < 0.4 else "en"
    opening = str(rng.choice(_OPENINGS[language])).format(rng.integers(1, 9))
    first, second = rng.choice(COURSES[language][course], size=2, replace=False)
    closing = rng.choice(_CLOSINGS[language])
    return (
        f"{opening}。{first}，{second}。{closing}。"
        if language == "zh"
        else f"{opening}; {first}, {second}. {closing}.",
    )


def crp(level: str, _: np.random.Generator, rng: np.random.Generator) -> tuple[float]:
    """C-reactive protein in mg/l, ``high`` or ``normal``."""
    usual, spread = (90.0, 0.5) if level == "high" else (4.0, 0.6)
    return (round(float(usual * np.exp(rng.normal(0, spread))), 1),)


def answer(sign: str, _: np.random.Generator, __: np.random.Generator) -> tuple[str]:
    """What a patient answered, as it is."""
    return (sign,)
