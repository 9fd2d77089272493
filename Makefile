# Chronoville: `make` lists what can be done.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
CORPUS ?= corpus
OUTPUT ?= outputs
ARGS   ?=

.DEFAULT_GOAL := help
.PHONY: help ingest chronology query test test-next evaluate bench check lock corpus cookbook clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

# Set-up: a private environment from the pinned lock; made once, and again when the lock changes.
$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

ingest: $(VENV)/.ready ## read CORPUS=corpus into OUTPUT=outputs: archive.duckdb and the chronology tables
	$(BIN)/chronoville ingest "$(CORPUS)" --output "$(OUTPUT)" $(ARGS)

chronology: $(VENV)/.ready ## write the chronology again, filtered by PROGRAMME= BODY= SITE= PLACE= FROM= TO=
	$(BIN)/chronoville chronology --output "$(OUTPUT)" --programme "$(PROGRAMME)" --body "$(BODY)" --site "$(SITE)" --place "$(PLACE)" --from "$(FROM)" --to "$(TO)" $(ARGS)

export SQL
query: $(VENV)/.ready ## run one query, read-only: make query SQL="SELECT …"
	@$(BIN)/chronoville query "$$SQL" --output "$(OUTPUT)" $(ARGS)

test: $(VENV)/.ready ## run the whole test suite
	$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder $(ARGS)

evaluate: $(VENV)/.ready ## score the pipeline on the gold set, as text and from PDFs, beside plain spaCy and ftfy
	$(BIN)/chronoville evaluate $(ARGS)
	$(BIN)/python -m tools.gold_pdf

bench: $(VENV)/.ready ## pages a second by stage, beside the bare libraries; pages of CORPUS an engine alone reads better
	$(BIN)/chronoville bench $(ARGS)
	$(BIN)/python -m pipeline.evaluate.extract_bench "$(CORPUS)" 500

DUCKDB_NEXT := 2.0.0
$(VENV)/duckdb-$(DUCKDB_NEXT): $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $@ duckdb==$(DUCKDB_NEXT)

test-next: $(VENV)/duckdb-$(DUCKDB_NEXT) ## the archive's tests on the next DuckDB
	PYTHONPATH=$(VENV)/duckdb-$(DUCKDB_NEXT) $(BIN)/python -m pytest tests/test_load.py tests/test_chronology.py

check: $(VENV)/.ready test-next ## ruff, mypy strict, tests with coverage and on the next DuckDB, dependency audit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder --cov --cov-report=term:skip-covered --cov-fail-under=85
	$(BIN)/python tools/audit.py

lock: ## pin every dependency again, with hashes and without addresses (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --all-extras --group dev pyproject.toml -o requirements.lock

corpus: $(VENV)/.ready ## build the sample documents again
	$(BIN)/python -m tools.build_corpus

cookbook: $(VENV)/.ready ## answer the cookbook's questions again from OUTPUT
	$(BIN)/python -m pipeline.chronology.cookbook "$(OUTPUT)/archive.duckdb" > docs/cookbook.md

clean: ## remove what the program made (never a source)
	rm -rf "$(OUTPUT)"/archive.duckdb* "$(OUTPUT)"/chronology.* "$(OUTPUT)"/cache
