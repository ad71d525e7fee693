"""Card fields: what a model card asks, with the items of TRIPOD+AI and CLAIM that ask it; filled in from a run.

Source: G. S. Collins et al., "TRIPOD+AI statement", BMJ 2024; J. Mongan, L. Moy, C. E. Kahn, "Checklist for Artificial
Intelligence in Medical Imaging (CLAIM)", Radiology: AI 2020, whose item numbers these are.
Departures: what is asked is told in words of our own, and items about the paper itself (title, abstract) are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from polysight.report import card_answers as answers
from polysight.report.card_answers import Answer


@dataclass(frozen=True)
class Field:
    """One question of the card.

    Attributes:
        key: The word ``card_<key>`` asks it; where the run leaves a blank, ``blank_<key>`` says what to write.
        tripod: Items of TRIPOD+AI.
        claim: Items of CLAIM.
        answer: What a run says to it; None where only people know.
        blank: Whether people must add something even so.
    """

    key: str
    tripod: str = ""
    claim: str = ""
    answer: Callable[[Answer], str] | None = None
    blank: bool = False


#: The parts of the card: the word ``card_part_<name>``, and its fields.
FIELDS: Mapping[str, tuple[Field, ...]] = {
    "use": (
        Field("task", "4", "1", answers.task),
        Field("intended_use", "3a", "3", blank=True),
        Field("users", "3b, 27b", "3", blank=True),
        Field("limits", "26", "38", answers.limits, blank=True),
        Field("equity", "3c, 14", "", answers.fairness, blank=True),
    ),
    "data": (
        Field("source", "5a", "7", answers.source, blank=True),
        Field("dates", "5b, 6a", "7", blank=True),
        Field("eligibility", "6b, 6c", "8", blank=True),
        Field("flow", "20a", "33", answers.flow),
        Field("demographics", "20b, 20c", "34", blank=True),
        Field("outcome", "8a", "14", answers.outcome, blank=True),
        Field("annotation", "8b, 8c", "15–18", blank=True),
        Field("predictors", "9a–9c", "11", answers.predictors),
        Field("preparation", "7, 12b", "9", answers.preparation),
        Field("missing", "11", "13", answers.missing),
        Field("deidentification", "17", "12", blank=True),
        Field("sample_size", "10", "19", answers.sample_size, blank=True),
    ),
    "model": (
        Field("partition", "12a", "20, 21", answers.partition),
        Field("model", "12c, 21, 22", "22–27", answers.model),
        Field("imbalance", "13", "", answers.imbalance),
        Field("output", "15", "22", answers.output),
        Field("software", "18f", "23, 41", answers.software),
        Field("updating", "12f, 24", "", blank=True),
    ),
    "results": (
        Field("metrics", "12e", "28, 29", answers.measures),
        Field("performance", "23a", "35, 36", answers.performance),
        Field("heterogeneity", "12d, 23b", "37", answers.heterogeneity),
        Field("explanation", "", "31", answers.explanation),
        Field("external", "16", "32", answers.external, blank=True),
        Field("poor_input", "27a", "30", answers.poor_input),
        Field("interpretation", "25, 27c", "39", blank=True),
    ),
    "open": (
        Field("ethics", "17", "", blank=True),
        Field("funding", "18a, 18b", "42", blank=True),
        Field("protocol", "18c, 18d", "40, 41", blank=True),
        Field("sharing", "18e", "41", blank=True),
        Field("involvement", "19", "", blank=True),
    ),
}
