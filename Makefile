# `make demo` and `make test` are all a fresh machine needs: Python 3.10 or newer with pip.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
DEMO := build/demo
BENCH := build/bench

.PHONY: demo test test-base check bench bench-check tables format clean

demo: $(INSTALLED)  ## train, export, build engines, embed, match, verify: one screen
	$(BIN)/python examples/demo.py --out $(DEMO)

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

bench: $(INSTALLED) $(DEMO)/summary.json  ## the demo bundle measured: build/bench/report.html
	$(BIN)/clnet-bench latency $(DEMO)/bundle --json $(BENCH)/latency.jsonl
	$(BIN)/clnet-bench matching --queries 256 --gallery 20000 --dim 512 --json $(BENCH)/matching.jsonl
	$(BIN)/clnet-bench flops --json $(BENCH)/flops.jsonl
	$(BIN)/clnet-bench accuracy $(DEMO)/bundle --checkpoint $(DEMO)/run --data $(DEMO)/town \
		--layout cvusa --all-backends --json $(BENCH)/accuracy.jsonl
	$(BIN)/clnet-bench report $(BENCH)/latency.jsonl $(BENCH)/matching.jsonl $(BENCH)/flops.jsonl \
		$(BENCH)/accuracy.jsonl --bundle $(DEMO)/bundle --out $(BENCH)/report.html

bench-check: $(INSTALLED)  ## has a change of ours made anything slower? by the committed ratios
	$(BIN)/clnet-bench check

tables: $(INSTALLED)  ## README and docs as the committed rows say
	$(BIN)/clnet-bench tables

$(DEMO)/summary.json: | $(INSTALLED)
	$(BIN)/python examples/demo.py --out $(DEMO)

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
