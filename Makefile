# Pengantar. `make demo` and `make test` need nothing done before; `make` alone lists everything.

PYTHON ?= python3
# What a caller may hand to a target; an environment variable does as well.
ARGS ?=
ROLE ?= officer
NAME ?=
BASE_URL ?=
TOKEN_KEY_FILE ?=
export BASE_URL TOKEN_KEY_FILE

VENV := .venv/bin
UV := .local/base/tools/bin/uv
SERVICES := intake verification documents notify
# Checked without exception: what everything stands on, and the rules of each service.
STRICT := services/common/kit services/common/contracts clients/python deploy/local deploy/setup deploy/machine deploy/audit deploy/backup deploy/store deploy/whatsapp_simulator \
	$(wildcard $(foreach s,$(SERVICES),services/$(s)/$(s)/domain.py services/$(s)/$(s)/domain))

# All tests: two processes share them, each with its own parts (a few tests of one's own choice: ARGS, in one process).
SIDE_BY_SIDE := -n 2 --dist loadscope --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-whatsapp run token sandbox check-letter import-neighbourhoods offices onboard rotate-keys verify-audit breach backup restore erasures open-keys test sure format format-check lint types audit faults fuzz bench test-compose pages guides samples events lock minio clean
.NOTPARALLEL:

##@ Try it

demo: setup ## Play four cases from the first photo to a letter that can be checked (BASE_URL=… TOKEN_KEY_FILE=… for a running stack)
	@$(VENV)/python -m deploy.demo $(ARGS)

demo-whatsapp: setup ## Play two cases by WhatsApp alone, on a simulator: every word, the count, the price
	@$(VENV)/python -m deploy.demo.whatsapp $(ARGS)

run: setup ## Keep the whole system in the foreground, with an office and a token per role; Ctrl-C stops it
	@$(VENV)/python -m deploy.local run $(ARGS)

token: setup ## Print an access token (ROLE=officer, applicant, rt_head, lurah, administrator …)
	@$(VENV)/python -m deploy.token $(ROLE) $(ARGS)

sandbox: setup ## Let another system into the office for trying, and print its key (NAME='Sistem Arsip Kota'; SANDBOX=true make run)
	@$(VENV)/python -m deploy.sandbox "$(NAME)" $(ARGS)

check-letter: setup ## Check a signed letter without any network (FILE=letter.pdf CERTIFICATE=office.pem)
	@$(VENV)/python -m documents check-letter "$(FILE)" --certificate "$(CERTIFICATE)"

##@ Check it

test: setup ## Run the tests (ARGS='tests/unit -k clock' picks some)
	@$(PYTHON) deploy/bootstrap.py --tests
	$(VENV)/python -m pytest $(or $(ARGS),$(SIDE_BY_SIDE))

sure: format-check lint types audit test ## What has to pass before a change is good: format, lint, types, audit, tests

format: setup ## Lay the code out
	$(VENV)/ruff format .
	$(VENV)/ruff check --fix --select I .

format-check: setup
	$(VENV)/ruff format --check .

lint: setup ## Look for mistakes and bad habits
	$(VENV)/ruff check .

types: setup ## Check the types
	$(VENV)/mypy $(STRICT)

audit: setup ## Look for known vulnerabilities among the locked packages
	$(VENV)/python -m deploy.audit

##@ Try it hard (minutes to an hour)

faults: setup ## Kill, stop and freeze everything while cases are under way
	$(VENV)/python -m pytest tests/faults -m 'faults or not faults' --timeout 3600 $(ARGS)

fuzz: setup ## Send every operation what its description does not say, and with every bad token of every role
	$(VENV)/python -m pytest -m fuzz --timeout 3600 $(ARGS)

bench: setup ## Measure the ratios that we promise, both sides in one run
	@$(VENV)/python -m bench $(ARGS)

test-compose: setup ## Build the images, bring them up, play the demo, restart everything (needs Docker)
	@deploy/compose/test $(ARGS)

##@ Look after it

import-neighbourhoods: setup ## Send a table of RTs and their heads to a running system (FILE=… [ARGS=--dry-run] [BASE_URL=… TOKEN_KEY_FILE=…])
	@$(VENV)/python -m deploy.import_neighbourhoods $(FILE) $(ARGS)

offices: setup ## Send a city's offices to a running system, Palembang's 107 by themselves ([FILE=…] [ARGS=--dry-run] [BASE_URL=… TOKEN_KEY_FILE=…])
	@$(VENV)/python -m deploy.offices $(FILE) $(ARGS)

onboard: setup ## Set an office up from one file, or bring it to what the file says (FILE=… [ARGS=--dry-run] [BASE_URL=… TOKEN_KEY_FILE=…])
	@$(VENV)/python -m deploy.onboarding $(FILE) $(ARGS)

rotate-keys: setup ## Change the keys of people's data while the system runs; then ARGS=--retire (containers: ARGS='--compose SECRETS_DIR')
	@$(VENV)/python -m deploy.rotate_keys $(ARGS)

verify-audit: setup ## Walk the audit chains of all services and name the first broken link (ARGS='--compose --heads FILE')
	@$(VENV)/python -m deploy.verify_audit $(ARGS)

breach: setup ## List whose data somebody touched (ARGS='--caller … | --session … | --token … | --from … --to … [--compose]')
	@$(VENV)/python -m deploy.breach $(ARGS)

backup: setup ## Back everything up while it runs (OUT=FOLDER BACKUP_PASSPHRASE_FILE=… [ARGS='--compose --verify --keep-days 30'])
	@$(VENV)/python -m deploy.backup take "$(OUT)" $(ARGS)

restore: setup ## Put a backup back (FROM=FOLDER/2026-… BACKUP_PASSPHRASE_FILE=… [ARGS='--compose --replace --erasures FILE'])
	@$(VENV)/python -m deploy.backup restore "$(FROM)" $(ARGS)

erasures: setup ## Write what was erased to a file that is kept elsewhere; a restore asks for it (OUT=FILE [ARGS=--compose])
	@$(VENV)/python -m deploy.backup erasures "$(OUT)" $(ARGS)

open-keys: setup ## Write a backup's secrets into a new folder (FROM=FOLDER/2026-… OUT=FOLDER BACKUP_PASSPHRASE_FILE=…)
	@$(VENV)/python -m deploy.backup open-keys "$(FROM)" "$(OUT)"

setup: ## Install what is missing and make .venv; every other target does this first
	@$(PYTHON) deploy/bootstrap.py

pages: setup ## Play each role's day in a browser, and put a picture of every page into docs/pages
	@$(PYTHON) deploy/bootstrap.py --tests
	rm -rf out/pages
	PAGES_OUT=out/pages $(VENV)/python -m pytest tests/browser
	$(VENV)/python -m tests.browser.gallery out/pages docs/pages
	$(VENV)/python -m deploy.guides

guides: setup ## Write the one-page guides of docs/guides anew, and the example leaflets of docs/leaflets
	$(VENV)/python -m deploy.guides
	$(VENV)/python -m tests.support.leaflets docs/leaflets

samples: setup ## Draw the sample pictures anew that show how a paper is photographed
	$(VENV)/python -m deploy.samples

events: setup ## Write docs/events.md and docs/asyncapi.json anew from the contracts
	$(VENV)/python -m contracts
	$(VENV)/python -m contracts.asyncapi

lock: setup ## Take the newest versions of all packages that fit (UPGRADE= keeps those we have)
	$(UV) pip compile --quiet --no-header --universal --python-version 3.11 --generate-hashes $(UPGRADE) \
		-o requirements-dev.lock requirements-dev.in services/*/pyproject.toml clients/*/pyproject.toml
	for service in $(SERVICES); do \
		$(UV) pip compile --quiet --no-header --universal --python-version 3.11 --generate-hashes \
			-c requirements-dev.lock -o services/$$service/requirements.lock \
			services/common/pyproject.toml services/$$service/pyproject.toml || exit 1; \
	done
lock: UPGRADE ?= --upgrade

minio: setup ## Build MinIO with Go, once; local stacks use it from then on in place of SeaweedFS
	@$(VENV)/python -m deploy.local.minio

clean: ## Remove what was made: .venv, data and logs of local stacks, caches (never while a stack runs)
	@$(PYTHON) -m deploy.machine.clean

help: ## List all this
	@awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*##/ {printf "  make %-21s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
