# What can be done here. `make run ARGS="--port 8081"` hands flags to `korob serve`.

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test fast check pages bench

# Parametrised tests come in the same order in every process.
export PYTHONHASHSEED := 0

ARGS ?=
PYTEST := .venv/bin/python -m pytest

help:
	@echo "make setup   the environment in .venv, with .venv/bin/korob"
	@echo "make run     a sandbox with a demo world at http://127.0.0.1:8080 (ARGS=\"--port 8081\")"
	@echo "make test    everything that is checked: style, types, all tests"
	@echo "make fast    the tests of the rules and of the store"
	@echo "make check   style and types"
	@echo "make pages   the pages of docs/ that are drawn from the program's own tables"
	@echo "make bench   the comparisons, measured here"

setup:
	@tools/environment

setup-dev:
	@tools/environment dev

run: setup
	@.venv/bin/korob serve --demo $(ARGS)

test: check
	$(PYTEST) --numprocesses 2 --dist loadfile tests

fast: setup-dev
	$(PYTEST) --numprocesses 2 --dist loadfile tests/domain tests/store

check: setup-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

pages: setup-dev
	.venv/bin/python -m tools.pages

bench: setup-dev
	.venv/bin/python -m bench $(ARGS)
	.venv/bin/python -m bench.notifications
	.venv/bin/python -m bench.lists
