# Everything a newcomer needs: `make run` and `make test`. Both install what they need (no root).
.DEFAULT_GOAL := help
PYTHON ?= python3
PY := .venv/bin/python
export PYTHONHASHSEED := 0
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export RASA_TELEMETRY_ENABLED := false

.PHONY: help run test lint types validate unit dialogues browser train chat install install-dev evaluate tasks bench verify nightly sizing sbom advisories clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install:
	@$(PYTHON) tools/bootstrap.py

install-dev:
	@$(PYTHON) tools/bootstrap.py --dev

run: install ## install, train if needed, start the sandbox portal and the assistant, print the address
	@$(PY) -m bot run

chat: install ## talk to the assistant in the terminal, as any sandbox patient
	@$(PY) -m bot chat

train: install ## train the model if data, configuration or code changed
	@$(PY) -m bot train

test: install-dev lint types validate unit dialogues browser ## everything that CI runs
	@echo "make test: all passed"

lint: install-dev ## ruff: style and formatting
	@$(PY) -m ruff check bot tests tools
	@$(PY) -m ruff format --check --quiet bot tests tools

types: install-dev ## mypy --strict on bot/
	@$(PY) -m mypy bot

validate: install-dev ## rasa data validate, and no evaluation data in training data
	@mkdir -p .state && { $(PY) -m rasa data validate >.state/validate.log 2>&1 || { cat .state/validate.log; exit 1; }; }
	@echo "rasa data validate: passed"
	@$(PY) tools/check_training.py
	@$(PY) tools/check_leaks.py

unit: install-dev ## unit and contract tests, with a real Redis
	@$(PY) -m bot train
	@$(PY) -m pytest -q -n 2 tests --ignore tests/dialogues --ignore tests/facts --ignore tests/behaviour --ignore tests/cluster

dialogues: install-dev ## whole dialogues, wordings of facts and the behavioural matrix with the trained assistant and the sandbox portal
	@$(PY) -m bot train
	@$(PY) -m pytest -q tests/dialogues tests/facts tests/behaviour

browser: install-dev ## the widget and a real booking in Chromium
	@$(PY) -m bot train
	@cd widget && npm test --silent

evaluate: install-dev ## how well the trained model understands sentences it has not seen
	@$(PY) -m bot evaluate nlu

tasks: install-dev ## what patients get done: tasks with a simulated patient
	@$(PY) -m bot evaluate tasks

bench: install-dev ## stock Rasa and ours on the same dialogues, side by side, and what a message costs (several minutes)
	@$(PY) -m bot train
	@$(PY) -W ignore -m bench

verify: install-dev ## races, deaths, failures and attacks, checked against the portal's ledger: a table (ten minutes)
	@$(PY) -m bot train
	@$(PY) -m tools.verify

nightly: export RACE_PAIRS := 10000
nightly: export RACE_PROCESSES := 4
nightly: export RACE_ROUNDS := 200
nightly: export FAULTED_BOOKINGS := 2000
nightly: verify ## the same for hours at full size, then half an hour of talk in which nothing may grow
	@$(PY) -W ignore -m bench.soak --minutes 30

sizing: install-dev ## how large an installation has to be, from what make bench measured: docs/sizing.md
	@$(PY) -m tools.sizing

sbom: install-dev ## bill of materials of what is delivered (CycloneDX), from the lock files: .state/sbom.json
	@$(PY) -m tools.sbom .state/sbom.json

advisories: install-dev ## known faults of what is delivered, in a local copy of an advisory database: make advisories DATABASE=folder
	@$(PY) -m tools.advisories "$(DATABASE)"

clean: ## remove what was installed, built and trained
	rm -rf .venv widget/node_modules widget/dist .state .rasa models/*.tar.gz
