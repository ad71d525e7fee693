"""Medical: what a lesion of the liver is, from CT, MRI, ultrasound, a report and the patient's history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from polysight.data.demonstration.case_notes import answer, crp, report
from polysight.data.demonstration.phantoms import ct, mri, ultrasound
from polysight.data.demonstration.saving import save_npy
from polysight.data.demonstration.scenario import Medium, Row, Scenario
from polysight.data.demonstration.world import Cell, World

_FINDINGS = ("cyst", "abscess", "haemangioma", "metastasis")
#: How often a patient comes back for a second examination.
_AGAIN = 0.4


class Medical(Scenario):
    """Liver lesions: CT, MRI and ultrasound volumes, a report in English or Chinese, a history with gaps."""

    rows: ClassVar[int] = 750
    group: ClassVar[str | None] = "patient_id"
    note: ClassVar[str] = "phantoms and invented notes: these numbers say nothing about patients or diagnoses"
    world: ClassVar[World] = World(
        prior=dict.fromkeys(_FINDINGS, 1 / len(_FINDINGS)),
        cells=(
            Cell(
                "ct",
                "ct",
                {"ball": ("cyst",), "shell": ("abscess",), "lobes": ("haemangioma",), "spikes": ("metastasis",)},
                clear=0.8,
            ),
            Cell(
                "mri",
                "mri",
                {"even": ("cyst", "haemangioma"), "core": ("metastasis",), "cells": ("abscess",)},
                clear=0.93,
            ),
            Cell(
                "ultrasound",
                "ultrasound",
                {"tail": ("cyst", "abscess"), "solid": ("haemangioma",), "hollow": ("metastasis",)},
                clear=0.93,
            ),
            Cell(
                "report",
                "report",
                {"chance": ("cyst", "haemangioma"), "fever": ("abscess",), "loss": ("metastasis",)},
                clear=0.93,
            ),
            Cell("table", "crp", {"normal": ("cyst", "haemangioma", "metastasis"), "high": ("abscess",)}, clear=0.8),
            Cell("table", "tumour", {"no": ("cyst", "abscess", "haemangioma"), "yes": ("metastasis",)}, clear=0.8),
            Cell("table", "hormones", {"no": ("cyst", "abscess", "metastasis"), "yes": ("haemangioma",)}, clear=0.8),
        ),
    )
    about: ClassVar[str] = """# Demonstration: lesions of the liver

* ct, mri, ultrasound: phantoms of 16 x 32 x 32 voxels. How the lesion in the middle is built tells something; how
  bright a scan is means nothing. Vessels and the slope of the background are a patient's own.
* report: put together from word lists, in English or Chinese; two words tell one of three courses.
* crp_mg_l, known_tumour, hormones: each right four times in five. age and sex mean nothing.
* label: one of four findings. A patient may be examined twice; both examinations are in one table.
* About 8 % of the cells are missing, and 3 % of the findings are recorded wrongly. Nobody was examined.
"""

    @property
    def media(self) -> Mapping[str, Medium]:
        """See ``Scenario.media``."""
        return {
            "ct": Medium(ct, ("ct",), save_npy, ".npy"),
            "mri": Medium(mri, ("mri",), save_npy, ".npy"),
            "ultrasound": Medium(ultrasound, ("ultrasound",), save_npy, ".npy"),
            "report": Medium(report, ("report",)),
            "crp": Medium(crp, ("crp_mg_l",)),
            "tumour": Medium(answer, ("known_tumour",)),
            "hormones": Medium(answer, ("hormones",)),
        }

    def rows_to_make(self, count: int, rng: np.random.Generator) -> Sequence[Row]:
        """Patients with one finding each, examined once or twice."""
        rows: list[Row] = []
        while len(rows) < count:
            label = str(rng.choice(self.world.classes, p=list(self.world.prior.values())))
            patient = f"P{len(rows):04d}"
            beside = {"patient_id": patient, "age": int(rng.integers(25, 85)), "sex": str(rng.choice(["f", "m"]))}
            rows += [Row(label, patient, beside)] * (2 if rng.random() < _AGAIN else 1)
        return rows[:count]
