# `make` or `make help` lists the targets. Everything runs from the locked files in this clone.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Python is compiled once, not by each of the hundred processes that a test run starts; out of the way.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/build/pycache
PY := .venv/bin/python
BIN := .venv/bin

# Quietly: Brownie names every contract, the tests' too.
COMPILED = mkdir -p build; echo "== compiling the contracts"; ./brownie compile >build/compile.log 2>&1 || { cat build/compile.log; exit 1; }

.PHONY: help setup compile demo replay advisor-demo advisor-figures play play-reset walkthrough test test-package test-chain test-deep rig drills fuzz deploy-busy test-runtime release lint format slither gas growth experiments bench-index bench-web pictures lighthouse mutate relay coverage lock clean distclean

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install everything from the locked files (again: instant, works offline)
	@tools/setup.sh

compile: setup ## Compile the contracts
	@./brownie compile

demo: setup ## Play the whole story on a local chain; tables and build/demo/report.html
	@$(COMPILED)
	@./brownie run demo

replay: setup ## Replay a DAO's history: HOLDERS=a.csv VOTES=b.csv OUT=c.json [PAGE=d.html] [OPTIONS="--ask 500"]
	@if [[ -z "$${HOLDERS:-}" || -z "$${VOTES:-}" || -z "$${OUT:-}" ]]; then \
	  echo "make replay HOLDERS=holders.csv VOTES=votes.csv OUT=replay.json; docs/replay.md describes the files" >&2; exit 2; fi
	@$(MAKE) compile
	@$(BIN)/dmo replay --holders "$$HOLDERS" --votes "$$VOTES" --out "$$OUT" $(if $(PAGE),--page "$(PAGE)") $(OPTIONS)

advisor-demo: compile ## An advisor's life on a local chain: train, register, wait, judge, show
	@$(PY) tools/advisor_demo.py $(OPTIONS)

advisor-figures: setup ## What advisors can do and what not: luck, skill, words (OPTIONS="--replay build/replay.json")
	@$(PY) tools/measure_advisors.py $(OPTIONS)

play: compile ## A chain that stays up, a DMO on it, five accounts; Ctrl-C stops, again goes on
	@$(PY) tools/play.py

play-reset: compile ## The same, from the beginning
	@$(PY) tools/play.py --fresh

walkthrough: compile ## Run the README's section "By hand" as printed, on a fresh play chain
	@$(PY) tools/walkthrough.py

test: setup ## Run all tests on all cores: package, contracts, scripts, invariants, gas
	@$(PY) tools/run_tests.py package chain

test-package: setup ## Run the package tests alone (no chain, no compiling)
	@$(PY) tools/run_tests.py package

test-chain: setup ## Run the tests that need the local chain alone
	@$(PY) tools/run_tests.py chain

test-deep: setup ## Run the state machines with many histories (HISTORIES=2000); build/liveness.json, build/coalitions.json
	@code=0; DMO_HISTORIES="$(HISTORIES)" $(PY) tools/run_tests.py deep || code=$$?; \
	  $(PY) tools/write_liveness.py || code=1; $(PY) tools/write_coalitions.py || code=1; exit $$code

rig: compile ## Keepers on a live-like chain, faults by seed (SEEDS=20 FIRST=1); build/keeper.json
	@$(PY) -m tools.rig $(if $(SEEDS),--seeds $(SEEDS)) $(if $(FIRST),--first $(FIRST)) $(OPTIONS)

drills: compile ## The drills of docs/operating.md (ONE="the disk is empty")
	@$(PY) -m tools.rig.drills $(if $(ONE),"$(ONE)")

fuzz: setup ## Try bad inputs by seed (COUNT=10000 SEED=1); build/fuzz.json
	@$(PY) tools/fuzz.py $(if $(COUNT),--count $(COUNT)) $(if $(SEED),--seed $(SEED))

deploy-busy: compile ## Deploy again and again beside busy loops (COUNT=20 LOOPS=4)
	@$(PY) tools/deploy_busy.py $(if $(COUNT),--count $(COUNT)) $(if $(LOOPS),--loops $(LOOPS))

test-runtime: setup ## Try the package with its declared dependencies alone, newest and oldest (needs network)
	@tools/test_runtime.sh

release: compile ## Build wheel, sdist, address-book schema and checksums into build/release
	@$(PY) tools/release.py

lint: setup ## Check style, types and generated files
	@$(PY) tools/lint.py

format: setup ## Rewrite the Python files in the project's style
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

slither: setup ## Run slither over contracts/
	@$(PY) tools/run_slither.py

gas: setup ## Measure the acts' gas; build/gas.json, docs/gas.md
	@$(PY) tools/measure_gas.py

growth: setup ## Measure what grows with what; build/growth.json, docs/gas.md
	@$(PY) tools/measure_gas.py growth

experiments: setup ## Measure what A/B tests find and when; docs/experiments.md
	@$(PY) tools/measure_experiments.py

bench-web: setup ## What a page costs, and how soon the server answers
	@$(PY) tools/bench_web.py $(OPTIONS)

pictures: compile ## Take pictures of every page, in all widths, schemes and languages (OPTIONS="--page round --width 390", or --readme); build/pictures
	@$(PY) tools/pictures.py $(OPTIONS)

lighthouse: compile ## Lighthouse over overview, round, idea and bounty: at least 95 in all four; build/lighthouse.json
	@$(PY) tools/measure_lighthouse.py

bench-index: setup ## What an event costs the index, in SQLite and PostgreSQL: EVENTS=1000000
	@nice $(PY) tools/bench_index.py --events $(or $(EVENTS),200000)

mutate: setup ## Mutate the contracts and run the tests on each mutant (OPTIONS="--contract Jury"); docs/mutants.md
	@$(PY) tools/mutate.py $(OPTIONS)

relay: compile ## Relay many signed ballots, killed once in between (COUNT=10000); build/relay.json
	@$(PY) -m tools.measure_relay $(if $(COUNT),--count $(COUNT))

coverage: setup ## Measure the tests' contract coverage; build/coverage.json
	@$(PY) tools/run_coverage.py

lock: setup ## Rewrite the hashed Python locks (needs network)
	@tools/lock.sh

clean: ## Remove what builds, tests and demos left behind
	@rm -rf build reports .hypothesis .pytest_cache .mypy_cache .ruff_cache crytic-export .brownie-home/port-* .brownie-home/.foundry .brownie-home/.brownie/*.db
	@find . -name __pycache__ -not -path './.venv/*' -not -path './.uv/*' -not -path './node_modules/*' -prune -exec rm -rf {} +

distclean: clean ## Also remove the installed packages and Brownie's home, but no keystore in it
	@rm -rf .uv .venv node_modules
	@find .brownie-home -not -type d -not -path '*/accounts/*' -delete 2>/dev/null; find .brownie-home -type d -empty -delete 2>/dev/null || true
	@if [ -d .brownie-home ]; then echo "kept, for only you can know what they hold: .brownie-home/.brownie/accounts"; fi
