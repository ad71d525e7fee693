# `make demo` and `make test` need nothing but Python 3.11, pip and make; each sets up .venv by itself.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
SETUP := .venv/.ready
CODE := src tests benchmarks

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long check fix bench-quick bench-small bench-health

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

setup: $(SETUP)  ## Create .venv and install polysight with everything development needs

# pip first, because it finds a CPU wheel of torch where one is offered; uv for the rest, because it is ten times faster.
$(SETUP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --constraint constraints.txt --editable ".[dev]" \
	  || $(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	@touch $@

demo: $(SETUP)  ## Train on demonstration data and write runs/demo/report.html
	$(BIN)/polysight demo

test: $(SETUP)  ## Run the tests with coverage, a process a core
	$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile --cov --cov-report=term:skip-covered

test-long: $(SETUP)  ## Run the tests that take minutes
	$(BIN)/python -m pytest -m long

check: $(SETUP)  ## Lint, types, layers
	$(BIN)/ruff format --check $(CODE) && $(BIN)/ruff check $(CODE) && $(BIN)/mypy && $(BIN)/lint-imports

fix: $(SETUP)  ## Format and fix what can be fixed
	$(BIN)/ruff format $(CODE) && $(BIN)/ruff check --fix $(CODE)

bench-quick: $(SETUP)  ## Measure accuracy and speed on the shared data sets
	$(BIN)/python benchmarks/quick.py

bench-planted: $(SETUP)  ## Count how often explanations put first what is known to tell
	$(BIN)/python benchmarks/planted.py

bench-health: $(SETUP)  ## Check the shared data sets, and find planted faults
	$(BIN)/python benchmarks/health.py

bench-small: $(SETUP)  ## Measure few rows without pretrained weights, beside floors and goals (an hour)
	$(BIN)/python benchmarks/small_data.py
