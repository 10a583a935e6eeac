# kpikit: one command for each thing one does with a clone. `make` lists them.
#
# The environment in $(VENV) is made on first use and again when pyproject.toml or requirements.lock changes.

PYTHON ?= python3
VENV ?= .venv
VERSIONS ?= 3.11 3.12 3.13
PYTEST_ARGS ?=
LAB_ARGS ?=
LOCK_ARGS ?=

# What `make report` asks for: the sample company's last complete quarter, for the company and for each rep.
REPORT_ARGS ?= notebooks/team_performance.ipynb --data data/samples --plan data/samples/plan.yaml \
	--period "last quarter" --for-each rep --output reports

BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest --nbval --nbval-current-env kpikit tests notebooks
STAMP := $(VENV)/.kpikit-installed
# Stands beside the environment while it is being made, so that one left half made is not believed.
HALF := $(VENV).unfinished

.DELETE_ON_ERROR:
.PHONY: help env report test test-fast test-versions lint format lab bench lock clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

env: $(STAMP) ## Make the environment (.venv)

report: $(STAMP) ## Make the sample company's reports in reports/
	@$(BIN)/kpikit report $(REPORT_ARGS)

test: $(STAMP) ## Run every test, notebooks included; names what it had to skip
	$(PYTEST) $(PYTEST_ARGS)

test-fast: $(STAMP) ## Run the tests that need neither a browser nor much time
	$(PYTEST) -m "not browser and not slow" $(PYTEST_ARGS)

test-versions: $(VERSIONS:%=test-%) ## Run the fast tests on each Python, each in its own environment

# `make test-3.12`: the fast tests on Python 3.12. KPIKIT_NO_SKIPS=1 makes a missing Python a failure.
test-3.%:
	@if python=$$($(PYTHON) tools/find_python.py 3.$*); then \
		$(MAKE) --no-print-directory test-fast VENV=.venv-3.$* PYTHON="$$python"; \
	else \
		echo "Skipped: the tests on Python 3.$*. Hint: install it, with pyenv for example."; \
		test -z "$$KPIKIT_NO_SKIPS"; \
	fi

lint: $(STAMP) ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(STAMP) ## Mend style and format where that is safe
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lab: $(STAMP) ## Open JupyterLab on the notebooks
	$(BIN)/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks $(LAB_ARGS)

bench: $(STAMP) ## Measure speed against the same work by hand
	$(BIN)/python -m benchmarks.load
	$(BIN)/python -m benchmarks.measure

lock: $(STAMP) ## Write requirements.lock from pyproject.toml; LOCK_ARGS=--upgrade takes the newest
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-annotate \
		--custom-compile-command "make lock" $(LOCK_ARGS) --output-file requirements.lock pyproject.toml

clean: ## Remove reports, packages and caches; keeps the environment
	rm -rf reports build dist .pytest_cache .ruff_cache .hypothesis
	find . -path './.venv*' -prune -o -path ./.git -prune -o \
		-type d \( -name __pycache__ -o -name .ipynb_checkpoints -o -name .kpikit \) -prune -exec rm -rf {} +

# The stamp comes last. An environment that was left half made, or whose Python does not run, is made anew; one
# that runs is only added to. The package itself is installed in place and without a download: what builds it
# is in the lock.
$(STAMP): pyproject.toml requirements.lock
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "make: '$(PYTHON)' was not found. Hint: install Python 3.11 or newer, or name one: make PYTHON=python3.12"; \
		exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "make: kpikit needs Python 3.11 or newer; '$(PYTHON)' is $$("$(PYTHON)" -V 2>&1)."; \
		echo "Hint: name another one: make PYTHON=python3.12"; \
		exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "make: '$(PYTHON)' cannot make environments: its module venv or ensurepip is missing."; \
		echo "Hint: on Debian and Ubuntu: apt-get install python3-venv"; \
		exit 1; }
	@if [ -e "$(HALF)" ] || ! "$(BIN)/python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		if [ -e "$(VENV)" ] && [ ! -e "$(VENV)/pyvenv.cfg" ] && [ ! -e "$(HALF)" ]; then \
			echo "make: '$(VENV)' is there and is no environment. Hint: name another place: make VENV=.venv-kpikit"; \
			exit 1; \
		fi; \
		echo "Making the environment $(VENV). This happens once and takes some minutes."; \
		touch "$(HALF)" && "$(PYTHON)" -m venv --clear "$(VENV)"; \
	fi
	@touch "$(HALF)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --compile --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch "$@"
	@rm "$(HALF)"
