# `make demo` and `make test` are all a fresh machine needs: Python 3.10 or newer with pip.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed

.PHONY: demo test test-base check bench format clean

demo: $(INSTALLED)  ## train, export, build engines, embed, match, verify: one screen
	$(BIN)/python examples/demo.py --out build/demo

test: $(INSTALLED)  ## everything that proves the project right
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -p clnet
	$(BIN)/lint-imports
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto --dist loadfile

check: $(INSTALLED)  ## the fast part, before each commit: under two minutes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy -p clnet
	$(BIN)/lint-imports
	OMP_NUM_THREADS=1 $(BIN)/pytest -m "not slow" -n auto --dist loadfile

test-base:  ## the base alone, as on a device: make test-base PYTHON=python3.10
	$(PYTHON) -m venv $(VENV)-base
	$(VENV)-base/bin/python -m pip install -qq -e '.[cpu]' pytest hypothesis tomli onnx pyyaml
	$(VENV)-base/bin/pytest -m "not slow"

bench: $(INSTALLED)  ## latency, matching and embedding on this machine
	$(BIN)/clnet-bench matching --json build/bench/matching.jsonl
	$(BIN)/clnet-bench latency --json build/bench/latency.jsonl
	$(BIN)/clnet-bench embedding --json build/bench/embedding.jsonl

format: $(INSTALLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf build $(VENV) $(VENV)-base .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(INSTALLED): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --upgrade pip
	$(BIN)/python -m pip install -qq -e '.[export,rtx,openvino,maps,scale,bench,dev]'
	touch $@
