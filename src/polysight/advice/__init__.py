"""Advice: which learners suit a table, what they will cost, which of them fit the time - and why, in plain words."""
