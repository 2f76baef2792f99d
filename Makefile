# Needs only Python 3.11 or newer (with venv) and make. Everything lands in .venv; `make clean` takes it away again.

SHELL = /bin/sh
.DEFAULT_GOAL = help
.DELETE_ON_ERROR:
.PHONY: help run test coverage check fix bench bench-doc prove screenshots locks clean

VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL = $(PIP) install --no-deps --require-hashes -r
PROJECT = $(PIP) install --no-deps --no-build-isolation -e .
PYTHON = python3.13 python3.12 python3.11 python3
# One more than two cores: a test that waits for a browser or for a killed process leaves its core to another.
JOBS = 3
ARGS =
# Tests start a hundred processes: none of them should compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

help: ## show this list
	@echo "make <target>, where target is one of:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'
	@echo "Further words go through ARGS, as in: make test ARGS='tests/boards -x'"

run: $(VENV)/.ready-run ## install on first use, then start the portal with its demo community
	@echo "Starting the portal; stop it with Ctrl-C."
	@exec $(BIN)/portal up $(ARGS)

test: $(VENV)/.ready-dev ## run the tests on SQLite and PostgreSQL; what needs a browser or a server is skipped aloud without it
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)
	@if [ -n "$$PORTAL_TEST_POSTGRES$$PORTAL_TEST_NO_SKIP" ]; then \
	    $(BIN)/python -m pytest -n $(JOBS) --dist worksteal --database postgres $(ARGS); \
	else echo "SKIPPED: all tests on PostgreSQL; PORTAL_TEST_POSTGRES names no server."; fi

coverage: $(VENV)/.ready-dev ## run the tests and tell which lines none of them reached
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal --cov --cov-report=term $(ARGS)

check: $(VENV)/.ready-dev ## judge the code without running it: style, types, layers, templates, leftovers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/vulture
	$(BIN)/deptry .

fix: $(VENV)/.ready-dev ## repair what can be repaired by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.ready-dev ## measure pages and statements on this machine
	$(BIN)/python -m benchmarks $(ARGS)

bench-doc: $(VENV)/.ready-dev ## measure, and write the figures into docs/performance.md
	$(BIN)/python -m benchmarks --write docs/performance.md $(ARGS)

prove: $(VENV)/.ready-dev ## import the real files of PORTAL_PROVE_DATA into a database that is gone afterwards, and print figures
	$(BIN)/python -m benchmarks.prove $(ARGS)

screenshots: $(VENV)/.ready-dev ## walk the journeys in a browser and keep their pictures in docs/screenshots
	PORTAL_TEST_SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest -m journey $(ARGS)

locks: $(VENV)/.ready-locks ## resolve requirements/*.txt again from pyproject.toml (UPGRADE=1 takes newer versions)
	@for lock in run deploy dev; do \
	  case $$lock in \
	    run) set -- ;; \
	    deploy) set -- --all-extras --constraints requirements/run.txt ;; \
	    dev) set -- --all-extras --group dev --constraints requirements/deploy.txt ;; \
	  esac; \
	  echo "Resolving requirements/$$lock.txt"; \
	  $(VENV)/locks/bin/uv pip compile --quiet pyproject.toml --group build "$$@" $(if $(UPGRADE),--upgrade) \
	    --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --custom-compile-command "make locks" --output-file requirements/$$lock.txt || exit 1; \
	done

clean: ## remove the environment and everything that tools left behind; your data in var/ stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage .coverage.* build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@for python in $(PYTHON); do \
	  "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
	  echo "Making $(VENV) with $$("$$python" --version)"; \
	  rm -rf $(VENV) && "$$python" -m venv $(VENV) && touch $@ && exit 0; \
	  exit 1; \
	done; \
	echo "No Python 3.11 or newer with venv was found; looked for: $(PYTHON)." >&2; \
	echo "Install one (Debian: apt-get install python3 python3-venv), or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
	exit 1

$(VENV)/.ready-run: requirements/run.txt pyproject.toml | $(VENV)/.made
	@echo "Installing what the portal needs (about a minute, only when the list has changed)"
	@$(INSTALL) requirements/run.txt
	@$(PROJECT)
	@touch $@

$(VENV)/.ready-dev: requirements/dev.txt pyproject.toml | $(VENV)/.made
	@echo "Installing what the tests and checks need (a minute or two, only when the list has changed)"
	@$(INSTALL) requirements/dev.txt
	@$(PROJECT)
	@touch $@ $(VENV)/.ready-run

$(VENV)/.ready-locks: | $(VENV)/.made
	@echo "Installing the resolver apart from everything else"
	@$(BIN)/python -m venv $(VENV)/locks
	@$(VENV)/locks/bin/python -m pip --disable-pip-version-check --quiet install 'uv>=0.13,<0.14'
	@touch $@
