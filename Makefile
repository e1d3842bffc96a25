# One command each. `make` alone says which there are.

PYTHON ?= python3
VENV := .venv/bin
PYTEST := $(VENV)/python -m pytest
SUITE := $(PYTEST) -q -n auto --dist worksteal
# Many processes read the suite's files: what Python and pytest make of them is kept.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help

.PHONY: help
help: ## say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: setup
setup: ## make ready to run: Python environment, linli command, static files
	@$(PYTHON) scripts/setup

.PHONY: dev
dev: # and what checks and tests need
	@$(PYTHON) scripts/setup --dev

.PHONY: run
run: setup ## serve the product with the demo communities (PORT, DATABASE_URL)
	@$(VENV)/linli run

.PHONY: demo
demo: setup ## make the demo communities anew
	@$(VENV)/linli demo

.PHONY: starter
starter: setup ## learn the starter model anew from linli/cases/data/phrases.yaml
	@$(VENV)/linli train linli/cases/data/phrases.yaml --out linli/cases/data/starter.model

.PHONY: lint style types rooms migrations templates
lint: dev ## style, types, imports between rooms, migrations, templates
	@$(MAKE) --no-print-directory -j2 --output-sync=target types style rooms migrations templates

types:
	@echo "· Types";       $(VENV)/mypy --no-error-summary config linli
style:
	@echo "· Style";       $(VENV)/ruff check --quiet && $(VENV)/ruff format --check --quiet
rooms:
	@echo "· Rooms";       PYTHONPATH=. $(VENV)/lint-imports --no-logo > build/imports.txt \
	                       || { cat build/imports.txt; exit 1; }
migrations:
	@echo "· Migrations";  $(VENV)/python manage.py makemigrations --check --dry-run > /dev/null
templates:
	@echo "· Templates";   $(VENV)/djlint linli --lint --quiet

.PHONY: check
check: lint ## lint, then the suite on SQLite
	@echo "· Suite on SQLite"; env -u DATABASE_URL $(SUITE)

.PHONY: postgres
postgres: dev ## the suite on a throw-away PostgreSQL
	@echo "· Suite on PostgreSQL"; $(VENV)/python scripts/postgres run -- $(SUITE)

# The gates take longest: begun last, they would leave one process waiting for the other.
.PHONY: journeys
journeys: dev ## walk the product in a real browser
	@LINLI_CHROMIUM="$$($(PYTHON) scripts/browser)" && export LINLI_CHROMIUM && \
	echo "· Journeys" && env -u DATABASE_URL $(PYTEST) -q -m journey -n auto --dist worksteal tests/gates tests/journeys

.PHONY: test
test: ## everything that CI runs: check, PostgreSQL, journeys
	@$(MAKE) --no-print-directory dev
	@$(PYTHON) scripts/browser > /dev/null
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory postgres
	@$(MAKE) --no-print-directory journeys
	@$(PYTHON) scripts/rows | tail -1

.PHONY: rows
rows: ## rows of the five systems, and the journeys that cover them
	@$(PYTHON) scripts/rows

.PHONY: bench
bench: dev ## measure speed and size on SQLite and PostgreSQL
	@PYTHONPATH=. $(VENV)/python -m bench

.PHONY: lighthouse
lighthouse: dev ## let Lighthouse look at residents' pages (needs Node)
	@LINLI_CHROMIUM="$$($(PYTHON) scripts/browser)" PYTHONPATH=. $(VENV)/python scripts/lighthouse

.PHONY: screenshots
screenshots: dev ## take the pictures of docs/ from the running demo
	@LINLI_CHROMIUM="$$($(PYTHON) scripts/browser)" PYTHONPATH=. $(VENV)/python scripts/screenshots
	@LINLI_CHROMIUM="$$($(PYTHON) scripts/browser)" $(VENV)/python scripts/sheet

.PHONY: format
format: dev ## put code into our form
	@$(VENV)/ruff check --quiet --fix-only && $(VENV)/ruff format --quiet
