# The few commands of Parvis. On a fresh machine "make demo" and "make test" do all they need.

.DEFAULT_GOAL := help
.PHONY: help demo test check format messages lock bench clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PREPARE = $(PYTHON) scripts/prepare.py

help: ## this list
	@sed -n 's/^\([a-z]*\): ## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18
	@echo "  Variables: PORT=8000 SCALE=0.05 for demo, STEPS=\"ruff mypy\" for check, PYTHON=…"

demo: ## the demo town in a browser: environment, database, people, server
	@$(PREPARE) environment base
	@$(BIN)/python manage.py compile_catalogues --verbosity 0
	@exec $(BIN)/parvis demo $(if $(PORT),--port $(PORT)) $(if $(SCALE),--scale $(SCALE)) $(ARGS)

test: ## everything on a fresh machine: test tools, browser, then "make check"
	@$(PREPARE) environment test
	@$(PREPARE) browser
	@$(PREPARE) checker || true # the test of the pages then says what is missing
	@$(MAKE) --no-print-directory check

check: ## every check, with what "make test" has prepared
	@scripts/check $(STEPS)

format: ## rewrite code and templates in the house's form
	@$(BIN)/ruff check --quiet --fix . && $(BIN)/ruff format --quiet .
	@find src -path '*/templates/*.html' -print0 | xargs -0 -r $(BIN)/djade --target-version 5.2

messages: ## gather the sentences of the code into the catalogues, say what is untranslated
	@$(BIN)/python scripts/messages.py update
	@$(BIN)/python scripts/messages.py check
	@$(BIN)/python manage.py compile_catalogues --verbosity 0

lock: ## pin requirements/*.txt again; ARGS="--upgrade" for newer versions
	@$(PREPARE) environment dev
	@UV=$(CURDIR)/$(BIN)/uv scripts/lock $(ARGS)

bench: ## measure: call-next, screens, pages; see bench/
	@$(PREPARE) environment test
	@$(BIN)/python -m bench $(ARGS)

clean: ## remove all that can be made again; the data in var/ stays
	@-[ ! -x $(BIN)/python ] || $(BIN)/python -m tests.support.postgres
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@rm -rf build dist src/*.egg-info
	@find src tests scripts -name __pycache__ -prune -exec rm -rf {} +
	@find src -name '*.mo' -delete
