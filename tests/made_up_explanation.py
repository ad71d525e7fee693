"""An explanation made up of hostile strings and every kind of part, without a model."""

import numpy as np

from polysight.data.target_kinds.classes import Classes
from polysight.data.view import Problem
from polysight.explain.base import Within
from polysight.explain.cases import Case
from polysight.explain.counterfactual import Change, Counterfactual
from polysight.explain.explanation import Explanation
from polysight.explain.game import Game
from polysight.explain.modalities import Shares
from polysight.explain.shapley import worth
from polysight.explain.subject import OneClass
from polysight.explain.voice import Voice

HOSTILE = "<script>alert(1)</script>{{ 7*7 }}"


def made_up_explanation(classes=(HOSTILE, "猫", "=1+1"), factors=None, about=None, **changed):
    """Three classes and three inputs, one of them missing."""
    values = {(False, False): [0.3, 0.4, 0.3], (True, False): [0.6, 0.2, 0.2], (False, True): [0.2, 0.5, 0.3]}
    values[True, True] = [0.8, 0.1, 0.1]
    game = Game(("photo", HOSTILE), lambda masks: np.array([values[tuple(mask)] for mask in masks.tolist()]))
    head = Voice("photo", ("photo",), np.array([0.5, 0.3, 0.2]), 0.75)
    network = Voice("network", ("photo",), np.array([0.7, 0.2, 0.1]), 0.5, "fusion", (head,))
    expert = Voice("photo expert", ("photo",), np.array([0.7, 0.2, 0.1]), 1.5, "mean", (network,))
    root = Voice("ensemble", ("photo",), np.array([0.8, 0.1, 0.1]), None, "product", (expert,), {"temperature": 1.1})
    rng = np.random.default_rng(0)
    picture, heat = rng.integers(0, 256, (20, 30, 3), dtype=np.uint8), rng.normal(size=(4, 6))
    photo = Within("grad_cam", "region", ("left", "right"), np.array([0.2, -0.1]), picture, heat)
    note = Within("occlusion", "word", (HOSTILE, "dog", "the"), np.array([0.3, -0.2, 0.0]))
    parts = {
        "subject": OneClass(Classes("", classes), about, factors),
        "shares": Shares(("photo", HOSTILE), ("table",), worth(game), True),
        "voice": root,
        "within": {"photo": {"grad_cam": photo}, HOSTILE: {"occlusion": note}},
        "cases": (Case(7, 0, 0.25), Case(9, 1, 0.5)),
        "change": Counterfactual((Change("table", "age", "63", 41.0, 0.5),), np.array([0.2, 0.7, 0.1]), 1, 30),
        "cells": {"photo": {"photo": f"{HOSTILE}.png"}, HOSTILE: {HOSTILE: f"{HOSTILE} dog the"}},
        "problems": (Problem(0, "table", "", "not_a_number", HOSTILE),),
    }
    return Explanation(**{**parts, **changed})
