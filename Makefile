# Broadsheet: `make demo` shows it, `make check` proves it.
SHELL := /bin/bash
# A system's own Python is built for speed, and a version manager's often is not: the tests take a sixth longer there.
PYTHON ?= $(shell for each in /usr/bin/python3 python3; do $$each -c \
  'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$each && exit; done; \
  echo python3)
VENV := .venv
BIN := $(VENV)/bin
DEMO := var/demo

.DEFAULT_GOAL := help
# The site beside it that shows its discussions: browsers take the two names of this machine for two sites.
DEMO_HOST := localhost:8008
.PHONY: help setup demo demo-data demo-embed run check check-long lock clean

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/run.stamp: requirements/run.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "broadsheet: python3 with its venv module is needed (Debian: apt install python3-venv)"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/check.stamp: requirements/check.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "broadsheet: python3 with its venv module is needed (Debian: apt install python3-venv)"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/check.txt
	@touch $@ $(VENV)/run.stamp

setup: $(VENV)/run.stamp ## Make the virtual environment from the lock file

demo-data: setup
	@test -f $(DEMO)/broadsheet.toml || { $(BIN)/python manage.py init $(DEMO) >/dev/null && \
	  sed -i.bak 's/^site_name = .*/site_name = "The Pennoway Ledger"/' $(DEMO)/broadsheet.toml && rm $(DEMO)/broadsheet.toml.bak; }
	@BROADSHEET_CONFIG=$(DEMO)/broadsheet.toml $(BIN)/python manage.py migrate --verbosity 0
	@BROADSHEET_CONFIG=$(DEMO)/broadsheet.toml $(BIN)/python manage.py demo

demo: demo-data ## Show a town paper with conversations under its stories
	@echo "  make demo-embed                in another shell: another site, which shows this paper's discussions"
	@BROADSHEET_CONFIG=$(DEMO)/broadsheet.toml BROADSHEET_EMBED_SITES=http://$(DEMO_HOST) BROADSHEET_OUTBOUND_INSIDE=$(DEMO_HOST) \
	  exec $(BIN)/python manage.py serve $(SERVE)

demo-embed: setup ## Show the demo's discussions in the pages of another site (while `make demo` runs)
	@echo "Another paper's pages, with discussions of the demo: http://$(DEMO_HOST)/"
	@exec $(BIN)/python -m http.server 8008 --bind 127.0.0.1 --directory examples/embed

run: setup ## Serve your own newsroom in var/newsroom, made on the first run
	@test -f var/newsroom/broadsheet.toml || $(BIN)/python manage.py init var/newsroom
	@BROADSHEET_CONFIG=var/newsroom/broadsheet.toml $(BIN)/python manage.py migrate --verbosity 0
	@BROADSHEET_CONFIG=var/newsroom/broadsheet.toml exec $(BIN)/python manage.py serve $(SERVE)

check: $(VENV)/check.stamp ## Run everything CI runs: linters, types, import rules, tests on both databases, browser journeys
	@scripts/check

check-long: $(VENV)/check.stamp ## Besides: build and install the package in a fresh environment, benchmarks
	@BROADSHEET_LONG=1 scripts/check

lock: ## Resolve requirements/*.in again (needs uv)
	for name in run scorer check; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade \
	    requirements/$$name.in -o requirements/$$name.txt; done

clean: ## Remove what was built; var/ with its newsrooms stays
	rm -rf $(VENV) node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build dist *.egg-info
