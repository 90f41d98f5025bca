# LSTM Explorer. `make` lists what there is.
#
#   PYTHON=python3.12 make run     choose the Python
#   PORT=8600 make run             choose the port
#   PIP_INDEX_URL, UV_DEFAULT_INDEX, ... are honoured as usual

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
TESTS ?= tests
# Tests run side by side; more than four would only wait for each other's TensorFlow.
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ $$n -gt 4 ] && echo 4 || echo $$n)
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

.PHONY: help run test check format bench browser clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.installed-run ## Start the dashboard on this machine and open the browser
	@$(BIN)/lstm-explorer app --port $(PORT)

test: check $(VENV)/.chromium ## Everything that must be green: lint, types, contracts, all tests
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(TESTS)

check: $(VENV)/.installed-test ## Lint, format, types and import contracts only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports --no-logo

format: $(VENV)/.installed-test ## Let ruff mend and format what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed-test ## Measure speed and memory beside plain Keras, PyTorch, Darts and Captum; SECTIONS=training
	$(BIN)/python -m tests.bench $(SECTIONS)

browser: $(VENV)/.installed-test $(VENV)/.chromium ## The browser tests only; HEADED=1 shows the browser
	$(BIN)/pytest tests/browser $(if $(HEADED),--headed)

clean: ## Remove the environment and everything made by tools
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache test-results screenshots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.installed-run: uv.lock pyproject.toml hatch_build.py .ci/install
	@sh .ci/install run

$(VENV)/.installed-test: uv.lock pyproject.toml hatch_build.py .ci/install
	@sh .ci/install test

$(VENV)/.chromium: $(VENV)/.installed-test .ci/chromium
	@sh .ci/chromium
