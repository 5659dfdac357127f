# Verbs of the house. `make` alone lists them.
SHELL     := /bin/bash
PYTHON    ?= python3
UV        := uv==0.13.8
VENV      := .venv
BIN       := $(VENV)/bin
INSTALLED := $(VENV)/.installed
EXTRAS    := --extra grade --extra scale --extra site --extra test

# nbgrader calls `alembic` by name, so the environment's programs come first.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help demo test lab lint format bench peers build site browser install lock clean

help:  ## list these verbs
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: install  ## grade a made-up class of 12 in ./demo-course and write its page of results
	@coursekit demo

test: install browser  ## run every test, and every lecture under nbval
	@pytest

lab: install  ## open JupyterLab on the lectures
	@jupyter lab --notebook-dir=lectures

lint: install  ## ruff, ruff format, mypy --strict, import-linter
	ruff check .
	ruff format --check .
	mypy
	lint-imports

format: install  ## let ruff rewrite what it can
	ruff check --fix .
	ruff format .

bench: install  ## print speed ratios, measured interleaved in one run
	@$(BIN)/python tests/benchmarks/engine.py
	@$(BIN)/python tests/benchmarks/diagnosis.py
	@$(BIN)/python tests/benchmarks/grading.py
	@$(BIN)/python tests/benchmarks/wall.py

peers: install  ## install torch, jax and scikit-learn beside the lock, and compare the engine with them
	@uv pip install --quiet --python $(BIN)/python --editable ".[peers]"
	@pytest --override-ini addopts=-q tests/engine/peers

build: install  ## rebuild and execute the lecture notebooks
	@coursekit build

site: install  ## build the web page of the course into ./site; open site/index.html
	@sphinx-build -q -W --keep-going docs site

browser: install  ## make sure there is a Chromium, by default Debian's
	@.ci/browser

install: $(INSTALLED)  ## make .venv from the lock and install coursekit into it, editable

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "coursekit needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(UV)

$(INSTALLED): $(BIN)/uv requirements.txt pyproject.toml
	@uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.txt
	@uv pip install --quiet --python $(BIN)/python --no-deps $(UV) --editable .
	@touch $@

lock: $(BIN)/uv  ## resolve requirements.txt anew
	uv pip compile pyproject.toml $(EXTRAS) --universal --python-version 3.11 --upgrade --generate-hashes \
		--no-emit-index-url --no-annotate --custom-compile-command "make lock" --quiet -o requirements.txt

clean:  ## remove the environment and what the verbs left behind
	rm -rf $(VENV) demo-course dist site docs/lectures docs/reference docs/errata.md .pytest_cache .mypy_cache .ruff_cache .hypothesis
