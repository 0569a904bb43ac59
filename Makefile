# Thin by design: each target runs one command. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo crawl search serve elasticsearch elasticsearch-stop test test-all check bench bench-stories bench-page pictures clean

# Compiled modules are kept, whatever the environment says: each command starts twice as fast.
export PYTHONDONTWRITEBYTECODE :=

READY := .venv/ready
RUN := .venv/bin

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /|/' | awk -F'|' '{printf "make %-18s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml scripts/setup.sh
	@./scripts/setup.sh

setup: $(READY) ## make .venv with everything that is needed

demo: $(READY) ## crawl the bundled sample sites (no internet), then search them
	@$(RUN)/svodka demo $(if $(filter command%,$(origin SVODKA_INDEX)),--index '$(SVODKA_INDEX)')

crawl: $(READY) ## crawl all sites once, or some: make crawl SITES="ria.ru tass.ru"
	@$(RUN)/svodka crawl $(SITES)

search: $(READY) ## search the index: make search Q='"гарантии безопасности" source:ria.ru'
	@$(RUN)/svodka search -- '$(subst ','\'',$(Q))'

serve: $(READY) ## open the search page on this machine: make serve PORT=9000
	@$(RUN)/svodka serve $(if $(PORT),--port $(PORT))

elasticsearch: $(READY) ## start an Elasticsearch to try Svodka with: make elasticsearch ES=8 ES_PORT=9201
	@$(RUN)/python -m scripts.elasticsearch start --major $(or $(ES),9) $(if $(ES_PORT),--port $(ES_PORT))

elasticsearch-stop: $(READY) ## stop it; what it has stored stays
	@$(RUN)/python -m scripts.elasticsearch stop --major $(or $(ES),9)

test: $(READY) ## run all tests
	@$(RUN)/python -m pytest -n auto --dist loadgroup

test-all: $(READY) ## the same with every fault on both majors of Elasticsearch (some minutes more)
	@SVODKA_TEST_ALL=1 $(RUN)/python -m pytest -n auto --dist loadgroup

check: $(READY) ## lint, format and types
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@$(RUN)/mypy

bench: $(READY) ## measure extraction and index on this machine, as ratios
	@$(RUN)/python -m benchmarks

bench-stories: $(READY) ## measure what an article costs as the index grows to 300,000 (half an hour or more)
	@$(RUN)/python -m benchmarks.stories --write docs

bench-page: $(READY) ## measure the search page over 100,000 articles (a quarter of an hour)
	@$(RUN)/python -m benchmarks.page

pictures: $(READY) ## make the pictures of the search page anew (docs/img), from the demo, in Chromium
	@$(RUN)/python -m tests.browser.pictures docs/img

clean: ## remove .venv, caches and the demo's index (your own index in var/ stays)
	rm -rf .venv tests/browser/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis var/demo.db var/demo.db-wal var/demo.db-shm
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
