# Everything below sets itself up: it needs Python 3.11, make and a package index; the tests also npm's.
PYTHON ?= python3.11
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
RUN := .venv/bin/python
# The packages that run: the image installs them alone (NO_DEV=1), and sbom lists them.
RUNS := --frozen --extra fhir
SYNCED := .venv/.synced$(if $(NO_DEV),-no-dev)

.DEFAULT_GOAL := help
.PHONY: help setup chat up-scaled shell test test-tools lint check check-content train test-stories review content-report content-differences evaluate bench soak fuzz teams-package sbom audit-dependencies clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(SYNCED) ## install everything the project needs into .venv (NO_DEV=1: only what runs, as the image does)

.uv/bin/uv:
	@echo "Installing uv into .uv …"
	@$(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv

$(SYNCED): pyproject.toml uv.lock | $(filter .uv/bin/uv,$(UV))
	@echo "Installing the dependencies into .venv (a few minutes the first time) …"
	@$(UV) sync --quiet $(RUNS) $(if $(NO_DEV),--no-dev) --compile-bytecode --python $(PYTHON)
	@rm -f .venv/.synced*
	@touch $@

shell: setup ## a conversation in the terminal
	@$(RUN) -m service shell

tests/tools/.venv/.synced: tests/tools/pyproject.toml tests/tools/uv.lock | $(filter .uv/bin/uv,$(UV))
	@$(UV) sync --quiet --frozen --project tests/tools --python $(PYTHON)
	@touch $@

tests/tools/node_modules/.synced: tests/tools/package.json tests/tools/package-lock.json | tests/tools/.venv/.synced
	@cd tests/tools && .venv/bin/npm ci --silent
	@touch $@

test-tools: tests/tools/.venv/.synced tests/tools/node_modules/.synced ## what the tests need beside the packages

chat: setup ## the assistant in the browser: prints the address of the page
	@exec $(RUN) -m service serve

up-scaled: setup ## several workers on the PostgreSQL and the Redis that DATABASE_URL and REDIS_URL name
	@RASA_WORKERS="$${RASA_WORKERS:-2}" exec $(RUN) -m service serve

test: setup test-tools ## lint, types, import rules, the proof of the decision table, all tests
	@$(RUN) -m tests.run

lint: setup ## format and lint checks, types, import rules
	@$(RUN) -m tests.run lint

check: setup ## the proof of the decision table
	@$(RUN) -m knowledge check

check-content: setup ## mistakes in what content staff wrote, in seconds and without training
	@$(RUN) -m content check

train: setup ## what changed of the store and the models, built anew
	@$(RUN) -m service build

test-stories: setup ## the test stories that something changed for since they passed last
	@$(RUN) -m tests.stories

review: setup ## what was misunderstood at work, oldest first, without identifiers
	@$(RUN) -m content review

content-report: setup ## a page that shows the content and what changed: make content-report AGAINST=HEAD~5
	@$(RUN) -m content report $(if $(AGAINST),--against "$(AGAINST)")

content-differences: setup ## the same changes in a few lines: make content-differences AGAINST=HEAD~5
	@$(RUN) -m content differences $(if $(AGAINST),"$(AGAINST)")

evaluate: setup ## the benchmark on labeled cases beside other readers, into docs/benchmark.md
	@$(RUN) -m tests.evaluation --baselines

bench: setup test-tools ## how fast it is, beside other assistants, into docs/bench.md (the first time they are trained)
	@$(RUN) -m tests.bench

soak: setup test-tools ## an hour of conversations at a quarter of the top rate: make soak MINUTES=60
	@$(RUN) -m tests.bench.soak --minutes $(or $(MINUTES),60)

fuzz: setup test-tools ## every entrance and the reader with inputs that nobody has tried: make fuzz SEED=7 repeats a run
	@seed=$(or $(SEED),$$(date +%s)); echo "SEED=$$seed"; \
		FUZZ_SEED=$$seed $(RUN) -m pytest -q tests/fuzz --hypothesis-seed=$$seed

teams-package: setup ## the app package for Teams: TEAMS_APP_ID=… make teams-package HOST=vcf.example.org
	@$(RUN) -m channels.teams package "$(HOST)"

sbom: setup test-tools ## the list of every package that runs, as CycloneDX, into .build/sbom.json
	@mkdir -p .build
	@$(UV) export --quiet $(RUNS) --no-dev --no-emit-project --output-file .build/requirements.txt
	@tests/tools/.venv/bin/cyclonedx-py requirements .build/requirements.txt --pyproject pyproject.toml \
		--output-format JSON --spec-version 1.6 --output-reproducible --output-file .build/sbom.json 2>/dev/null

audit-dependencies: sbom ## what is known against these packages, but what was reviewed (REQUIRED=1: fail if nothing can be looked up)
	@$(RUN) -m tests.dependencies.audit $(if $(REQUIRED),--required)

clean: ## remove everything that was built (not the installed packages)
	@rm -rf .build
