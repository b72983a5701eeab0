# Two commands from an empty clone:   make demo   |   make test
# Extras, into the same environment:  make lab (run experiments)   |   make roster (learn many runners together)   |   make mcp (let an assistant ask)   |   make cluster (a field on many machines)
PYTHON ?= python3
UV     := $(or $(shell command -v uv 2>/dev/null),.tools/bin/uv)
BIN    := .venv/bin
UV_PYTHON_DOWNLOADS ?= never
UV_NO_PROGRESS ?= 1
export UV_PYTHON_DOWNLOADS UV_NO_PROGRESS

.PHONY: demo test test-long check lint wheel bench docs lab roster mcp cluster lock clean
demo: .venv/.ok
	@$(BIN)/charley demo
	@echo "To use it in this terminal: source .venv/bin/activate, then: charley"

test: .venv/.dev lint
	$(BIN)/pytest -n 2 -m "not long"

# What is left out of the tests above since a shorter sibling stands in for it.
test-long: .venv/.dev
	$(BIN)/pytest -n 2 -m long

# Under a minute on a quiet machine: form, types, layers, and the models' own tests but for the slow ones.
check: .venv/.dev lint
	$(BIN)/pytest -n 2 -m "not slow and not long" tests/properties tests/published

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# What a stranger gets: the wheel alone, in an empty environment, in a folder outside the project.
wheel: .venv/.dev
	rm -rf build/wheel && mkdir -p build/wheel
	$(BIN)/python -m hatchling build -t wheel -d build/wheel
	$(UV) venv --quiet --python $(BIN)/python build/wheel/env
	$(UV) pip install --quiet --python build/wheel/env/bin/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python build/wheel/env/bin/python --no-deps build/wheel/*.whl
	charley=$$PWD/build/wheel/env/bin/charley && cd "$$(mktemp -d)" && unset CHARLEY_JOURNAL && \
	  $$charley --help >help && $$charley demo >demo && $$charley ask "does salt help?" >ask && \
	  $$charley why charley-demo/charley-demo-marathon.fit --at 33.4km --json >why && test -s why && \
	  build=$$OLDPWD/build/wheel/env/bin/python && $$build $$OLDPWD/scripts/try_serve.py $$charley

lab roster mcp cluster: .venv/.ok
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-$@.lock

# The pages as one site, to be opened from a file: build/site/index.html. A link within it that leads nowhere is an error.
docs: .venv/.ok
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-docs.lock
	$(BIN)/sphinx-build -q -W --keep-going -b html -c docs/site docs build/site
	@echo "build/site/index.html"

bench: .venv/.dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv .tools build

# Python's own compiled files, made once here: the first answer is then as fast as the next, also where Python is told not
# to write beside its sources.
COMPILED := src/charley $(addprefix .venv/lib/python3*/site-packages/,numpy click jinja2 markupsafe)

# The editable install is rebuilt only when what it is made of changes.
.venv/.ok: pyproject.toml requirements.lock | $(UV)
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q $(COMPILED)
	@touch $@

.venv/.dev: pyproject.toml requirements-dev.lock | $(UV)
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q $(COMPILED)
	@touch $@ .venv/.ok

.tools/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "charley needs Python 3.11 or newer; run: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .tools 2>/dev/null || { rm -rf .tools; echo "Python cannot make a virtual environment here. On Debian or Ubuntu: sudo apt install python3-venv, then run make again."; exit 1; }
	.tools/bin/python -m pip install -q --disable-pip-version-check 'uv>=0.9,<1'

# Hash-locked, one file for every Python from 3.11 on, and no address in it.
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: | $(UV)
	$(LOCK) pyproject.toml --group build -o requirements.lock
	$(LOCK) pyproject.toml --extra lab --extra watch --extra mcp --extra cluster --group build --group dev -o requirements-dev.lock
	$(LOCK) pyproject.toml --extra lab -c requirements-dev.lock -o requirements-lab.lock
	$(LOCK) pyproject.toml --extra roster -c requirements-dev.lock -o requirements-roster.lock
	$(LOCK) pyproject.toml --extra mcp -c requirements-dev.lock -o requirements-mcp.lock
	$(LOCK) pyproject.toml --extra cluster -c requirements-dev.lock -o requirements-cluster.lock
	$(LOCK) pyproject.toml --group docs -c requirements-dev.lock -o requirements-docs.lock
