"""A training of a second: one logistic regression on table columns."""

SMALL = ["--target", "label", "--set", "learner.kind=features", "--set", "learner.estimator=logistic"]
