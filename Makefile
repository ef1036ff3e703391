.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo up test check clauses bench chaos lock clean clean-all

PYTHON ?= python3
BIN := .venv/bin
N ?= 500
SEED ?=
ARGS ?=
export DEMO_EXIT

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what running needs; does nothing when it is there
	@$(PYTHON) deploy/local/setup.py run

setup-test:
	@$(PYTHON) deploy/local/setup.py test

demo: setup ## Run everything with a demo district and play its needs (DEMO_EXIT=1 ends after it)
	@$(BIN)/nqi demo

up: setup ## Run a private broker and every service until Ctrl-C
	@$(BIN)/nqi up

test: setup-test ## Run all tests (ARGS="-k words" for some)
	@$(BIN)/python -m pytest -n 2 $(ARGS)

check: setup-test ## Lint, format, types, import rules, and a test for every clause
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_house_rules.py tests/test_clauses.py

clauses: setup-test ## Print each clause of the standard and the tests that prove it
	@$(BIN)/python -m tests.clauses

bench: setup-test ## Measure throughput and delay on this machine
	@$(BIN)/python -m tests.bench $(ARGS)

chaos: setup-test ## Play N needs while everything breaks (SEED=... repeats a run)
	@$(BIN)/python -m tests.chaos --needs $(N) $(if $(SEED),--seed $(SEED)) $(ARGS)

lock: setup-test ## Pin all dependencies again (ARGS=--upgrade takes the newest)
	@$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		--allow-unsafe --strip-extras --no-header --extra dev --all-build-deps $(ARGS) \
		--output-file requirements.lock pyproject.toml
	@cd services/gateway && npm install --package-lock-only --ignore-scripts

clean: ## Remove what set-up, builds and tests made; keeps var/
	rm -rf .venv services/gateway/node_modules build dist *.egg-info htmlcov .coverage .coverage.*
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find shared services deploy tests -name __pycache__ -prune -exec rm -rf {} +

clean-all: clean ## Remove var/ too: databases, dossiers and the broker's messages are lost
	@echo "removing var/: databases, dossiers and the broker's messages"
	rm -rf var
