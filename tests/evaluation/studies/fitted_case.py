"""A fitted model and rows it has not seen, in which a text and two numbers each tell half of the label."""

import numpy as np

from polysight.evaluation.studies.base import Case
from polysight.evaluation.variants import Variants
from polysight.learners.features import FeatureClassifier
from polysight.modalities.inputs import prepare
from small_problem import small_table

INPUTS = {"note": {"kind": "text"}, "size": {"kind": "tabular", "columns": ["height", "width"]}}


def fitted_case(rows=80, inputs=INPUTS, group=None, with_model=True, **facts):
    task = prepare(small_table(160 + rows), "label", inputs=inputs, group=group)
    train, test = task.take(np.arange(160)), task.take(np.arange(160, len(task.codes)))
    model = FeatureClassifier().fit_task(train)
    variants = Variants.predict(model, test.samples)
    model = model if with_model else None
    return Case(test.samples, test.codes, task.classes, variants, model, test.groups, **facts)
