"""Runs: a training run from table to report, and the folder it leaves behind."""
