# crm-tui: `make run` and `make test` do everything from a fresh clone.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Test workers: two a core, for some wait on other programs, and wait beside the rest; each collects all tests.
JOBS   ?= $(shell $(PYTHON) -c 'import os; print(2 * (os.cpu_count() or 1))')

# A computer that keeps no compiled code would compile all of it at each start of each test worker.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run shop test soak check bench peers texts lock chain clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.run ## a day in the practice shop
	@$(BIN)/crm-tui demo

shop: $(VENV)/.run ## open your own shop, kept in this folder
	@$(BIN)/crm-tui --data .

# The checks run beside the tests, for much of a test is waiting; what they say stands at the end.
test: $(VENV)/.dev ## environment, linters, types, import contracts, tests
	@$(MAKE) --no-print-directory check >$(VENV)/check.txt 2>&1 & checks=$$!; \
	$(MAKE) --no-print-directory $(VENV)/.compiled && \
	$(BIN)/pytest -n $(JOBS) --dist load --maxschedchunk 1; tests=$$?; \
	wait $$checks; checks=$$?; cat $(VENV)/check.txt; exit $$((tests || checks))

soak: $(VENV)/.dev $(VENV)/.compiled ## tests that take too long for every day, and all examples of the others
	$(BIN)/pytest -n $(JOBS) --dist load --maxschedchunk 1 -m "soak or hypothesis"

check: $(VENV)/.dev ## linters, types and import contracts only
	$(BIN)/ruff check crm_tui tests benchmarks hatch_build.py
	$(BIN)/ruff format --check --quiet crm_tui tests benchmarks hatch_build.py
	$(BIN)/mypy
	$(BIN)/lint-imports

# Once in a new environment: else each test worker would compile all tests by itself.
$(VENV)/.compiled: $(VENV)/.dev
	@$(BIN)/pytest --collect-only -qq >/dev/null
	@touch $@

bench: $(VENV)/.dev ## benchmarks: ratios against a floor measured in the same run
	@set -e; for each in benchmarks/bench_*.py; do $(BIN)/python -m benchmarks.$$(basename $$each .py); done

peers: $(VENV)/.dev ## the SMS gateways of others beside ours: what each loses, doubles, how fast
	$(BIN)/python -m benchmarks.peers

texts: $(VENV)/.dev ## collect new texts into the catalogues, to be translated there
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ --no-location --sort-output -o .texts.pot .
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -l id -D crm_tui -i .texts.pot -d crm_tui/locale
	@rm .texts.pot

COMPILE = uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header

lock: ## renew the lock files (needs uv)
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --extra chain -c requirements.lock -o requirements-chain.lock
	$(COMPILE) pyproject.toml --group dev -c requirements-chain.lock -o requirements-dev.lock
	$(COMPILE) --group build -c requirements.lock -o requirements-build.lock

chain: $(VENV)/.run ## what head office and branches of a chain need beside the program
	@$(PIP) -r requirements-chain.lock

clean: ## take away what was made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

CATALOGUES := $(wildcard crm_tui/locale/*/LC_MESSAGES/*.po)

$(VENV)/.new:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "crm-tui needs Python 3.11 or newer; name one: make PYTHON=python3.11 run")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# Each lock names all that it needs: pip need not look for more.
PIP := $(BIN)/pip --quiet --disable-pip-version-check install --no-deps
PROGRAM := pyproject.toml hatch_build.py $(CATALOGUES)

$(VENV)/.run: $(VENV)/.new requirements.lock requirements-build.lock $(PROGRAM)
	@echo "Preparing the environment …"
	@$(PIP) -r requirements.lock -r requirements-build.lock
	@$(PIP) --no-build-isolation -e .
	@touch $@

# What runs the program is in it. Not compiled: of what the tests bring along half is never loaded, and the
# rest is compiled when it is; ours is, while pip is busy. Two of them, each with every other package: one
# waits, and unpacks with one processor. What would put another pip in their place comes behind them.
$(VENV)/.dev: $(VENV)/.new requirements-dev.lock $(PROGRAM)
	@echo "Preparing the environment …"
	@$(BIN)/python -m compileall -q crm_tui & compiles=$$!; \
	awk '/^[^ #]/ { n++; part = /^pip==/ ? 2 : n % 2 } { print > ("$(VENV)/part" part ".lock") }' requirements-dev.lock; \
	$(PIP) --no-compile -r $(VENV)/part0.lock & other=$$!; \
	$(PIP) --no-compile -r $(VENV)/part1.lock; one=$$?; \
	wait $$other && test $$one = 0 && $(PIP) --no-compile -r $(VENV)/part2.lock && \
	$(PIP) --no-build-isolation -e . && wait $$compiles
	@touch $(VENV)/.run $@
