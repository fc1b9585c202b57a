# Two commands do everything from nothing on Debian 12: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PY := .venv/bin/python
PYTEST := .venv/bin/pytest
APPS := tender scoring workflows reports
MO := $(patsubst %.po,%.mo,$(wildcard $(addsuffix /locale/*/LC_MESSAGES/*.po,$(APPS) settings)))
PO_TEMPLATES := $(wildcard $(addsuffix /templates,$(APPS)))

SERVE ?= 1
# Two workers, for the two cores this is measured on; `make test ARGS="-n0 -x tests/tender"` for one thing at a time.
ARGS ?= -n 2 --dist worksteal
# COVERAGE=1 measures branches, and asks all of them of the rules, the machines and the commands (pyproject.toml says which those are).

.PHONY: help
help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## .venv with locked packages, and the system libraries that are missing
	@bin/setup

.PHONY: setup-tests
setup-tests:
	@bin/setup --tests

.PHONY: demo
demo: setup ## everything from nothing, the story, then http://127.0.0.1:8000 (SERVE=0: stop after the story)
	@$(PY) bin/demo.py $(if $(filter 0,$(SERVE)),--no-serve)

.PHONY: serve
serve: setup messages ## the demo of last time again: web server, worker and clock
	@DJANGO_SETTINGS_MODULE=$${DJANGO_SETTINGS_MODULE:-settings.demo} $(PY) manage.py collectstatic --no-input --verbosity 0
	@$(PY) bin/serve.py

.PHONY: test
test: setup-tests messages ## the whole suite from nothing; on PostgreSQL and a broker with DATABASE_URL and CELERY_BROKER_URL
	@$(PYTEST) $(ARGS) $(if $(COVERAGE),--cov)

.PHONY: test-browser
test-browser: setup-tests messages ## only the journeys in Chromium
	@$(PYTEST) -m browser $(ARGS)

.PHONY: bench
bench: setup-tests messages ## measurements
	@$(PYTEST) -m bench -s tests/bench

.PHONY: bench-rush
bench-rush: setup-tests messages ## 500 applicants at the deadline, on gunicorn and PostgreSQL (DATABASE_URL, a name that ends in _rush)
	@$(PY) tests/bench/rush.py

.PHONY: check
check: check-lint check-types check-layers check-templates check-migrations check-translations check-docs check-deploy ## all checks but the tests

.PHONY: check-lint check-types check-layers check-templates check-migrations check-translations check-docs check-deploy
check-lint: setup-tests
	@echo "check: lint"
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
check-types: setup-tests
	@echo "check: types"
	@.venv/bin/mypy
check-layers: setup-tests
	@echo "check: layers"
	@.venv/bin/lint-imports
check-templates: setup-tests
	@echo "check: templates"
	@.venv/bin/djlint --lint --quiet $(PO_TEMPLATES)
check-migrations: setup-tests
	@echo "check: migrations"
	@DJANGO_SETTINGS_MODULE=settings.test $(PY) manage.py makemigrations --check --dry-run
check-translations: setup-tests
	@echo "check: translations"
	@$(PY) bin/translations.py check
check-docs: setup-tests messages
	@echo "check: generated docs"
	@DJANGO_SETTINGS_MODULE=settings.test $(PY) manage.py diagrams --check
check-deploy: setup-tests
	@echo "check: deploy"
	@mkdir -p var && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj '/CN=Only for this check' \
	 -keyout var/check.key -out var/check.crt 2> /dev/null && cat var/check.key var/check.crt > var/check.pem && rm var/check.key var/check.crt
	@DJANGO_SETTINGS_MODULE=settings.production \
	 SECRET_KEY=only-for-this-check-7f9d2c51e8a64b03b1f0c9e2d7a85346 \
	 RECEIPT_KEY=b25seSBmb3IgdGhpcyBjaGVjaywgc2lnbnMgbm90aGk= \
	 SEAL_FILE=var/check.pem \
	 ALLOWED_HOSTS=drietrap.example EMAIL_URL=smtp://localhost:25 CACHE_URL=redis://127.0.0.1:6379/1 \
	 $(PY) manage.py check --deploy --fail-level WARNING

.PHONY: format
format: setup-tests ## put the source in its form
	@.venv/bin/ruff check --fix --exit-zero --quiet
	@.venv/bin/ruff format

.PHONY: messages
messages: $(MO) ## compile the translations
%.mo: %.po
	@msgfmt --check-format --output-file=$@ $<

.PHONY: translations
translations: setup ## bring the .po files up to date with the source
	@$(PY) bin/translations.py update

.PHONY: lock
lock: setup-tests ## lock the dependencies of requirements/*.in afresh (UPGRADE=1: newest versions)
	@cd requirements && for name in runtime dev s3; do \
	  ../.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	    $(if $(UPGRADE),--upgrade) --output-file $$name.lock $$name.in > /dev/null || exit 1; \
	done

.PHONY: clean
clean: ## throw away what was made: demo, test files, caches (keeps .venv and var/files)
	@rm -rf var/demo var/test var/static .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find $(APPS) settings tests -name __pycache__ -type d -prune -exec rm -rf {} +
