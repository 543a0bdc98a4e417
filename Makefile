# make run    install what the program needs and start it
# make test   install what the tests need and run them all (ARGS="tests/cases -x" for some)
# make lint   format, rules, types, layers
# make lock   write requirements/ anew from pyproject.toml (UPGRADE=--upgrade for newer versions)
# make clean  remove what was installed and cached; var/ (the data) stays

VENV := .venv
BIN := $(VENV)/bin
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c "$(SUPPORTED)" 2>/dev/null && echo $$python && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check -q -q
# The locks are complete, so nothing is resolved; django-htmx is here for its static file, without Django.
INSTALL := $(PIP) install --require-hashes --no-deps
EDITABLE := $(PIP) install --no-deps --no-build-isolation --editable .
BASE := -r requirements/build.txt -r requirements/browser.txt
LOCKS := requirements/build.txt requirements/browser.txt pyproject.toml

PACKAGES := bot cases cities handlers intents locales reports schedules storage web tests benchmarks tools
TYPED = $(foreach package,$(PACKAGES),$(if $(wildcard $(package)/*.py $(package)/*/*.py),$(package)))
WORKERS ?= 3
ARGS ?=
UPGRADE ?=

.PHONY: run test lint lock clean

run: $(VENV)/.run
	@$(BIN)/sotong run

test: $(VENV)/.test
	@$(BIN)/python -m tests.support.chromium
	@PYTHONHASHSEED=$${PYTHONHASHSEED:-$$(date +%s)} $(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ARGS)

lint: $(VENV)/.test
	@failed=0; \
	$(BIN)/ruff check -q || failed=1; \
	$(BIN)/ruff format --check -q || failed=1; \
	$(BIN)/mypy --strict --no-error-summary $(TYPED) || failed=1; \
	said=$$($(BIN)/lint-imports 2>&1) || { echo "$$said"; failed=1; }; \
	$(BIN)/python tools/check_tree.py || failed=1; \
	exit $$failed

$(VENV)/bin/python:
	@test -n "$(PYTHON)" && $(PYTHON) -c "$(SUPPORTED)" 2>/dev/null || { echo "sotong needs Python 3.11, 3.12 or 3.13; \
	$(or $(PYTHON),python3) is none of them. Name one: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.run: requirements/run.txt $(LOCKS) | $(VENV)/bin/python
	@echo "Installing the program into $(VENV) (about a minute, once) ..."
	@$(INSTALL) $(BASE) -r requirements/run.txt
	@$(EDITABLE)
	@touch $@

# What the tests need holds what the program needs, in the same versions.
$(VENV)/.test: requirements/test.txt requirements/run.txt $(LOCKS) | $(VENV)/bin/python
	@echo "Installing the program and its tests into $(VENV) (about a minute, once) ..."
	@$(INSTALL) $(BASE) -r requirements/test.txt
	@$(EDITABLE)
	@touch $(VENV)/.run $@

UV = $(firstword $(wildcard $(BIN)/uv) $(shell command -v uv))
COMPILE = $(UV) pip compile -q --universal --generate-hashes --no-header --python-version 3.11 $(UPGRADE)
GROUP := --group pyproject.toml

lock: $(VENV)/bin/python
	@test -n "$(UV)" || $(PIP) install uv
	@$(COMPILE) $(GROUP):test $(GROUP):lint pyproject.toml -o requirements/test.txt
	@$(COMPILE) pyproject.toml -c requirements/test.txt -o requirements/run.txt
	@$(COMPILE) $(GROUP):build -o requirements/build.txt
	@$(COMPILE) $(GROUP):browser --no-deps -o requirements/browser.txt

clean:
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
