# The verbs of this project. Each one sets up what it needs; nothing but Python 3.11, make and the package registries is assumed.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
CASES ?= evals/cases
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run test check evals bench lock clean weights handbook

help: ## what each verb does
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/:/'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || \
	  { echo "Fourthright needs Python 3.11: install it, or name it with make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(READY) weights handbook ## the environment, the local model (1.1 GB, once, outside this folder) and the handbook's vectors

weights: $(READY)
	@$(BIN)/fourthright models pull || echo "The local model could not be fetched; everything else works, and 'fourthright prepare --no-model' uses the handbook alone."

handbook: $(READY)
	@echo "Reading the handbook: a minute or two the first time."
	@echo "She sent the weekly report two days late." | $(BIN)/fourthright prepare --no-model - >/dev/null 2>&1

run: setup ## opens the app in the browser
	$(BIN)/fourthright serve

test: setup ## all tests, with the real model and a real browser where they are there
	$(BIN)/python -m pytest -m "not browser and not model" --numprocesses 2 --dist loadfile
	$(BIN)/python -m pytest -m "browser or model"
	@$(BIN)/python tests/not_run.py

check: $(READY) ## format, lint, types, import layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

evals: setup ## quality over the cases (CASES=path): the real model, then the handbook alone
	$(BIN)/python -m evals --cases $(CASES)

bench: setup ## speed as ratios, in one run
	$(BIN)/python -m evals.bench

lock: $(READY) ## resolves requirements.lock anew (maintainers)
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group dev pyproject.toml --upgrade -o requirements.lock

clean: ## removes what the verbs made here; the local model's file stays in the cache
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
